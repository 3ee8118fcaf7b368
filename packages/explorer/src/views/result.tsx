// SPDX-License-Identifier: MIT
import { printBinary, readSingleValue } from "@ledger-loader/ion";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { StatementResult } from "../api/run-statement";
import { IonView } from "../ion/ion-view";
import { toResultTable } from "../ion/result-columns";
import { counted, formatCount } from "../parts/dates";
import { Grid } from "../parts/grid";
import { Pager } from "../parts/pager";
import { saveFile } from "../parts/save-file";

const TABLE_PAGE = 100;
const ION_PAGE = 20;

/** How the rows of a result are shown. */
type Form = "table" | "ion";

/** The rows of a statement, as a table or as Ion, page by page. */
export function Result({
  result,
  more,
}: {
  readonly result: StatementResult;
  /** Reads more rows, if there are more. */
  readonly more?: { readonly rowsMax: number; readonly read: () => void };
}): JSX.Element {
  const [form, setForm] = useState<Form>("table");
  const [page, setPage] = useState(0);
  const { rows } = result;
  const size = form === "table" ? TABLE_PAGE : ION_PAGE;
  const shown = useMemo(() => rows.slice(page * size, (page + 1) * size), [rows, page, size]);
  const choose = (chosen: Form): void => {
    setForm(chosen);
    setPage(0);
  };
  return (
    <section class="result">
      <p class="summary">
        <strong>{summaryOf(result)}</strong> <span class="quiet">{costOf(result)}</span>
        {more === undefined ? null : (
          <button type="button" onClick={more.read}>
            Read up to {formatCount(more.rowsMax)} rows
          </button>
        )}
      </p>
      {rows.length === 0 ? null : (
        <>
          <div class="bar">
            <FormChoice form={form} onChoose={choose} />
            <button
              type="button"
              onClick={() => {
                saveRows(rows);
              }}
            >
              Save as Ion
            </button>
            {rows.length <= size ? null : (
              <Pager
                page={page}
                pages={Math.ceil(rows.length / size)}
                label={`${formatCount(page * size + 1)}–${formatCount(page * size + shown.length)} of ${formatCount(rows.length)}`}
                onPage={setPage}
              />
            )}
          </div>
          {form === "table" ? <RowTable rows={shown} /> : <RowList rows={shown} />}
        </>
      )}
    </section>
  );
}

function summaryOf({ rows, hasMore, transactionId }: StatementResult): string {
  if (transactionId !== undefined) return `Committed in transaction ${transactionId}.`;
  return hasMore ? `The first ${counted(rows.length, "row")}.` : `${counted(rows.length, "row")}.`;
}

function costOf({ readIOs, processingMs }: StatementResult): string {
  return `${formatCount(processingMs)} ms in the server, ${counted(readIOs, "read I/O")}.`;
}

function saveRows(rows: readonly Uint8Array[]): void {
  const text = rows.map((row) => `${printBinary(row)}\n`).join("");
  saveFile("result.ion", new Blob([text], { type: "application/ion" }));
}

function FormChoice({
  form,
  onChoose,
}: {
  readonly form: Form;
  readonly onChoose: (form: Form) => void;
}): JSX.Element {
  const button = (name: Form, title: string): JSX.Element => (
    <button
      type="button"
      aria-pressed={form === name}
      onClick={() => {
        onChoose(name);
      }}
    >
      {title}
    </button>
  );
  return (
    <div class="choice" role="group" aria-label="Form of the result">
      {button("table", "Table")}
      {button("ion", "Ion")}
    </div>
  );
}

function RowTable({ rows }: { readonly rows: readonly Uint8Array[] }): JSX.Element {
  const table = useMemo(() => toResultTable(rows), [rows]);
  return (
    <Grid caption="Result" columns={table.columns}>
      {table.rows.map((cells, at) => (
        <tr key={at}>
          {cells.map((cell, column) => (
            <td key={column}>{cell}</td>
          ))}
        </tr>
      ))}
    </Grid>
  );
}

function RowList({ rows }: { readonly rows: readonly Uint8Array[] }): JSX.Element {
  return (
    <div class="rows">
      {rows.map((row, at) => (
        <IonView key={at} value={readSingleValue(row)} />
      ))}
    </div>
  );
}
