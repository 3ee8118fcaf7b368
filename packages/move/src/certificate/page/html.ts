// SPDX-License-Identifier: MIT
import { printable } from "@ledger-loader/errors";

/** Markup that is safe to put into a page as it is. Only {@link html} makes it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** The content that {@link html} takes between its pieces of markup. */
export type HtmlContent = string | number | Html | undefined | readonly HtmlContent[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup with values in it. Values are text: each is escaped, whatever it holds. Lists are joined, `undefined` is nothing. */
export function html(pieces: TemplateStringsArray, ...values: readonly HtmlContent[]): Html {
  return new Html(pieces.map((piece, index) => piece + markupOf(values[index])).join(""));
}

function markupOf(content: HtmlContent): string {
  if (content === undefined) return "";
  if (content instanceof Html) return content.markup;
  if (typeof content === "object") return content.map(markupOf).join("");
  return printable(`${content}`).replace(/[&<>"']/g, (found) => ENTITIES[found] ?? "");
}
