// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EventMappingError, VALUE_TYPES } from "@ledger-loader/mapping";
import { Ajv2020 } from "ajv/dist/2020";
import fc from "fast-check";
import { parseMappingFile } from "./parse-mapping-file";

const SCHEMA = JSON.parse(readFileSync(join(__dirname, "../../schema/mapping.schema.json"), "utf8")) as {
  readonly $defs: { readonly found: { readonly properties: { readonly type: { readonly enum: unknown } } } };
};
const accepts = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(SCHEMA);

function parses(value: unknown): boolean {
  try {
    parseMappingFile(JSON.stringify(value), "mapping.json");
    return true;
  } catch (error) {
    if (!(error instanceof EventMappingError)) throw error;
    return false;
  }
}

const oneOf = (...values: readonly unknown[]): fc.Arbitrary<unknown> => fc.constantFrom(...values);
const some = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
  fc.record(fields, { requiredKeys: [] });

const path = oneOf("$.a", "$", "$key.id", '$["a.b"].c', "$.l[0]", "$a", "$.", "a");
const found = some({
  path,
  type: oneOf("int", "decimal-base64", "text"),
  scale: oneOf(2, -1),
  values: oneOf({ c: "INSERT" }, {}, 1),
  add: oneOf(-1, "1"),
  default: oneOf(null, 1),
  optional: oneOf(true, 1),
});
const value: fc.Arbitrary<unknown> = fc.oneof(
  path,
  path,
  found,
  oneOf("INSERT", 1, true, null, [], [1], {}, { value: [1] }),
);
const fields = fc.oneof(
  fc.dictionary(fc.constantFrom("a", "b", "*"), fc.oneof(path, value), { maxKeys: 2 }),
  oneOf(1, []),
);
const values = fc.oneof(value, fc.array(value, { maxLength: 2 }));
const rule = some({
  when: fc.oneof(
    fc.dictionary(
      fc.constantFrom("$.a", "a"),
      oneOf("x", 1, ["x", 1], [], {}, { exists: true }, { exists: 1 }, 1.5),
      { maxKeys: 2 },
    ),
    oneOf(1),
  ),
  op: value,
  table: value,
  id: values,
  version: value,
  position: values,
  data: value,
  fields,
  group: value,
  extra: oneOf(1),
});
const table = fc.oneof(
  oneOf("ignore", "T", {}),
  some({ table: oneOf("T", "1", ""), id: values, fields, extra: oneOf(1) }),
);
const file = some({
  format: fc.oneof({ weight: 8, arbitrary: oneOf(1) }, { weight: 1, arbitrary: oneOf(2, "1") }),
  preset: oneOf("debezium", "maxwell", "dms", "dynamodb", "canal"),
  epoch: oneOf(0, 7, -1, "1"),
  tables: fc.oneof(fc.dictionary(fc.constantFrom("a.b", "*"), table, { maxKeys: 2 }), oneOf([])),
  ignore: oneOf(["heartbeat"], [], ["x"], "heartbeat"),
  engine: oneOf("mysql", "", 1),
});
const rulesFile = some({
  format: oneOf(1),
  records: fc.array(rule, { maxLength: 2 }),
  otherwise: oneOf("reject", "ignore", "x"),
  extra: oneOf(1),
});

/** Files that are mostly right. */
const goodPath = oneOf("$.a", "$.a.b", "$key.id", '$["a.b"].c', "$.l[0]");
const goodValue = fc.oneof(
  goodPath,
  oneOf("x", 1, null, { value: [1] }, { fields: { a: "$.a" } }),
  some({ type: oneOf("int", "micros"), optional: oneOf(true) }).map((more) => ({
    path: "$.a",
    ...(more as object),
  })),
);
const goodFields = fc.dictionary(fc.constantFrom("a", "b"), goodValue, { minKeys: 1, maxKeys: 2 });
const goodTable = fc.oneof(
  oneOf("ignore"),
  some({ table: oneOf("T"), id: fc.array(goodValue, { minLength: 1, maxLength: 2 }), fields: goodFields }),
);
const nearPreset = fc.record(
  {
    format: oneOf(1),
    preset: oneOf("debezium", "maxwell", "dms", "dynamodb"),
    epoch: oneOf(0, 7),
    tables: fc.dictionary(fc.constantFrom("a.b", "*"), goodTable, { minKeys: 1, maxKeys: 2 }),
    ignore: oneOf(["heartbeat"], ["truncate", "message"]),
    engine: oneOf("mysql"),
  },
  { requiredKeys: ["format", "preset"] },
);
const nearRule = fc
  .tuple(
    fc.record(
      {
        op: goodValue,
        table: goodValue,
        when: oneOf({ "$.a": "x" }, { "$.a": [1, null], "$.b": { exists: false } }),
        id: fc.oneof(goodValue, fc.array(goodValue, { minLength: 1, maxLength: 2 })),
      },
      { requiredKeys: ["op", "table"] },
    ),
    fc.oneof(
      some({ version: goodPath }),
      some({ position: fc.array(goodPath, { minLength: 1, maxLength: 2 }) }),
      some({ version: goodPath, position: goodPath }),
    ),
    fc.oneof(
      some({ data: goodPath }),
      some({ fields: goodFields }),
      some({ data: goodPath, fields: goodFields }),
    ),
  )
  .map(([rule, order, content]) => ({ ...rule, ...(order as object), ...(content as object) }));
const nearRules = fc.record(
  {
    format: oneOf(1),
    records: fc.array(nearRule, { minLength: 1, maxLength: 2 }),
    otherwise: oneOf("ignore"),
  },
  { requiredKeys: ["format", "records"] },
);

describe("The schema of mapping files", () => {
  it.each([
    ["presets", fc.oneof(file, nearPreset)],
    ["rules", fc.oneof(rulesFile, nearRules)],
  ])("accepts exactly the files that are taken: %s", (_, generated) => {
    fc.assert(
      fc.property(generated, (each) => {
        expect({ each, accepted: accepts(each) }).toEqual({ each, accepted: parses(each) });
      }),
      { numRuns: 400 },
    );
    expect(fc.sample(generated, { numRuns: 300, seed: 1 }).filter(parses).length).toBeGreaterThan(30);
  });

  it("knows every type", () => {
    expect(SCHEMA.$defs.found.properties.type.enum).toEqual([...VALUE_TYPES]);
  });
});

describe("A mapping file that cannot be used", () => {
  const problemsOf = (text: string): readonly string[] => {
    try {
      parseMappingFile(text, "mapping.json");
      return [];
    } catch (error) {
      return (error as EventMappingError).problems;
    }
  };

  it("is told with all of its problems and their places", () => {
    const text = `{format: 1, records: [{op: "$", tabel: T, id: ["$.a", "$b"], version: "$.v", position: "$.p"}]}`;
    expect(problemsOf(text)).toEqual([
      "records[0].tabel: expected one of when, op, table, id, version, position, data, fields, group",
      "records[0].position: expected either version or position, not both",
      "records[0].table: expected a path or a constant",
      expect.stringMatching(/^records\[0\]\.id\[1\]: expected a path such as/),
    ]);
  });

  it.each([
    ['{"Vehicle": "vin", "*": "id"}', "that is for --id-fields"],
    ["[]", "DMS_MAPPING_FILE"],
    ["{", "expected JSON or Ion text"],
    ['{"format": 2, "preset": "debezium"}', "format: expected 1"],
  ])("%s", (text, expected) => {
    expect(problemsOf(text)[0]).toContain(expected);
  });
});
