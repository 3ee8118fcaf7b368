// SPDX-License-Identifier: MIT
import {
  DIFFERENCE_KINDS,
  type Difference,
  type DifferenceKind,
  type ReconcileReport,
} from "@ledger-loader/move";
import { count, counted, duration, indent, table } from "./layout";
import { printable } from "@ledger-loader/errors";
import type { Style } from "./style";

/** Differences that are printed; a report file or `--json` has more. */
const SHOWN = 20;

/** The result of reconciling, as people read it. */
export function reconcileText(report: ReconcileReport, ledger: string, style: Style): string {
  const parts = [verdict(report, ledger, style)];
  if (report.tables.length > 0) parts.push(indent(tablesText(report)));
  if (!report.equal) parts.push(differencesText(report, style));
  const left = leftOutText(report);
  if (left !== "") parts.push(style.dim(left));
  return parts.join("\n\n");
}

function verdict(report: ReconcileReport, ledger: string, style: Style): string {
  const { documents, revisions, elapsedMs } = report;
  const took = `in ${duration(elapsedMs)}`;
  if (report.equal) {
    const what = `${counted(revisions.equal, "revision")} of ${counted(documents.exported, "document")}`;
    return `${style.good("equal")}: export and ledger ${ledger} hold the same ${what} (${took})`;
  }
  const found = counted(report.differencesTotal, "difference");
  return (
    `${style.bad("not equal")}: ${found} between export and ledger ${ledger}; ` +
    `${count(revisions.equal)} of ${counted(revisions.exported, "revision")} are equal (${took})`
  );
}

function tablesText({ tables }: ReconcileReport): string {
  const fields = new Set(tables.map(({ idField }) => idField).filter((field) => field !== ""));
  const [only] = fields.size === 1 ? fields : [];
  const lines = table(
    [
      { heading: "TABLE" },
      ...(fields.size > 1 ? [{ heading: "ID FIELD" }] : []),
      ...["DOCUMENTS", "REVISIONS", "EQUAL", "MISSING", "EXTRA", "DIFFERENT"].map((heading) => ({
        heading,
        align: "right" as const,
      })),
    ],
    tables.map(({ table: name, idField, documents, revisions }) => [
      name,
      ...(fields.size > 1 ? [idField] : []),
      bothSides(documents),
      bothSides(revisions),
      ...[revisions.equal, revisions.missing, revisions.extra, revisions.different].map(count),
    ]),
  );
  return only === undefined ? lines : `${lines}\n\nThe ledger keeps the documents' ids in the field ${only}.`;
}

/** One number, or where the sides differ that of the export and that of the ledger. */
function bothSides({ exported, ledger }: { readonly exported: number; readonly ledger: number }): string {
  return exported === ledger ? count(exported) : `${count(exported)}/${count(ledger)}`;
}

function differencesText(report: ReconcileReport, style: Style): string {
  const kinds = Object.entries(report.differencesByKind) as [DifferenceKind, number][];
  const shown = report.differences.slice(0, SHOWN);
  const lines = ["--- export", "+++ ledger", ...diffLines(shown, style)];
  const more = report.differencesTotal - shown.length;
  if (more > 0) lines.push(`… and ${count(more)} more: --report FILE or --json lists them`);
  return [
    style.bold("Differences"),
    ...kinds.map(([kind, n]) => indent(`${style.bad(kind)} ${count(n)}: ${DIFFERENCE_KINDS[kind]}`)),
    "",
    ...lines.map((line) => indent(line)),
  ].join("\n");
}

/** As a unified diff: each document once, and below it what only one side has. */
function diffLines(differences: readonly Difference[], style: Style): string[] {
  let heading = "";
  return differences.flatMap((difference) => {
    const { table: name, id, ledger } = difference;
    const subject =
      id === undefined ? `document ${ledger?.documentId ?? ""} of the ledger` : `document ${id}`;
    const isSame = heading === `@@ table ${name}, ${subject} @@`;
    heading = `@@ table ${name}, ${subject} @@`;
    const lines = [...(isSame ? [] : [heading]), ...sides(difference, style)];
    return lines.map((line) => (line.startsWith("@@") ? printable(line) : line));
  });
}

function sides({ kind, exported, ledger, revisions, detail }: Difference, style: Style): string[] {
  const there = exported && `version ${exported.version}, block ${exported.sequenceNo}`;
  const here =
    ledger?.version === undefined
      ? undefined
      : `version ${ledger.version}, block ${ledger.sequenceNo ?? "?"}`;
  const whole = revisions === undefined ? undefined : counted(revisions, "revision");
  const isExtra = kind.startsWith("extra") || kind === "unidentified-document";
  const minus = there ?? (isExtra ? undefined : whole);
  const plus = here ?? (isExtra ? whole : undefined);
  return [
    ...(minus === undefined ? [] : [style.bad(printable(`- ${minus}: ${kind}`))]),
    ...(plus === undefined ? [] : [style.good(printable(`+ ${plus}: ${kind}`))]),
    printable(`  ${detail}`),
  ];
}

function leftOutText({ leftOut }: ReconcileReport): string {
  const lines = [
    leftOut.bookkeepingTables.length === 0
      ? undefined
      : `the loader's own ${leftOut.bookkeepingTables.join(", ")}`,
    leftOut.otherTables.length === 0 ? undefined : `tables not asked for: ${leftOut.otherTables.join(", ")}`,
    leftOut.systemRevisions === 0
      ? undefined
      : `${counted(leftOut.systemRevisions, "hash", "hashes")} of QLDB's own revisions, which belong to no document`,
  ].filter((line) => line !== undefined);
  return lines.length === 0 ? "" : `not compared: ${lines.join("; ")}`;
}
