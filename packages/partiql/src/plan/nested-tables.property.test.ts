// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { dom } from "ion-js";
import fc from "fast-check";
import { MemoryCatalog } from "../../test/memory-catalog";
import { run, toText } from "../../test/run";

/** `{T}` and `{U}` stand for a table, or for the list of its documents. */
const QUERIES = [
  "SELECT VALUE t FROM {T} AS t WHERE t.k IN (SELECT VALUE u.k FROM {U} AS u)",
  "SELECT VALUE t FROM {T} AS t WHERE t.k NOT IN (SELECT VALUE u.k FROM {U} AS u WHERE u.v = t.v)",
  "SELECT VALUE t FROM {T} AS t WHERE EXISTS (SELECT u.v, u.k FROM {U} AS u WHERE u.k = t.k)",
  "SELECT VALUE t FROM {T} AS t WHERE t.v = 1 OR NOT EXISTS (SELECT VALUE u FROM {U} AS u WHERE u.k = t.k AND u.v = t.v)",
  "SELECT t.k, (SELECT VALUE u.v FROM {U} AS u WHERE u.k = t.k) AS l FROM {T} AS t",
  "SELECT t.k, (SELECT u.v, COUNT(*) AS n FROM {U} AS u WHERE u.k = t.k GROUP BY u.v) AS l FROM {T} AS t",
  "SELECT t.k, x.v FROM {T} AS t, (SELECT u.v, u.k FROM {U} AS u WHERE u.k = t.k) AS x WHERE x.v > 0",
  "SELECT t.k, u.v FROM {T} AS t LEFT JOIN {U} AS u ON u.k = t.k",
  "SELECT t.k, u.v FROM {T} AS t LEFT JOIN {U} AS u ON u.k = t.k AND t.v = 1 WHERE u.v IS MISSING OR u.v = t.v",
  "SELECT t.k, u.v, s.v AS w FROM {T} AS t LEFT JOIN {U} AS u ON u.k = t.k JOIN {T} AS s ON s.k = u.v",
  "SELECT t.k, COUNT(u) AS n FROM {T} AS t LEFT JOIN {U} AS u ON u.k IN (t.k, t.v) GROUP BY t.k",
  "SELECT VALUE (SELECT VALUE [x, (SELECT VALUE COUNT(*) FROM {U} AS u WHERE u.k = x AND u.v = t.v)] FROM [1, t.k] AS x) FROM {T} AS t",
  "SELECT VALUE t FROM {T} AS t WHERE t.k IN (SELECT VALUE u.k FROM {U} AS u WHERE u.v IN (SELECT VALUE s.v FROM {T} AS s WHERE s.k = t.k))",
  "SELECT t.k, u.v FROM {T} AS t FULL JOIN {U} AS u ON EXISTS (SELECT VALUE s FROM {T} AS s WHERE s.k = t.k AND s.v = u.v)",
  "SELECT t.k, (SELECT u.v, s.v AS w FROM {U} AS u RIGHT JOIN {T} AS s ON s.k = u.k AND u.k = t.k) AS l FROM {T} AS t",
  "SELECT t.k, (SELECT VALUE u.v FROM {U} AS u WHERE u.k = t.k) AS l FROM {T} AS t GROUP BY t.k",
  "SELECT VALUE CASE WHEN t.v > 0 THEN (SELECT VALUE u FROM {U} AS u WHERE u.k = t.k) ELSE t END FROM {T} AS t",
] as const;

const field = fc.constantFrom("0", "1", "2", "null", undefined);
const document = fc.record({ k: field, v: field }).map(({ k, v }) => {
  const fields = [k === undefined ? [] : [`k: ${k}`], v === undefined ? [] : [`v: ${v}`]].flat();
  return `{${fields.join(", ")}}`;
});
const documents = fc.array(document, { maxLength: 4 });

async function catalogOf(t: readonly string[], u: readonly string[], index: boolean): Promise<MemoryCatalog> {
  const catalog = new MemoryCatalog();
  for (const [name, rows] of [
    ["T", t],
    ["U", u],
  ] as const) {
    await run(catalog, `CREATE TABLE ${name}`);
    if (index) await run(catalog, `CREATE INDEX ON ${name} (k)`);
    for (const row of rows) await run(catalog, `INSERT INTO ${name} VALUE ?`, row);
  }
  return catalog;
}

/** The rows in an order of their own: an index finds documents in another order. */
async function answer(catalog: MemoryCatalog, statement: string): Promise<readonly string[]> {
  return (await run(catalog, statement)).map((row) => toText(sorted(row))).sort();
}

function sorted(value: dom.Value): dom.Value {
  const elements = value.getType().name === "list" && !value.isNull() ? value.elements() : undefined;
  if (elements !== undefined)
    return new dom.List(elements.map(sorted).sort((a, b) => (toText(a) < toText(b) ? -1 : 1)));
  if (value.getType().name !== "struct" || value.isNull()) return value;
  return dom.Value.from(Object.fromEntries(value.fields().map(([name, part]) => [name, sorted(part)])));
}

describe("A nested SELECT or outer join", () => {
  it.each(QUERIES)("finds in tables what it finds in lists, with an index and without: %s", async (query) => {
    await fc.assert(
      fc.asyncProperty(documents, documents, async (t, u) => {
        const lists = query
          .replaceAll("{T}", `\`[${t.join(", ")}]\``)
          .replaceAll("{U}", `\`[${u.join(", ")}]\``);
        const expected = await answer(new MemoryCatalog(), lists);
        const tables = query.replaceAll("{T}", "T").replaceAll("{U}", "U");
        for (const index of [false, true])
          expect(await answer(await catalogOf(t, u, index), tables)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });
});
