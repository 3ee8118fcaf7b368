// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { MemoryCatalog } from "../../test/memory-catalog";
import { run, toText } from "../../test/run";

/** A document: `n` tells it from all others. */
interface Row {
  readonly n: number;
  readonly k?: number | null;
  readonly v?: number;
}

/** One row for each item; `null` where a join put NULL. */
type Combination = readonly (Row | null)[];

interface Condition {
  readonly text: string;
  /** The last item that it names. */
  readonly last: number;
  readonly holds: (row: Combination) => boolean;
}

const ALIASES = ["a", "b", "c", "d"] as const;
const JOINS = ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"] as const;

function aliasOf(item: number): string {
  return ALIASES[item] ?? "";
}

function equality(left: number, right: number): Condition {
  return {
    text: `${aliasOf(left)}.k = ${aliasOf(right)}.k`,
    last: Math.max(left, right),
    holds(row) {
      const [x, y] = [row[left]?.k, row[right]?.k];
      return typeof x === "number" && x === y;
    },
  };
}

/** Conditions on one item: with an index, without one, and one that a row without a match satisfies. */
const conditionsOn = (item: number): readonly Condition[] => [
  { text: `${aliasOf(item)}.k = 1`, last: item, holds: (row) => row[item]?.k === 1 },
  { text: `${aliasOf(item)}.v > 0`, last: item, holds: (row) => (row[item]?.v ?? 0) > 0 },
  { text: `${aliasOf(item)} IS NULL`, last: item, holds: (row) => row[item] === null },
  { text: `${aliasOf(item)}.k IN (0, 1)`, last: item, holds: (row) => [0, 1].includes(row[item]?.k ?? -1) },
];

const CONDITIONS = [0, 1, 2, 3].flatMap((item) => [
  ...[0, 1, 2, 3]
    .filter((other) => other < item)
    .flatMap((other) => [equality(other, item), equality(item, other)]),
  ...conditionsOn(item),
]);

const conditions = (last: number) =>
  fc.array(fc.constantFrom(...CONDITIONS.filter((each) => each.last <= last)), {
    minLength: 1,
    maxLength: 2,
  });

const table = fc
  .array(fc.record({ k: fc.constantFrom(0, 1, 2, null), v: fc.constantFrom(0, 1) }, { requiredKeys: [] }), {
    maxLength: 3,
  })
  .map((rows) => rows.map((row, n): Row => ({ n, ...row })));

const query = fc.integer({ min: 2, max: 4 }).chain((count) =>
  fc.record({
    tables: fc.array(table, { minLength: count, maxLength: count }),
    indexed: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
    joins: fc.tuple(
      ...ALIASES.slice(1, count).map((_, place) =>
        fc.record({ join: fc.constantFrom(...JOINS), on: conditions(place + 1) }),
      ),
    ),
    where: fc.option(conditions(count - 1)),
  }),
);

type Query = typeof query extends fc.Arbitrary<infer T> ? T : never;

/** Joins from left to right, as the definition of each join says. */
function expected({ tables, joins, where }: Query): readonly string[] {
  let result: Combination[] = (tables[0] ?? []).map((row) => [row]);
  for (const [place, { join, on }] of joins.entries()) {
    const right = tables[place + 1] ?? [];
    const pairs = result.flatMap((before) => right.map((row) => ({ before, row })));
    const met = pairs.filter(({ before, row }) => on.every(({ holds }) => holds([...before, row])));
    const alone = result.filter((before) => !met.some((pair) => pair.before === before));
    const others = right.filter((row) => !met.some((pair) => pair.row === row));
    const nothing = ALIASES.slice(0, place + 1).map(() => null);
    result = [
      ...met.map(({ before, row }) => [...before, row]),
      ...(join === "LEFT JOIN" || join === "FULL JOIN" ? alone.map((before) => [...before, null]) : []),
      ...(join === "RIGHT JOIN" || join === "FULL JOIN" ? others.map((row) => [...nothing, row]) : []),
    ];
  }
  const wanted = result.filter((row) => (where ?? []).every(({ holds }) => holds(row)));
  return wanted.map((row) => `[${row.map((each) => each?.n ?? "null").join(",")}]`).sort();
}

function statementOf({ tables, joins, where }: Query): string {
  const numbers = tables.map((_, place) => `COALESCE(${aliasOf(place)}.n, NULL)`).join(", ");
  const items = joins.map(
    ({ join, on }, place) => `${join} T${place + 1} AS ${aliasOf(place + 1)} ON ${textOf(on)}`,
  );
  const last = where === null ? "" : ` WHERE ${textOf(where)}`;
  return `SELECT VALUE [${numbers}] FROM T0 AS a ${items.join(" ")}${last}`;
}

function textOf(all: readonly Condition[]): string {
  return all.map(({ text }) => text).join(" AND ");
}

async function answer(asked: Query): Promise<readonly string[]> {
  const catalog = new MemoryCatalog();
  for (const [place, rows] of asked.tables.entries()) {
    await run(catalog, `CREATE TABLE T${place}`);
    if (asked.indexed[place] === true) await run(catalog, `CREATE INDEX ON T${place} (k)`);
    if (rows.length > 0) await run(catalog, `INSERT INTO T${place} ?`, JSON.stringify(rows));
  }
  return (await run(catalog, statementOf(asked))).map(toText).sort();
}

describe("Joins in a row, of all kinds", () => {
  it("find what their definition says, with indexes and without", async () => {
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        expect({ statement: statementOf(asked), rows: await answer(asked) }).toEqual({
          statement: statementOf(asked),
          rows: expected(asked),
        });
      }),
      { numRuns: 300 },
    );
  });
});
