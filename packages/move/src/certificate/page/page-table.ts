// SPDX-License-Identifier: MIT
import { type Html, type HtmlContent, html } from "./html";

/** A list of names and values. Pairs without a value are left out. */
export function factList(pairs: readonly (readonly [name: string, value: HtmlContent])[]): Html {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== "");
  return html`<dl>
    ${shown.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

/** A column of a table: its heading, and how its cells look. */
export interface PageColumn {
  readonly heading: string;
  readonly kind?: "name" | "number" | "hash" | "word";
}

/** A table that scrolls by itself where the page is narrow. */
export function pageTable(columns: readonly PageColumn[], rows: readonly (readonly HtmlContent[])[]): Html {
  const cells = (row: readonly HtmlContent[]): Html[] =>
    columns.map(({ kind }, index) => html`<td class="${kind ?? ""}">${row[index]}</td>`);
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${columns.map(({ heading, kind }) => html`<th class="${kind ?? ""}">${heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${cells(row)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A hash or an id, in letters of one width. */
export function code(content: string | undefined): Html | undefined {
  return content === undefined ? undefined : html`<code>${content}</code>`;
}
