// SPDX-License-Identifier: MIT

const EXPONENT = /\d[eE][+-]?\d/;

// A string, to be left alone, or a number with an exponent.
const STRING_OR_EXPONENT = /"[^"\\]*(?:\\[^][^"\\]*)*"|(-?\d+(?:\.\d+)?)[eE]([+-]?\d+)/g;

/**
 * Makes JSON numbers exact for an Ion reader: `1.5e3` becomes the decimal `1.5d3`.
 *
 * Ion text is a superset of JSON, and integers and `1.5` are exact in both; but a number with an exponent is a double
 * in Ion, and a DMS BigInt of more than 16 digits comes in just that notation. Text that is not JSON is Ion, where
 * `1e3` is meant to be a float, and is returned unchanged.
 */
export function withExactJsonNumbers(text: string): string {
  if (!EXPONENT.test(text) || !isJson(text)) return text;
  return text.replace(
    STRING_OR_EXPONENT,
    (token, digits: string | undefined, exponent: string | undefined) =>
      digits === undefined || exponent === undefined ? token : `${digits}d${exponent}`,
  );
}

/** JSON, or JSON lines. */
function isJson(text: string): boolean {
  return parses(text) || text.split("\n").every((line) => line.trim() === "" || parses(line));
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Not JSON: a yes-or-no question, the reason does not matter.
    return false;
  }
}
