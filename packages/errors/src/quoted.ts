// SPDX-License-Identifier: MIT
import { printable } from "./printable";

const SHOWN_MAX = 64;

/**
 * A text that others have written, as errors and logs show it: in quotation marks, escaped as {@link printable} does, and
 * no longer than 64 characters. Long texts are cut, because nobody knows what is in them.
 */
export function quoted(text: string): string {
  // By code points: half a character is none.
  const shown = Array.from(text.slice(0, 2 * SHOWN_MAX))
    .slice(0, SHOWN_MAX)
    .join("");
  return printable(JSON.stringify(shown)) + (shown.length < text.length ? "…" : "");
}
