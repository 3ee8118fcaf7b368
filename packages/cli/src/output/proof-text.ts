// SPDX-License-Identifier: MIT
import type { ReceiptDigest, ReceiptVerification, UncoveredField, Verdict } from "@ledger-loader/journal";
import { formatBlockAddress } from "@ledger-loader/journal";
import { formatHash } from "@ledger-loader/ion";
import type { ReceiptFile } from "../ledger/receipt-file";
import { PROGRAM, VERSION } from "../program-name";
import { counted, facts, indent } from "./layout";
import type { Style } from "./style";
import { findingLines, uncoveredText, verdictLine } from "./verification-text";

/** The result of `proof verify`. */
export interface ProofReport {
  readonly verdict: Verdict;
  /** In ISO 8601. */
  readonly checkedAt: string;
  readonly files: readonly ReceiptFile[];
  readonly proofs: readonly ReceiptVerification[];
  /** Files with a block, revision or hash that no proof was for. */
  readonly unproven: readonly string[];
}

/** The document of `--json`. */
export function proofDocument({ verdict, checkedAt, files, proofs, unproven }: ProofReport): object {
  return {
    holds: verdict === "passed",
    verdict,
    assurance: assuranceOf(verdict) ?? null,
    tool: { name: PROGRAM, version: VERSION },
    checkedAt,
    files: files.map(({ path, sha256 }) => ({ location: path, sha256 })),
    proofs: proofs.map(({ receipt, hash, digest, ...proof }) => ({
      location: files[receipt]?.path,
      ...proof,
      hash: formatHash(hash),
      digest: { hash: formatHash(digest.hash), tipAddress: digest.tipAddress ?? null },
    })),
    unproven,
  };
}

function assuranceOf(verdict: Verdict): "anchored" | undefined {
  return verdict === "passed" || verdict === "incomplete" ? "anchored" : undefined;
}

/** The result of `proof verify`, as people read it. */
export function proofText(report: ProofReport, style: Style): string {
  const parts = [
    verdictLine(report.verdict, assuranceOf(report.verdict), style),
    ...report.proofs.map((proof) => proofLines(proof, report.files[proof.receipt]?.path, style)),
    ...report.unproven.map((path) => `${style.warn("not proven")}: no proof is for what ${path} holds`),
    uncoveredText({ uncoveredFields: uncoveredBy(report) }, style),
    nextStep(report),
  ];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

const WORDS: Readonly<Record<Verdict, string>> = {
  passed: "verified",
  failed: "failed",
  incomplete: "verified in part",
  "not-comparable": "not comparable",
};

const CONTENTS: Readonly<Record<ReceiptVerification["content"], string>> = {
  recomputed: "recomputed: it gives the hash",
  "partly-hidden": "a part was redacted, or QLDB wrote its hash alone: that part cannot be recomputed",
  "hash-only": "not in the receipt, which holds the hash alone",
};

function proofLines(proof: ReceiptVerification, path: string | undefined, style: Style): string {
  const { verdict, hash, digest, reason, content, findings } = proof;
  const paint = verdict === "passed" ? style.good : verdict === "failed" ? style.bad : style.warn;
  const lines = facts([
    ["file", path],
    ["strand", proof.blockAddress?.strandId],
    ["hash", formatHash(hash)],
    ["digest", digestWords(digest)],
    ["content", CONTENTS[content]],
    ["reason", reason],
  ]);
  const found = findings.flatMap((finding) => findingLines(finding, style));
  return [
    `${paint(WORDS[verdict])}: ${subjectWords(proof)}`,
    ...[lines, ...found].map((line) => indent(line)),
  ].join("\n");
}

function subjectWords({ kind, blockAddress, documentId, version }: ReceiptVerification): string {
  const what =
    kind === "block" ? "proof of" : kind === "revision" ? "proof of a revision in" : "proof of a hash in";
  return [
    `${what} ${blockAddress === undefined ? "a block that the receipt does not name" : `block ${blockAddress.sequenceNo}`}`,
    documentId === undefined ? undefined : `document ${documentId}`,
    version === undefined ? undefined : `version ${version}`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}

function digestWords({ hash, tipAddress }: ReceiptDigest): string {
  return `${formatHash(hash)}${tipAddress === undefined ? "" : `, its tip is ${formatBlockAddress(tipAddress)}`}`;
}

function uncoveredBy({ proofs }: ProofReport): UncoveredField[] {
  const fields = new Map(proofs.flatMap((proof) => proof.uncoveredFields.map((each) => [each.field, each])));
  return [...fields.values()];
}

function nextStep({ verdict, proofs, unproven }: ProofReport): string | undefined {
  switch (verdict) {
    case "failed":
      return "next: compare the failed files with other copies of them, and the digest with the place where it was kept";
    case "not-comparable":
      return "next: supply a digest of the same strand that covers the block (--digest FILE)";
    case "incomplete":
      return unproven.length > 0
        ? `next: supply the proof of ${counted(unproven.length, "file")}, or leave ${unproven.length === 1 ? "it" : "them"} out`
        : "next: nothing is to be mended: no other copy of these blocks holds that content";
    case "passed":
      return proofs.some(({ content }) => content === "hash-only")
        ? "next: a receipt with a hash alone proves that hash; compare the hash with that of the document that you keep"
        : undefined;
  }
}
