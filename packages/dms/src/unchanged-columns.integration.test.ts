// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, createLoader, type Loader } from "@ledger-loader/core";
import { createDmsHandler, type DmsOptions, MappingFileLoadEventMapper } from "@ledger-loader/dms";
import { startLedger, type TestLedger } from "@ledger-loader/testkit";
import fc from "fast-check";
import { aBatch, aRecord, options } from "../test/dms-records";
import { readRows } from "../test/test-shard";

let ledger: TestLedger;
beforeEach(async () => {
  ledger = await startLedger({ tables: { Person: ["oldDocumentId"] } });
});
afterEach(() => ledger.close());

type Row = Readonly<Record<string, unknown>>;
const insert = (row: Row, at: number): string => aRecord({ row, at });
const update = (row: Row, at: number, before?: Row): string =>
  aRecord({ operation: "update", row, at, before });

const withFields: Partial<DmsOptions> = {
  mapper: new MappingFileLoadEventMapper(
    JSON.stringify([
      {
        "source-table": "person",
        "target-table": "Person",
        "id-field": "id",
        fields: ["id", "name", "bio", "n"].map((field) => ({ "source-field": field })),
      },
    ]),
  ),
};

/** A loader of its own each time: what a process has seen before must not matter. */
const coldLoader = (): Loader => createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });

/** How many records of a batch came back. */
async function deliver(bodies: readonly string[], more: Partial<DmsOptions> = {}): Promise<number> {
  const { batchItemFailures } = await createDmsHandler(coldLoader(), options(more))(aBatch(bodies));
  return batchItemFailures.length;
}

/** The fields of a row by name: their order says nothing. */
async function rowOf(id: number): Promise<unknown> {
  const text = (await readRows(ledger.connect(), "Person")).get(String(id));
  return text === undefined ? undefined : Object.fromEntries(fieldsOf(text));
}

function fieldsOf(text: string): readonly [string, unknown][] {
  return text
    .slice(1, -1)
    .split(",")
    .map((field) => field.split(":") as [string, unknown])
    .map(([name, value]) => [name, JSON.parse(String(value)) as unknown]);
}

describe.each([
  ["with fields", withFields],
  ["without fields", {}],
])("A column that an update leaves out, by a mapping %s,", (_, more) => {
  const whole = { id: 1, name: "A", bio: "long", n: 1 };
  const part = { id: 1, name: "B", n: 2 };

  it("keeps its value from the current revision, also in another process, and once", async () => {
    expect(await deliver([insert(whole, 1)], more)).toBe(0);
    for (let i = 0; i < 2; i++) expect(await deliver([update(part, 2)], more)).toBe(0);
    expect(await rowOf(1)).toEqual({ ...part, bio: "long" });
    const embedded = await ledger.connect().transact((each) => each.execute("SELECT * FROM history(Person)"));
    expect(embedded).toHaveLength(2);
  });

  it("keeps it within one batch, and NULL where it was set to that", async () => {
    const rows = [insert(whole, 1), update({ ...whole, bio: null }, 2), update(part, 3)];
    expect(await deliver(rows, more)).toBe(0);
    expect(await rowOf(1)).toEqual({ ...part, bio: null });
  });

  it("moves with the record when its key changes", async () => {
    await deliver([insert(whole, 1)], more);
    expect(await deliver([update({ ...part, id: 2 }, 2, { id: 1 })], more)).toBe(0);
    expect(await rowOf(1)).toBeUndefined();
    expect(await rowOf(2)).toEqual({ ...part, id: 2, bio: "long" });
  });

  it("holds the update back behind a change of the row that failed", async () => {
    await deliver([insert(whole, 1)], more);
    const tooLarge = update({ ...whole, bio: "x".repeat(200_000) }, 2);
    expect(await deliver([tooLarge, update(part, 3)], more)).toBe(1);
    expect(await rowOf(1)).toEqual(whole);
  });

  it("has the same value however often and in which order what was delivered comes again", async () => {
    const columns = fc.record({
      name: fc.constantFrom("A", "B"),
      bio: fc.constantFrom("x", "y"),
      n: fc.nat(3),
    });
    const parts = fc.record({ row: columns, leavesOut: fc.subarray(["name", "bio", "n"] as const) });
    let id = 0;
    await fc.assert(
      fc.asyncProperty(
        columns,
        fc.array(parts, { minLength: 1, maxLength: 5 }),
        fc.infiniteStream(fc.nat()),
        async (first, updates, picks) => {
          const own = ++id;
          let expected: Row = { id: own, ...first };
          const bodies = [insert(expected, 1)];
          for (const [i, { row, leavesOut }] of updates.entries()) {
            const sent = Object.fromEntries(
              Object.entries({ id: own, ...row }).filter(
                ([name]) => !leavesOut.some((each) => each === name),
              ),
            );
            expected = { ...expected, ...sent };
            bodies.push(update(sent, i + 2));
          }
          for (const [i, body] of bodies.entries()) {
            expect(await deliver([body], more)).toBe(0);
            const again = Array.from(
              { length: 3 },
              () => bodies[Number(picks.next().value) % (i + 1)] ?? body,
            );
            expect(await deliver(again, more)).toBe(0);
          }
          expect(await rowOf(own)).toEqual(expected);
        },
      ),
      { numRuns: 6 },
    );
  });
});

describe("An update that leaves columns out of a row of which the ledger holds too little", () => {
  it("is refused for now, and applied once the change before it is there", async () => {
    await deliver([insert({ id: 1, name: "A", n: 1 }, 1)]);
    expect(await deliver([update({ id: 1, name: "B", n: 2 }, 3)], withFields)).toBe(1);
    expect(await deliver([update({ id: 1, name: "A", bio: "new", n: 1 }, 2)], withFields)).toBe(0);
    expect(await deliver([update({ id: 1, name: "B", n: 2 }, 3)], withFields)).toBe(0);
    expect(await rowOf(1)).toEqual({ id: 1, name: "B", bio: "new", n: 2 });
  });
});
