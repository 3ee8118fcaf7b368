// SPDX-License-Identifier: MIT
import { ION_TOKEN } from "./ion-text-check";

const EXPONENT = /\d[eE][+-]?\d/;

// A string, to be left alone, or a number with an exponent.
const STRING_OR_EXPONENT = /"[^"\\]*(?:\\[^][^"\\]*)*"|(-?\d+(?:\.\d+)?)[eE]([+-]?\d+)/g;

/** A version marker says that what follows is Ion, whatever it looks like. */
const VERSION_MARKER = /(?:^|\s)\$ion_1_0(?!\w)/;
/** The end of an annotation. Ion follows it. */
const ANNOTATION_END = /::\s*$/;

/**
 * Makes JSON numbers exact for an Ion reader: `1.5e3` becomes the decimal `1.5d3`.
 *
 * Ion text is a superset of JSON, and integers and `1.5` are exact in both; but a number with an exponent is a double
 * in Ion, and a DMS BigInt of more than 16 digits comes in just that notation. Each top-level value is looked at by
 * itself, however it is separated from the next one or spread over lines. A value that is not JSON is Ion, where `1e3`
 * is meant to be a float, and stays as it is.
 *
 * @param text of which the brackets match, as `checkIonText` makes sure.
 */
export function withExactJsonNumbers(text: string): string {
  if (!EXPONENT.test(text)) return text;
  if (isJson(text)) return withDecimalExponents(text);
  let exact = "";
  let gapAt = 0;
  let isIon = false;
  for (const [start, end] of containersOf(text)) {
    const gap = text.slice(gapAt, start);
    const value = text.slice(start, end);
    isIon ||= VERSION_MARKER.test(gap);
    const staysIon = isIon || ANNOTATION_END.test(gap) || !isJson(value);
    exact += gap + (staysIon ? value : withDecimalExponents(value));
    gapAt = end;
  }
  return exact + text.slice(gapAt);
}

/** Where the structs, lists and other containers at the top level begin and end. */
function* containersOf(text: string): Iterable<readonly [start: number, end: number]> {
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(ION_TOKEN)) {
    const isClosing = token === "}" || token === "]" || token === ")";
    // What opens a clob is one token, and what closes it two.
    const opens = token === "{{" ? 2 : token === "{" || token === "[" || token === "(" ? 1 : 0;
    if (opens > 0 && depth === 0) start = index;
    depth += isClosing ? -1 : opens;
    if (isClosing && depth === 0) yield [start, index + 1];
  }
}

/**
 * Writes each number of JSON with an exponent as the decimal that it is, `1.5e3` as `1.5d3`; strings stay as they are.
 *
 * For text that is JSON for certain; {@link withExactJsonNumbers} is the way for text that may be Ion.
 */
export function withDecimalExponents(json: string): string {
  return json.replace(
    STRING_OR_EXPONENT,
    (token, digits: string | undefined, exponent: string | undefined) =>
      digits === undefined || exponent === undefined ? token : `${digits}d${exponent}`,
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Not JSON: a yes-or-no question, the reason does not matter.
    return false;
  }
}
