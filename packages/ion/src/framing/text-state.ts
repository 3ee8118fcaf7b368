// SPDX-License-Identifier: MIT
/** The places that the scanner can be inside of. Lob states are those of `{{…}}`; `Maybe…` states have seen half a token. */
export const State = {
  top: 0,
  word: 1,
  colon: 2,
  body: 3,
  maybeLob: 4,
  lob: 5,
  maybeLobEnd: 6,
  string: 7,
  stringEscape: 8,
  quote: 9,
  twoQuotes: 10,
  symbol: 11,
  symbolEscape: 12,
  long: 13,
  longQuote: 14,
  longTwoQuotes: 15,
  longEscape: 16,
  slash: 17,
  lineComment: 18,
  blockComment: 19,
  maybeBlockEnd: 20,
} as const;
/** One of the numbers in `State`: not their union, since each step looks at a few of them only. */
export type State = number;

/** The bytes that the scanner looks for. */
export const Ch = {
  newline: 0x0a,
  return: 0x0d,
  doubleQuote: 0x22,
  quote: 0x27,
  openParen: 0x28,
  closeParen: 0x29,
  star: 0x2a,
  slash: 0x2f,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

/** Bytes that mean something between the tokens of a container. */
export const STRUCTURAL = charTable("\"'()[]{}/");
/** White space between values. */
export const WHITESPACE = charTable("\t\n\v\f\r ");
/** Bytes of a symbol without quotes. */
export const WORD = charTable("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$");

function charTable(chars: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const char of chars) table[char.charCodeAt(0)] = 1;
  return table;
}
