// SPDX-License-Identifier: MIT
import { FORMAT_SYMBOLS } from "./format-symbols";
import type { FormatSymbol } from "./format-symbols";
import { Problem } from "./problem";

/** A format taken apart: its symbols, and the texts between them. */
export type TimestampPattern = readonly (FormatSymbol | string)[];

/** A longer format is refused: TO_TIMESTAMP makes a regular expression of it. */
const FORMAT_LENGTH_MAX = 1000;

/** A quoted text, a run of one letter, text without letters, or a character that begins none of them. */
const TOKEN = /'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z'[\]{}#]+|./gs;

/**
 * Takes the format of TO_STRING or TO_TIMESTAMP apart. Letters are symbols unless they are between `'`; `''` is one `'`.
 * The brackets and `#`, which the reference implementation reserves, stand between `'` too.
 */
export function parseTimestampPattern(format: string): TimestampPattern | Problem {
  if (format.length > FORMAT_LENGTH_MAX) {
    return new Problem(`a format with more than ${String(FORMAT_LENGTH_MAX)} characters`);
  }
  const items: (FormatSymbol | string)[] = [];
  for (const [token] of format.matchAll(TOKEN)) {
    const item = toItem(token);
    if (item instanceof Problem) return item;
    items.push(item);
  }
  return items;
}

function toItem(token: string): FormatSymbol | string | Problem {
  if (token === "'") return new Problem("a format with a quotation mark ' that is not closed");
  if (token === "''") return "'";
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (!/^[A-Za-z[\]{}#]/.test(token)) return token;
  const symbol = Object.hasOwn(FORMAT_SYMBOLS, token) ? FORMAT_SYMBOLS[token] : undefined;
  return (
    symbol ??
    new Problem(
      `a format with ${token.slice(0, 10)}, which is no format symbol: put text between quotation marks '`,
    )
  );
}
