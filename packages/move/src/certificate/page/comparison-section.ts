// SPDX-License-Identifier: MIT
import { DIFFERENCE_KINDS, type Difference, type DifferenceKind } from "../../reconcile/reconcile-report";
import type { CertificateReport } from "../certificate";
import { count, counted } from "./counted";
import { type Html, html } from "./html";
import { pageTable } from "./page-table";

/** The section that shows the comparison table by table, and the first differences. */
export function comparisonSection({ comparison }: CertificateReport): Html | undefined {
  if (comparison === undefined) return undefined;
  const { report, ledgerName } = comparison;
  const number = "number" as const;
  return html`<h2>Export and ledger ${ledgerName}</h2>
    ${pageTable(
      [
        { heading: "Table", kind: "name" },
        { heading: "Id field" },
        { heading: "Documents", kind: number },
        { heading: "in ledger", kind: number },
        { heading: "Revisions", kind: number },
        { heading: "in ledger", kind: number },
        { heading: "Equal", kind: number },
        { heading: "Differences", kind: number },
      ],
      report.tables.map(({ table, idField, documents, revisions, differences }) => [
        table,
        idField,
        count(documents.exported),
        count(documents.ledger),
        count(revisions.exported),
        count(revisions.ledger),
        count(revisions.equal),
        count(differences),
      ]),
    )}
    ${leftOut(comparison)} ${differenceList(comparison)}`;
}

type Comparison = NonNullable<CertificateReport["comparison"]>;

function leftOut({ report }: Comparison): Html | undefined {
  const { bookkeepingTables, otherTables, systemRevisions } = report.leftOut;
  const parts = [
    bookkeepingTables.length > 0 ? `the loader's own ${bookkeepingTables.join(", ")}` : undefined,
    otherTables.length > 0 ? `tables that were left out: ${otherTables.join(", ")}` : undefined,
    systemRevisions > 0
      ? `${counted(systemRevisions, "revision")} of QLDB's own, which belong to no document`
      : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : html`<p>Not compared: ${parts.join("; ")}.</p>`;
}

function differenceList({ report }: Comparison): Html | undefined {
  const { differences, differencesTotal, differencesByKind } = report;
  if (differencesTotal === 0) return undefined;
  const kinds = (Object.keys(DIFFERENCE_KINDS) as DifferenceKind[]).flatMap((kind) => {
    const n = differencesByKind[kind];
    return n === undefined ? [] : [html`<li>${kind} ${count(n)}: ${DIFFERENCE_KINDS[kind]}</li>`];
  });
  const more =
    differencesTotal > differences.length
      ? html`<p>The first ${count(differences.length)} of ${count(differencesTotal)} are listed.</p>`
      : "";
  return html`<h2>Differences</h2>
    <ul>
      ${kinds}
    </ul>
    ${more}
    ${pageTable(
      [
        { heading: "Kind", kind: "word" },
        { heading: "Table", kind: "name" },
        { heading: "Document", kind: "name" },
        { heading: "Difference", kind: "name" },
      ],
      differences.map((each) => [each.kind, each.table, documentOf(each), each.detail]),
    )}`;
}

function documentOf({ id, ledger }: Difference): string {
  return id ?? ledger?.documentId ?? "";
}
