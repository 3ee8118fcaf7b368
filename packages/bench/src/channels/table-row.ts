// SPDX-License-Identifier: MIT

/** Returns a document as a relational database would keep it: nested fields as columns, lists as JSON text. */
export function toRow(document: Readonly<Record<string, unknown>>, prefix = ""): Record<string, unknown> {
  const columns = Object.entries(document).flatMap(([name, value]): [string, unknown][] => {
    if (Array.isArray(value)) return [[prefix + name, JSON.stringify(value)]];
    if (typeof value !== "object" || value === null) return [[prefix + name, value]];
    return Object.entries(toRow(value as Readonly<Record<string, unknown>>, `${prefix}${name}_`));
  });
  return Object.fromEntries(columns);
}
