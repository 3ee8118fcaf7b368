// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { InvalidEventError } from "@ledger-loader/core";
import { COLUMN_TYPES, MappingFileError, MappingFileLoadEventMapper } from "@ledger-loader/dms";
import { dom, dumpText, load } from "ion-js";

const SOURCE = { schema: "hr", table: "person" };
/** The example of the Java loader, with its file format. */
const JAVA = [
  {
    "source-table": "person",
    "target-table": "Person",
    "id-field": "gov_id",
    fields: [
      { "source-field": "gov_id", "target-field": "GovId" },
      { "source-field": "first_name", "target-field": "FirstName" },
    ],
  },
];

function map(json: string, mapping: unknown = JAVA): string {
  const mapper = new MappingFileLoadEventMapper(JSON.stringify(mapping));
  return dumpText(mapper.mapDataRecord(row(json), SOURCE));
}

function row(ion: string): dom.Struct {
  return load(ion) as dom.Struct;
}

function typed(type: string): unknown {
  return [
    {
      "source-table": "person",
      "target-table": "T",
      "id-field": "x",
      fields: [{ "source-field": "x", type }],
    },
  ];
}

describe("A mapping file", () => {
  it("in the Java loader's format renames the fields that it names and leaves out the others", () => {
    expect(map(`{gov_id:"A1",first_name:"Ada",salary:1}`)).toBe(`{GovId:"A1",FirstName:"Ada"}`);
    const mapper = new MappingFileLoadEventMapper(JSON.stringify(JAVA));
    expect(mapper.mapTableName(SOURCE)).toBe("Person");
    expect(mapper.mapTableName({ schema: "hr", table: "job" })).toBeUndefined();
    expect(mapper.mapPrimaryKey(row(`{gov_id:"A1"}`), SOURCE)?.stringValue()).toBe("A1");
    expect(mapper.mapPrimaryKey(row(`{first_name:"Ada"}`), SOURCE)).toBeUndefined();
  });

  it.each([
    ["with comments, as the Java loader's sample", `// Maps the tables.\n/* all */\n${JSON.stringify(JAVA)}`],
    ["with a byte order mark", `\uFEFF${JSON.stringify(JAVA, undefined, 2)}`],
    [
      "in Ion",
      `[{'source-table': person, 'target-table': Person, 'id-field': "gov_id", // the key
        fields: [{'source-field': gov_id, 'target-field': GovId}]}]`,
    ],
    [
      "with null for what is absent, and commas at the end",
      `[{"source-schema":null,"source-table":"person","target-table":"Person","id-field":"gov_id","id-fields":null,"ignore":null,
        "fields":[{"source-field":"gov_id","target-field":"GovId","type":null},],},]`,
    ],
  ])("may be written %s", (_, text) => {
    const mapper = new MappingFileLoadEventMapper(text);
    expect(mapper.mapTableName(SOURCE)).toBe("Person");
    expect(dumpText(mapper.mapDataRecord(row(`{gov_id:"A1"}`), SOURCE))).toBe(`{GovId:"A1"}`);
  });

  it("without fields keeps all columns", () => {
    const mapping = [{ "source-table": "person", "target-table": "T", "id-fields": ["a", "b"] }];
    expect(map(`{a:1,b:"x",c:null}`, mapping)).toBe(`{a:1,b:"x",c:null}`);
    const mapper = new MappingFileLoadEventMapper(JSON.stringify(mapping));
    expect(mapper.mapPrimaryKey(row(`{a:1,b:"x"}`), SOURCE)?.stringValue()).toBe(`[1,"x"]`);
    expect(mapper.mapPrimaryKey(row(`{a:1,b:null}`), SOURCE)).toBeUndefined();
  });

  it("tells NULL from a column that is absent", () => {
    expect(map(`{gov_id:"A1",first_name:null}`)).toBe(`{GovId:"A1",FirstName:null}`);
    expect(map(`{gov_id:"A1"}`)).toBe(`{GovId:"A1"}`);
    const mapper = new MappingFileLoadEventMapper(JSON.stringify(JAVA));
    expect(mapper.unchangedFields(row(`{gov_id:"A1"}`), SOURCE)).toEqual(["FirstName"]);
    expect(mapper.unchangedFields(row(`{gov_id:"A1",first_name:null}`), SOURCE)).toEqual([]);
  });

  it.each([
    ["int", `12345678901234567890`, `12345678901234567890`],
    ["int", `"-7"`, `-7`],
    ["int", `12.0`, `12`],
    ["int", `0d-999999999`, `0`],
    ["int", `1.5d1`, `15`],
    ["decimal", `1.50`, `1.50`],
    ["decimal", `"1.50"`, `1.50`],
    ["decimal", `7`, `7.`],
    ["float", `1.5d20`, `1.5e20`],
    ["float", `3`, `3e0`],
    ["bool", `1`, `true`],
    ["bool", `"f"`, `false`],
    ["bool", `true`, `true`],
    ["string", `"x"`, `"x"`],
    ["timestamp", `"2020-01-09T04:13:38Z"`, `2020-01-09T04:13:38Z`],
    ["timestamp", `"2020-01-09 04:13:38.125+01:00"`, `2020-01-09T04:13:38.125+01:00`],
    ["timestamp", `"2020-01-09"`, `2020-01-09`],
    ["blob", `"0x00ff"`, `{{AP8=}}`],
    ["blob", `"00ff"`, `{{AP8=}}`],
    ["json", `"{\\"a\\":[1,2.5e0]}"`, `{a:[1,2.5]}`],
    ...COLUMN_TYPES.map((type) => [type, "null", "null"] as const),
  ])("makes an %s of %s", (type, column, value) => {
    expect(equal(map(`{x:${column}}`, typed(type)), `{x:${value}}`)).toBe(true);
  });

  it.each([
    ["int", `1d-999999999`],
    ["int", `-123d-4`],
    ["int", `1.5`],
    ["int", `1.2d19`],
    ["int", `"1e3"`],
    ["int", `true`],
    ["decimal", `1.2d19`],
    ["decimal", `"x"`],
    ["float", `"x"`],
    ["float", `1d999`],
    ["bool", `2`],
    ["string", `7`],
    ["timestamp", `"2020-01-09T04:13:38"`],
    ["timestamp", `"2020-13-09"`],
    ["timestamp", `7`],
    ["blob", `"0x0"`],
    ["blob", `"secret"`],
    ["json", `"{"`],
    ["json", `"1 2"`],
  ])("makes no %s of %s, and does not repeat the value", (type, column) => {
    const work = (): string => map(`{x:${column}}`, typed(type));
    expect(work).toThrow(InvalidEventError);
    expect(work).toThrow(`type ${type}`);
    expect(work).not.toThrow("secret");
  });

  it("names all of its problems at once", () => {
    const mapping = [
      { "source-table": "a", "target-table": "bad name", "id-feld": "id" },
      {
        "source-table": "b",
        "target-table": "B",
        "id-field": "id",
        fields: [{ "source-field": "x", type: "number" }],
      },
      { "source-table": "c", ignore: true, "target-table": "C" },
      { "source-table": "c", ignore: true },
      { "target-table": "D", "id-fields": [], fields: [] },
      "e",
    ];
    const problems = problemsOf(JSON.stringify(mapping)).join("\n");
    for (const each of [
      "entry 1: unknown key id-feld",
      "entry 1: target-table is no name",
      "entry 1: id-field must name",
      "entry 2, field 1: type must be one of",
      "entry 3: either ignore or target-table",
      "entry 4: c is mapped twice",
      "entry 5: source-table must be a name",
      "entry 5: fields must be a list",
      "entry 6: not an object",
    ]) {
      expect(problems).toContain(each);
    }
  });

  it.each([
    ["{", "neither JSON nor Ion text"],
    ["{}", "not a list"],
    ["[]", "no table is mapped"],
  ])("is none: %s", (text, problem) => {
    expect(problemsOf(text)[0]).toContain(problem);
  });
});

function equal(a: string, b: string): boolean {
  return load(a)?.equals(load(b)!) ?? false;
}

function problemsOf(text: string): readonly string[] {
  try {
    new MappingFileLoadEventMapper(text);
  } catch (error) {
    expect(error).toBeInstanceOf(MappingFileError);
    return (error as MappingFileError).problems;
  }
  return [];
}
