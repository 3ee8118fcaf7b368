// SPDX-License-Identifier: MIT
import type { AnchorResult, ExportFinding, VerificationReport } from "@ledger-loader/export";
import type { Assurance, Verdict } from "@ledger-loader/journal";
import { PROGRAM, VERSION } from "../program-name";
import { bytes, count, counted, duration, facts, indent, rate, table } from "./layout";
import { printable } from "@ledger-loader/errors";
import type { Style } from "./style";

/** Findings that are printed; `--json` has more. */
const SHOWN = 20;

/** The meaning of each assurance. */
const ASSURANCES: Readonly<Record<Assurance, string>> = {
  anchored: "a digest or proof from outside matches",
  consistent: "all hashes match; not compared with a trusted digest",
  linked: "the chain matches; some content is not tied to a hash",
};

/** The meaning of each verdict but `passed`. */
const VERDICTS: Readonly<Record<Exclude<Verdict, "passed">, string>> = {
  failed: "evidence of alteration or loss",
  incomplete: "nothing contradicts, but a part could not be checked",
  "not-comparable": "no verdict, because the input does not belong together or cannot be read",
};

/** A report whose findings may also be about what a ledger keeps beside its journal. */
export interface PrintedReport extends Omit<VerificationReport, "findings"> {
  readonly findings: readonly PrintedFinding[];
}

/** A finding of any verification. */
export interface PrintedFinding extends Omit<ExportFinding, "rule" | "field"> {
  readonly rule: string;
  readonly field?: string;
}

/** The subject of a verification, as people read of it. */
export interface VerifiedSubject {
  readonly elapsedMs: number;
  /** The sentence that says what to do next. */
  readonly next: string;
  /** The name of the anchors. */
  readonly anchors: string;
}

