// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import { InvalidEventError } from "./invalid-event-error";
import { decodeEvents } from "./decode-events";

const SCHEMA = JSON.parse(readFileSync(join(__dirname, "../../schema/event.schema.json"), "utf8")) as object;
const accepts = new Ajv2020({
  allErrors: false,
  strict: true,
  strictRequired: false,
  strictTypes: false,
}).compile(SCHEMA);

/** True if every event of the delivery can be decoded. */
function decodes(value: unknown): boolean {
  try {
    return decodeEvents(JSON.stringify(value)).events.every(({ event }) => event !== undefined);
  } catch (error) {
    if (!(error instanceof InvalidEventError)) throw error;
    return false;
  }
}

const HASH = Buffer.alloc(32, 7).toString("base64");
const scalars = [null, true, 0, 7, -1, 2 ** 53, 1.5, "", "A-1", [], {}];
const oneOf = (...values: readonly unknown[]): fc.Arbitrary<unknown> => fc.constantFrom(...values);
const mostly = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: good }, { weight: 1, arbitrary: oneOf(...scalars) });

/** Fields that are good, wrong or missing, independently of each other. */
const candidate = fc.record(
  {
    op: mostly(oneOf("INSERT", "UPDATE", "DELETE", "ANY")),
    table: mostly(oneOf("Vehicle", "_x1", "A".repeat(128), "A".repeat(129), "_ql_committed_T", "1st", "a b")),
    id: mostly(fc.oneof(fc.string({ unit: "grapheme-ascii" }), fc.maxSafeInteger())),
    version: mostly(fc.oneof(fc.nat(), oneOf(2 ** 53 - 1))),
    position: mostly(fc.array(fc.maxSafeInteger(), { maxLength: 3 })),
    data: mostly(fc.dictionary(fc.constantFrom("a", "b"), fc.oneof(fc.boolean(), fc.integer()))),
    dataHash: mostly(
      oneOf(HASH, HASH.slice(1), `${HASH.slice(0, 42)}B=`, Buffer.alloc(31).toString("base64")),
    ),
    unchanged: mostly(fc.array(fc.constantFrom("a", "*", "", 1), { maxLength: 2 })),
    unchangedOf: mostly(oneOf("B-2", 8)),
    group: mostly(oneOf("g")),
    extra: oneOf(1),
  },
  { requiredKeys: [] },
);

/** Fields that mostly fit together, so that many candidates are events. */
const nearEvent = fc
  .record({
    op: oneOf("INSERT", "UPDATE", "DELETE", "ANY"),
    table: oneOf("Vehicle"),
    rest: fc.record(
      {
        id: oneOf("A-1", 5, null),
        version: oneOf(0, 3, null),
        position: oneOf([1], [1, -2], null),
        data: oneOf({}, { a: 1 }, null),
        dataHash: oneOf(HASH, null),
        unchanged: oneOf(["a"], ["*"], [], null),
        unchangedOf: oneOf("B", null),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ op, table, rest }) => ({ op, table, ...rest }));

const RUNS = 3_000;

test("the schema accepts exactly what the decoder takes, whatever the fields are", () => {
  fc.assert(
    fc.property(fc.oneof(candidate, nearEvent), (value) => {
      expect({ value, accepted: accepts(value) }).toEqual({ value, accepted: decodes(value) });
    }),
    { numRuns: RUNS },
  );
});

test("of a list, the schema accepts exactly those of which every event decodes", () => {
  fc.assert(
    fc.property(fc.array(nearEvent, { maxLength: 3 }), (value) => {
      expect({ value, accepted: accepts(value) }).toEqual({ value, accepted: decodes(value) });
    }),
    { numRuns: RUNS / 10 },
  );
});

test("the generator makes events and others, so that both directions are tried", () => {
  const made = fc.sample(nearEvent, { numRuns: 500, seed: 1 }).map(decodes);
  expect(made.filter((each) => each).length).toBeGreaterThan(30);
  expect(made.filter((each) => !each).length).toBeGreaterThan(30);
});

test("a value that is no object is no event", () => {
  for (const value of [...scalars.filter((each) => typeof each !== "object" || each === null), []]) {
    expect(accepts(value)).toBe(false);
    expect(decodes(value)).toBe(false);
  }
});

test("every example of the reference decodes and is valid", () => {
  const page = readFileSync(join(__dirname, "../../../../docs/reference/event.md"), "utf8");
  const lines = (page.split("```json\n")[1]?.split("```")[0] ?? "").trim().split("\n");
  expect(lines.length).toBeGreaterThan(8);
  for (const line of lines) {
    expect({ line, accepted: accepts(JSON.parse(line)) }).toEqual({ line, accepted: true });
    expect({ line, decoded: decodes(JSON.parse(line)) }).toEqual({ line, decoded: true });
  }
  const ion = (page.split("```text\n")[1]?.split("```")[0] ?? "").trim().split("\n");
  expect(ion).toHaveLength(2);
  for (const line of ion) expect(decodeEvents(line).events[0]?.rejected).toBeUndefined();
});
