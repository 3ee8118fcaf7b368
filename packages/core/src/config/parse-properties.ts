// SPDX-License-Identifier: MIT

/** A line of a file of Java properties: a comment, nothing, or a key and a value without escapes. */
const LINE =
  /^[ \t\f]*(?:[#!].*|(?<key>[^\s=:\\#!]+)(?:[ \t\f]*[=:][ \t\f]*|[ \t\f]+)(?<value>[^\s\\]*)[ \t\f]*)?$/;

/**
 * Reads Java properties whose keys and values are single words, as the Java loader's `table-map.properties` has them: of a key that
 * stands twice the last value counts, as in Java.
 *
 * Source: the documentation of `java.util.Properties.load`. Escapes and continued lines are not read: no table or field needs them.
 *
 * @returns `undefined` if a line is something else.
 */
export function parseProperties(text: string): Readonly<Record<string, string>> | undefined {
  const entries: [string, string][] = [];
  for (const line of text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    const match = LINE.exec(line);
    if (match === null) return undefined;
    const { key, value = "" } = match.groups ?? {};
    if (key !== undefined) entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}
