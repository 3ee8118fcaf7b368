// SPDX-License-Identifier: MIT
import type { Verdict } from "@ledger-loader/journal";
import type { Certificate, CertificateReport } from "../certificate";
import { counted } from "./counted";

/** The words that a page begins with. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  passed: "PASSED",
  failed: "FAILED",
  incomplete: "INCOMPLETE",
  "not-comparable": "NOT COMPARABLE",
};

const MEANINGS: Readonly<Record<Exclude<Verdict, "passed">, string>> = {
  failed: "There is evidence of alteration or loss. The findings below list it.",
  incomplete: "Nothing contradicts, but a part could not be checked. The findings below name this part.",
  "not-comparable":
    "There is no answer, because the input does not belong together or cannot be read. The findings below say why.",
};

/** One sentence that says what the verdict means. */
export function verdictMeaning(report: CertificateReport): string {
  if (isOnlyDifferent(report))
    return "Export and ledger do not hold the same. The differences below say where.";
  if (report.verdict !== "passed") return MEANINGS[report.verdict];
  const checked =
    report.assurance === "anchored"
      ? "All hashes match, and a digest or proof from outside the export matches."
      : "All hashes match. The export was not compared with a digest from outside.";
  return report.comparison === undefined ? checked : `${checked} The ledger holds what the export holds.`;
}

/** True if the export did not fail by itself: it differs from the ledger. */
function isOnlyDifferent({ verification, comparison }: CertificateReport): boolean {
  return comparison?.report.equal === false && verification.verdict !== "failed";
}

/** The statements that the certificate proves, as sentences. */
export function provenStatements({ report }: Certificate): string[] {
  if (report.verdict === "not-comparable") return ["Nothing: there is no verdict."];
  return [...provenOfExport(report), ...provenOfLedger(report), ...provenOfFiles(report)];
}

function provenOfExport({ verification }: CertificateReport): string[] {
  const { verdict, assurance, range, anchoredThrough } = verification;
  if (range === undefined) return [];
  if (verdict === "failed" || assurance === undefined) {
    return verdict === "failed"
      ? ["The export is not as it was written: the findings below are evidence."]
      : [];
  }
  const all = `blocks ${range.first} to ${range.last}`;
  const unbroken = `The chain of ${all} is unbroken: no block is missing, added or exchanged.`;
  if (assurance === "linked") return [unbroken];
  const content = `The content of ${all} has the hashes that the blocks give, as far as it could be checked.`;
  if (anchoredThrough === undefined) return [unbroken, content];
  return [
    unbroken,
    content,
    `Blocks ${range.first} to ${anchoredThrough} are those that the digest or proof from outside covers: ` +
      "no one changed what their hashes cover after it was given out.",
  ];
}

function provenOfLedger({ comparison }: CertificateReport): string[] {
  if (comparison === undefined) return [];
  const { equal, documents, revisions, differencesTotal } = comparison.report;
  if (!equal) {
    return [
      `Export and ledger ${comparison.ledgerName} differ in ${counted(differencesTotal, "place")}, listed below.`,
    ];
  }
  return [
    `Ledger ${comparison.ledgerName} held all ${counted(revisions.exported, "revision")} of ` +
      `${counted(documents.exported, "document")} of the export, in the same order with equal content, and no others.`,
  ];
}

function provenOfFiles({ verification }: CertificateReport): string[] {
  const files = verification.manifests.length + verification.dataObjects.length;
  if (files === 0) return [];
  return [
    `${counted(files, "input file")} had the SHA-256 hashes that are listed below when the files were read.`,
  ];
}

/** The conclusions that the certificate does not allow, as sentences. */
export function unprovenStatements(certificate: Certificate): string[] {
  const { report, signature } = certificate;
  const signer =
    signature === undefined
      ? "Who made this certificate. It is not signed, and anyone can write such a page."
      : "That the signer is the one you expect. Compare the public key below with a copy that you trust.";
  return [...unprovenOfExport(report), ...unprovenOfLedger(report), signer];
}

function unprovenOfExport({ verification }: CertificateReport): string[] {
  const { range, anchoredThrough, startsMidJournal, linkedRevisions, uncoveredFields } = verification;
  const last = range?.last ?? 0;
  return [
    verification.verdict === "failed"
      ? "Who or what changed the data, and when. The original files may be sound: compare their SHA-256 hashes."
      : undefined,
    anchoredThrough === undefined
      ? "That no one rewrote the export as a whole, hashes included. Only a digest from outside the export can show that."
      : "That the digest itself is genuine. The digest is worth as much as the place where it was kept.",
    anchoredThrough !== undefined && anchoredThrough < last
      ? `That blocks ${anchoredThrough + 1} to ${last} were not rewritten: no digest or proof covers them.`
      : undefined,
    startsMidJournal && range !== undefined
      ? `Anything about blocks 0 to ${range.first - 1}, which the export does not hold.`
      : undefined,
    range === undefined ? undefined : `That the journal ends with block ${last}. Later blocks may exist.`,
    linkedRevisions > 0
      ? `The content of ${counted(linkedRevisions, "revision")}: redacted, or written as a hash alone, or in JSON.`
      : undefined,
    uncoveredFields.length > 0 ? "The fields that no hash covers, listed below." : undefined,
    "That the documents were true when they were written.",
  ].filter((statement) => statement !== undefined);
}

function unprovenOfLedger({ comparison, issuedAt }: CertificateReport): string[] {
  if (comparison === undefined) return [];
  const { otherTables } = comparison.report.leftOut;
  return [
    ...(comparison.report.equal
      ? []
      : ["Why export and ledger differ. The ledger may have been written to after the move."]),
    ...comparison.limits,
    `Anything about ledger ${comparison.ledgerName} after ${issuedAt}.`,
    ...(otherTables.length > 0
      ? [`Anything about tables that were left out: ${otherTables.join(", ")}.`]
      : []),
  ];
}
