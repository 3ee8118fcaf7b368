// SPDX-License-Identifier: MIT

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_$]*$/;
const KEYWORDS: ReadonlySet<string> = new Set(["null", "true", "false", "nan"]);

/** A string in double quotes. JSON's escapes are all escapes of Ion, with the same meaning. */
export function quoteString(text: string): string {
  return JSON.stringify(text);
}

/**
 * A symbol, quoted unless it is a plain identifier; one without text becomes `$0`.
 *
 * Whatever begins with `$` is quoted, since `$10` without quotes would be a symbol's number.
 */
export function quoteSymbol(text: string | undefined): string {
  if (text === undefined) return "$0";
  if (IDENTIFIER.test(text) && !KEYWORDS.has(text)) return text;
  return `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll("'", String.raw`\'`)}'`;
}

/** A clob: ASCII as it is, every other byte escaped. */
export function clobText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    text += plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `{{"${text}"}}`;
}
