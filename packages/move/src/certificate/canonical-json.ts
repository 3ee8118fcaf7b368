// SPDX-License-Identifier: MIT

/**
 * The one text of a JSON value: names of objects sorted by their UTF-16 code units, no blanks, strings as
 * `JSON.stringify` writes them. For strings, integers, booleans, `null`, lists and objects it equals RFC 8785.
 *
 * Fields that are `undefined` are left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each: unknown) => canonicalJson(each ?? null)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${canonicalJson(each)}`);
  return `{${fields.join(",")}}`;
}
