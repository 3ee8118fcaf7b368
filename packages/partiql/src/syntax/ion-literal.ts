// SPDX-License-Identifier: MIT
import { dom, makeReader } from "ion-js";
import { NESTING_MAX } from "./token-cursor";

/** One Ion value, or what is wrong with the text, in words that show none of its content. */
export type IonLiteral = { readonly value: dom.Value } | { readonly problem: string };

/** Reads the text between two backticks: exactly one Ion value. */
export function parseIonLiteral(text: string): IonLiteral {
  try {
    if (isTooDeep(text)) return { problem: `one nested deeper than ${String(NESTING_MAX)} levels` };
    const [value, ...more] = dom.loadAll(text);
    if (value === undefined) return { problem: "none" };
    return more.length === 0 ? { value } : { problem: "several" };
  } catch {
    // ion-js throws plain errors that quote the text, which may be document content.
    return { problem: "text that is not Ion" };
  }
}

/** Walks the text without recursion, because reading it into values is recursive. */
function isTooDeep(text: string): boolean {
  const reader = makeReader(text);
  for (;;) {
    const type = reader.next();
    if (type === null) {
      if (reader.depth() === 0) return false;
      reader.stepOut();
    } else if (type.isContainer && !reader.isNull()) {
      if (reader.depth() >= NESTING_MAX) return true;
      reader.stepIn();
    }
  }
}
