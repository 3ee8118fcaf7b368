// SPDX-License-Identifier: MIT

/** The kind of a token; `symbol` covers operators and punctuation. */
export type TokenKind =
  | "keyword"
  | "identifier"
  | "quoted-identifier"
  | "string"
  | "ion"
  | "integer"
  | "decimal"
  | "parameter"
  | "symbol"
  | "end";

/** One word of a statement. */
export interface Token {
  readonly kind: TokenKind;
  /** Keywords in upper case, strings and names without quotes and escapes, everything else as written. */
  readonly text: string;
  /** Offset of the first character in the statement. */
  readonly at: number;
}