/** The result of a verification, as people read it. */
export function verificationText(report: PrintedReport, subject: VerifiedSubject, style: Style): string {
  const parts = [
    verdictLine(report.verdict, report.assurance, style),
    indent(factsText(report, subject)),
    report.tables.length === 0 ? undefined : indent(tablesText(report)),
    report.anchors.length === 0 ? undefined : anchorsText(report, subject.anchors, style),
    findingsText(report, style),
    uncoveredText(report, style),
    subject.next === "" ? undefined : subject.next,
  ];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

/** The first line of a report: the verdict, what it means and how far it reaches. */
export function verdictLine(verdict: Verdict, assurance: Assurance | undefined, style: Style): string {
  const paint = verdict === "passed" ? style.good : verdict === "failed" ? style.bad : style.warn;
  const reach = assurance === undefined ? undefined : `${assurance}: ${ASSURANCES[assurance]}`;
  if (verdict === "passed") return `${paint(verdict)}, ${reach ?? "without assurance"}`;
  const line = `${paint(verdict)}: ${VERDICTS[verdict]}`;
  return reach === undefined ? line : `${line}\nfor what could be checked, ${reach}`;
}

function factsText(report: PrintedReport, { elapsedMs }: VerifiedSubject): string {
  const { range, revisions } = report;
  const all = revisions.data + revisions.delete + revisions.redacted + revisions["hash-only"];
  const kinds = [
    revisions.delete === 0 ? undefined : counted(revisions.delete, "deletion"),
    revisions.redacted === 0 ? undefined : `${count(revisions.redacted)} redacted`,
    revisions["hash-only"] === 0 ? undefined : `${count(revisions["hash-only"])} of QLDB's own, hash only`,
  ].filter((kind) => kind !== undefined);
  const speed = rate(all, elapsedMs, "revisions");
  return facts([
    ["ledger", report.ledgerName],
    ["export", report.exportIds.length === 0 ? undefined : report.exportIds.join(", ")],
    ["strand", report.strandId],
    ["blocks", range === undefined ? "none" : `${count(report.blocks)} (${range.first} to ${range.last})`],
    ["period", report.period && `${report.period.first} to ${report.period.last}`],
    ["digest", report.digest?.hash],
    ["manifests", report.manifests.length === 0 ? undefined : "by their SHA-256"],
    ...report.manifests.map(({ sha256 }) => ["", sha256] as const),
    ["checked", `${report.checkedAt} by ${PROGRAM} ${VERSION}`],
    ["revisions", `${count(all)}${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}`],
    ["read", `${bytes(report.bytes)} in ${duration(elapsedMs)}${speed === undefined ? "" : `, ${speed}`}`],
    ["deletions", deletionRule(report)],
    [
      "begins",
      report.startsMidJournal ? "in the middle of the journal: a digest cannot be recomputed" : undefined,
    ],
  ]);
}

function deletionRule({ tally }: PrintedReport): string | undefined {
  const found = [
    tally.deletedEmptyDigest === 0
      ? undefined
      : `${count(tally.deletedEmptyDigest)} hashed with the digest of nothing`,
    tally.deletedMetadataOnly === 0
      ? undefined
      : `${count(tally.deletedMetadataOnly)} hashed by metadata alone`,
    tally.deletedUnmatched === 0 ? undefined : `${count(tally.deletedUnmatched)} by no rule that is known`,
  ].filter((rule) => rule !== undefined);
  return found.length === 0 ? undefined : found.join(", ");
}

function tablesText({ tables }: PrintedReport): string {
  return table(
    [{ heading: "TABLE" }, { heading: "REVISIONS", align: "right" }, { heading: "TABLE ID" }],
    tables.map(({ tableName, revisions, tableId }) => [tableName, count(revisions), tableId]),
  );
}

function anchorsText(
  { anchors, anchoredThrough, range }: PrintedReport,
  title: string,
  style: Style,
): string {
  const lines = anchors.map((anchor) => anchorLine(anchor, style));
  if (anchoredThrough !== undefined && range !== undefined) {
    lines.push(
      anchoredThrough >= range.last
        ? `they cover all blocks, ${range.first} to ${range.last}`
        : `they cover blocks ${range.first} to ${anchoredThrough} of ${range.first} to ${range.last}`,
    );
  }
  return [style.bold(title), ...lines.map((line) => indent(line))].join("\n");
}

function anchorLine({ kind, blockAddress, documentId, status, reason }: AnchorResult, style: Style): string {
  const paint = status === "verified" ? style.good : status === "failed" ? style.bad : style.warn;
  const what =
    kind === "digest"
      ? "digest with its tip at"
      : kind === "block-proof"
        ? "proof of"
        : "proof of a revision in";
  const document = documentId === undefined ? "" : `, document ${documentId}`;
  return `${paint(status)}: ${what} block ${blockAddress.sequenceNo}${document}${reason === undefined ? "" : `: ${reason}`}`;
}

function findingsText({ findings, findingCounts }: PrintedReport, style: Style): string | undefined {
  const total = Object.values(findingCounts).reduce((sum, n) => sum + n, 0);
  if (total === 0) return undefined;
  const lines = findings.slice(0, SHOWN).flatMap((finding) => findingLines(finding, style));
  if (total > SHOWN) lines.push(`… and ${count(total - SHOWN)} more: --json lists them`);
  const rules = Object.entries(findingCounts).map(([rule, n]) => `${rule} ${count(n)}`);
  return [`${style.bold("Findings")}  ${rules.join(", ")}`, ...lines.map((line) => indent(line))].join("\n");
}

/** A finding with its place. */
export function findingLines(finding: PrintedFinding, style: Style): string[] {
  const paint = finding.severity === "failed" ? style.bad : style.warn;
  const places = [
    finding.blockAddress === undefined ? undefined : `block ${finding.blockAddress.sequenceNo}`,
    finding.documentId === undefined ? undefined : `document ${finding.documentId}`,
    finding.version === undefined ? undefined : `version ${finding.version}`,
    finding.field,
    finding.key,
  ].filter((place) => place !== undefined);
  const lines = [`${paint(finding.severity)} ${finding.rule}: ${printable(finding.message)}`];
  if (places.length > 0) lines.push(`    at ${printable(places.join(", "))}`);
  if (finding.expected !== undefined) lines.push(`    expected ${printable(finding.expected)}`);
  if (finding.found !== undefined) lines.push(`    found    ${printable(finding.found)}`);
  return lines;
}

/** The fields that no hash covers; `undefined` if there are none. */
export function uncoveredText(
  { uncoveredFields }: Pick<PrintedReport, "uncoveredFields">,
  style: Style,
): string | undefined {
  if (uncoveredFields.length === 0) return undefined;
  return [
    `${style.bold("Covered by no hash")}, so only as trustworthy as the files themselves`,
    ...uncoveredFields.map(({ field, when }) => indent(style.dim(`${field}: ${when}`))),
  ].join("\n");
}
