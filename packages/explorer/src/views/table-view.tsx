// SPDX-License-Identifier: MIT
import type { Revision } from "@ledger-loader/journal";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { quoteName } from "../api/read-statement";
import { countDocuments, readDocuments } from "../api/tables";
import { tableOf } from "../ion/result-columns";
import { formatCount } from "../parts/dates";
import { Field } from "../parts/field";
import { Grid } from "../parts/grid";
import { Loading } from "../parts/loading";
import { NumberHead } from "../parts/number-head";
import { Pager } from "../parts/pager";
import { linkTo } from "../parts/route";
import { useLoad } from "../parts/use-load";
import { keepStatement } from "./editor-state";

const PAGE_SIZE = 50;

/** The current documents of a table, page by page. */
export function TableView({
  ledger,
  table,
  page,
}: {
  readonly ledger: string;
  readonly table: string;
  readonly page: number;
}): JSX.Element {
  const offset = page * PAGE_SIZE;
  const count = useLoad(`count ${ledger} ${table}`, () => countDocuments(ledger, table));
  const documents = useLoad(`documents ${ledger} ${table} ${page}`, () =>
    readDocuments(ledger, table, { offset, limit: PAGE_SIZE }),
  );
  const shown = documents.value?.length ?? 0;
  return (
    <section>
      <h1>{table}</h1>
      <div class="bar">
        <FindDocument ledger={ledger} table={table} />
        <a
          class="button"
          href={linkTo("ledgers", ledger, "query")}
          onClick={() => {
            keepStatement(ledger, `SELECT * FROM ${quoteName(table)} AS t\nWHERE t.`);
          }}
        >
          Query this table
        </a>
        <Pager
          page={page}
          pages={count.value === undefined ? undefined : Math.ceil(count.value / PAGE_SIZE)}
          label={labelOf({ offset, shown, count: count.value })}
          onPage={(to) => {
            location.hash = linkTo("ledgers", ledger, "tables", table, to);
          }}
        />
      </div>
      <Loading of={documents}>
        {(revisions) => <DocumentGrid ledger={ledger} table={table} revisions={revisions} />}
      </Loading>
    </section>
  );
}

function labelOf({
  offset,
  shown,
  count,
}: {
  readonly offset: number;
  readonly shown: number;
  readonly count: number | undefined;
}): string {
  const of = count === undefined ? "" : ` of ${formatCount(count)}`;
  if (shown === 0) return count === undefined ? "…" : `0${of}`;
  return `${formatCount(offset + 1)}–${formatCount(offset + shown)}${of}`;
}

function DocumentGrid({
  ledger,
  table,
  revisions,
}: {
  readonly ledger: string;
  readonly table: string;
  readonly revisions: readonly Revision[];
}): JSX.Element {
  if (revisions.length === 0) return <p class="empty">No document on this page.</p>;
  const { columns, rows } = tableOf(revisions.map(({ data }) => data));
  return (
    <Grid
      caption={`Documents of ${table}`}
      columns={["Document ID", <NumberHead>Version</NumberHead>, ...columns]}
    >
      {revisions.map(({ metadata }, at) => (
        <tr key={metadata?.id}>
          <td>
            <a href={linkTo("ledgers", ledger, "tables", table, "documents", metadata?.id ?? "")}>
              <code>{metadata?.id}</code>
            </a>
          </td>
          <td class="number">{metadata?.version}</td>
          {rows[at]?.map((cell, column) => (
            <td key={column}>{cell}</td>
          ))}
        </tr>
      ))}
    </Grid>
  );
}

function FindDocument({ ledger, table }: { readonly ledger: string; readonly table: string }): JSX.Element {
  const [id, setId] = useState("");
  const open = (event: Event): void => {
    event.preventDefault();
    location.hash = linkTo("ledgers", ledger, "tables", table, "documents", id.trim());
  };
  return (
    <form class="find" onSubmit={open}>
      <Field label="Open a document by its ID" value={id} onValue={setId} isCode />
      <button type="submit" disabled={id.trim() === ""}>
        Open
      </button>
    </form>
  );
}
