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

/** What reconciling found, as people read it. */
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
  const right = "right" as const;
  return table(
    [
      { heading: "TABLE" },
      { heading: "ID FIELD" },
      { heading: "DOCUMENTS", align: right },
      { heading: "IN LEDGER", align: right },
      { heading: "REVISIONS", align: right },
      { heading: "IN LEDGER", align: right },
      { heading: "EQUAL", align: right },
      { heading: "DIFFERENCES", align: right },
    ],
    tables.map((t) => [
      t.table,
      t.idField,
      count(t.documents.exported),
      count(t.documents.ledger),
      count(t.revisions.exported),
      count(t.revisions.ledger),
      count(t.revisions.equal),
      count(t.differences),
    ]),
  );
}

function differencesText(report: ReconcileReport, style: Style): string {
  const kinds = Object.entries(report.differencesByKind) as [DifferenceKind, number][];
  const shown = report.differences.slice(0, SHOWN).map(differenceLine);
  const more = report.differencesTotal - shown.length;
  if (more > 0) shown.push(`… and ${count(more)} more: --report FILE or --json lists them`);
  return [
    style.bold("Differences"),
    ...kinds.map(([kind, n]) => indent(`${style.bad(kind)} ${count(n)}: ${DIFFERENCE_KINDS[kind]}`)),
    "",
    ...shown.map((line) => indent(line)),
  ].join("\n");
}

function differenceLine({ kind, table: name, id, exported, ledger, detail }: Difference): string {
  const places = [
    `table ${name}`,
    id === undefined ? undefined : `document ${id}`,
    exported === undefined ? undefined : `block ${exported.sequenceNo} of the export`,
    ledger === undefined ? undefined : `document ${ledger.documentId} of the ledger`,
    ledger?.sequenceNo === undefined ? undefined : `block ${ledger.sequenceNo} there`,
  ].filter((place) => place !== undefined);
  return printable(`${kind}: ${detail} (${places.join(", ")})`);
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
