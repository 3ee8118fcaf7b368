// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { InvalidEventError } from "@ledger-loader/core";
import {
  CONTROL_OPERATIONS,
  decodeDmsRecords,
  MappingFileLoadEventMapper,
  type AbsentColumns,
  type DmsOptions,
  type LoadEventMapper,
} from "@ledger-loader/dms";
import { dom } from "ion-js";
import { aRecord, expected, keepLines, options, plain, positionAt } from "../test/dms-records";

function decode(body: string, more: Partial<DmsOptions> = {}): readonly unknown[] {
  return decodeDmsRecords(body, options(more)).events.map(plain);
}

/** The outcome of one record that is to be rejected. */
function reject(body: string, more: Partial<DmsOptions> = {}): { reason: string; detail: string } {
  const [decoded] = decodeDmsRecords(body, options(more)).events;
  expect(decoded?.rejected).toBeDefined();
  return decoded!.rejected!;
}

describe("A change of a row", () => {
  it.each([
    ["insert", "INSERT"],
    ["update", "UPDATE"],
  ] as const)("of operation %s is an %s with the row, at the log's position", (operation, op) => {
    const data = { id: 7, name: "Ada" };
    expect(decode(aRecord({ operation, at: 5 }))).toEqual([
      expected({ op, table: "Person", id: 7, position: positionAt(5), data }),
    ]);
  });

  it("deletes by the before image where a deletion has no row, and says what is no DMS record", () => {
    const deletion = aRecord({ operation: "delete", row: { id: 7 }, before: { id: 7 }, at: 5 });
    const withoutRow = { ...(JSON.parse(deletion) as object), data: null };
    expect(decode(JSON.stringify(withoutRow))).toEqual(decode(deletion));
    expect(() => decode(`{"data":{"id":7}}`)).toThrow("a struct with metadata, found a struct without");
  });

  it("deletes by the key alone, whatever else the engine tells", () => {
    expect(decode(aRecord({ operation: "delete", row: { id: 7, name: null }, at: 5 }))).toEqual([
      expected({ op: "DELETE", table: "Person", id: 7, position: positionAt(5) }),
    ]);
  });

  it("of a full load stands below every change, and a new epoch above all", () => {
    const load = aRecord({ operation: "load" });
    const data = { id: 7, name: "Ada" };
    expect(decode(load)).toEqual([
      expected({ op: "INSERT", table: "Person", id: 7, position: [0, 0], data }),
    ]);
    expect(decode(load, { epoch: 2 })).toEqual([
      expected({ op: "INSERT", table: "Person", id: 7, position: [2, 0], data }),
    ]);
  });

  it("that is in the stream twice is the same event twice", () => {
    const twice = [aRecord(), aRecord()].map((body) => decode(body));
    expect(twice[0]).toEqual(twice[1]);
  });

  it("keeps NULL, and tells it from a column that is absent", () => {
    const [withNull, without] = [{ id: 7, name: null }, { id: 7 }].map((row) => decode(aRecord({ row }))[0]);
    expect(withNull).toMatchObject({ data: "{id:7,name:null}" });
    expect(without).toMatchObject({ data: "{id:7}" });
  });

  it("unwraps what map-record-to-document has wrapped", () => {
    expect(decode(aRecord({ row: { _doc: { id: 7, name: "Ada" } } }))).toEqual(decode(aRecord()));
  });

  it.each([
    ["all columns", { id: 6, name: "Ada" }],
    ["the key", { id: 6 }],
  ])(
    "that changes the key, known by a before image of %s, deletes the old record and inserts the new one",
    (_, before) => {
      const body = aRecord({ operation: "update", before, at: 5 });
      expect(decode(body)).toEqual([
        expected({ op: "DELETE", table: "Person", id: 6, position: positionAt(5) }),
        expected({
          op: "INSERT",
          table: "Person",
          id: 7,
          position: positionAt(5),
          data: { id: 7, name: "Ada" },
        }),
      ]);
      expect(decodeDmsRecords(body, options()).atomic).toBe(true);
    },
  );

  it.each([{}, { name: "Eve" }, { id: 7 }, { id: null }])(
    "that keeps the key is one update: before image %j",
    (before) => {
      expect(decode(aRecord({ operation: "update", before }))).toMatchObject([{ op: "UPDATE", id: "7" }]);
    },
  );

  it("changes a key of several columns where one of them has changed", () => {
    const body = aRecord({ operation: "update", table: "pair", row: { a: 1, b: "x" }, before: { b: "y" } });
    expect(decode(body)).toMatchObject([
      { op: "DELETE", table: "Pair", id: `[1,"y"]` },
      { op: "INSERT", table: "Pair", id: `[1,"x"]` },
    ]);
  });

  it("finds the before image under the task's own name for it", () => {
    const body = aRecord({ operation: "update", before: { id: 6 } }).replace("before-image", "old");
    expect(decode(body)).toHaveLength(1);
    expect(decode(body, { beforeImageField: "old" })).toHaveLength(2);
  });
});

describe("A number of more than 16 digits", () => {
  it("is exact with every digit, in either notation", () => {
    const body = aRecord({ row: { id: 1, a: "A", b: "B", c: "C" } })
      .replace(`"A"`, "12345678901234567890")
      .replace(`"B"`, "1.2345678901234567891e+19")
      .replace(`"C"`, "-1.5e-3");
    expect(decode(body)).toMatchObject([{ data: expect.stringContaining("a:12345678901234567890") }]);
    expect(decode(body)).toMatchObject([{ data: expect.stringMatching(/b:12345678901234567891[.d]/) }]);
    expect(decode(body)).toMatchObject([{ data: expect.stringMatching(/c:-(0\.0015|15d-4|1\.5d-3)/) }]);
  });

  it.each(["1.234567890123456e+18", "1E20", "12e1"])(
    "is rejected where digits may be missing: %s",
    (number) => {
      const inData = aRecord({ row: { id: 1, n: "N" } }).replace(`"N"`, number);
      const inKey = aRecord({ row: { id: "N" } }).replace(`"N"`, number);
      expect(reject(inData)).toMatchObject({ reason: "malformed-event" });
      expect(reject(inKey)).toMatchObject({ reason: "malformed-event" });
      expect(reject(inData).detail).toContain("data.n");
      expect(reject(inData).detail).not.toContain(number);
    },
  );

  it.each(["1.2e+20", "1.5", "true"])("is rejected as a transaction's id that may be another's: %s", (id) => {
    const body = aRecord({ transaction: [77, 1] }).replace(`"transaction-id":77`, `"transaction-id":${id}`);
    const found = /transaction-id to be a string or a number with all its digits/;
    expect(() => decode(body)).toThrow(InvalidEventError);
    expect(() => decode(body)).toThrow(found);
  });

  it("is a key as a whole number, so that both notations name one record", () => {
    const ids = ["12345678901234567890", "1.2345678901234567890e19"].map((number) => {
      return decode(aRecord({ row: { id: "N" } }).replace(`"N"`, number))[0];
    });
    expect(ids).toMatchObject([{ id: "12345678901234567890" }, { id: "12345678901234567890" }]);
  });
});

describe("A shortened number is refused however records are put together, and never in the text of a json column", () => {
  const shortened = aRecord({ row: { id: 1, n: "N" } }).replace(`"N"`, "1.2e+20");
  const exact = aRecord({ row: { id: 2, n: "N" } }).replace(`"N"`, "1.25e+2");

  it.each(["", " ", "\n", "\n\n", "\t\r\n"])("with %j between records", (between) => {
    for (const bodies of [
      [shortened, exact],
      [exact, shortened],
    ]) {
      const body = Buffer.from(bodies.join(between));
      const plains = decode(body.toString());
      expect(plains.filter((each) => each === "malformed-event")).toHaveLength(1);
      expect(plains).toContainEqual(expect.objectContaining({ data: "{id:2,n:125.}" }));
      expect(decodeDmsRecords(body, options()).events.map(plain)).toEqual(plains);
    }
  });

  it("where it is printed over several lines", () => {
    const pretty = JSON.stringify(JSON.parse(aRecord({ row: { id: 1, n: "N" } })), undefined, 2);
    expect(decode(pretty.replace(`"N"`, "12E+20") + exact)[0]).toBe("malformed-event");
  });

  it("is a float where the mapping says so, also beside another record", () => {
    const mapper = mapperOf([{ "source-field": "n", type: "float" }]);
    expect(decode(shortened + shortened, { mapper })).toMatchObject([
      { data: "{n:1.2e20}" },
      { data: "{n:1.2e20}" },
    ]);
  });

  it.each([`{"a":1.2e+20}`, `[1E5,{"b":12e1}]`, "3e9"])("is exact in a json column: %s", (text) => {
    const mapper = mapperOf([{ "source-field": "j", type: "json" }]);
    const body = aRecord({ row: { id: 1, j: text } });
    expect(decode(body + body, { mapper })).toMatchObject([{ op: "INSERT" }, { op: "INSERT" }]);
    const asText = decode(aRecord({ row: { id: 1, j: text } }) + exact);
    expect(asText[0]).toMatchObject({ data: expect.stringContaining(JSON.stringify(text)) });
  });
});

describe("A column that DMS leaves out of an update has not changed", () => {
  const FIELDS = ["id", "name", "bio", "n"].map((field) => ({ "source-field": field }));
  const update = (before?: Readonly<Record<string, unknown>>): string =>
    aRecord({ operation: "update", row: { id: 7, name: "A", n: 3 }, before });
  const before = { id: 7, name: "A", bio: "long text", n: 1 };

  it.each([
    ["with fields", mapperOf(FIELDS), `{id:7,name:"A",bio:"long text",n:3}`],
    ["without fields", undefined, `{id:7,name:"A",n:3,bio:"long text"}`],
  ])("and is taken from the before image, by a mapping %s", (_, mapper, data) => {
    expect(decode(update(before), mapper && { mapper })).toMatchObject([{ op: "UPDATE", data }]);
  });

  it("also where the update changes the key", () => {
    expect(decode(update({ ...before, id: 6 }))).toMatchObject([
      { op: "DELETE" },
      { op: "INSERT", data: expect.stringContaining(`bio:"long text"`) },
    ]);
  });

  it.each([undefined, { id: 7 }, { id: 7, bio: null }])(
    "and is taken from the ledger where the before image %j does not tell it",
    (known) => {
      const unchangedWith = (more: Partial<DmsOptions>): unknown =>
        decodeDmsRecords(update(known), options(more)).events[0]?.event?.unchanged;
      expect(unchangedWith({ mapper: mapperOf(FIELDS) })).toEqual(["bio"]);
      // Without fields nothing says which columns there are, also to a process that has just started.
      expect(unchangedWith({})).toEqual(["*"]);
      expect(unchangedWith({ absentColumns: "omit" })).toBeUndefined();
    },
  );

  it("but in an insert there is nothing to take it from", () => {
    const insert = aRecord({ row: { id: 7, name: "A", n: 3 } });
    expect(reject(insert, { mapper: mapperOf(FIELDS) }).detail).toMatch(/field bio.*IncludeNullAndEmpty/);
  });

  it("but is NULL where absent is said to mean that", () => {
    const absentColumns = "omit";
    expect(decode(update(before), { absentColumns })).toMatchObject([{ data: `{id:7,name:"A",n:3}` }]);
    const mapper = mapperOf(FIELDS, absentColumns);
    expect(decode(update(before), { mapper })).toMatchObject([{ data: `{id:7,name:"A",n:3}` }]);
  });
});

describe("A record that cannot be applied is rejected with its reason", () => {
  it.each([
    ["no key", aRecord({ row: { name: "Ada" } }), "id-required", "public.person"],
    ["a NULL in the key", aRecord({ table: "pair", row: { a: 1, b: null } }), "id-required", "public.pair"],
    ["a table without a mapping", aRecord({ table: "audit" }), "not-mapped", "public.audit"],
    ["no log position", aRecord({ at: null }), "order-unknown", "IncludeTransactionDetails"],
    [
      "another engine's log position",
      aRecord().replace(/00000002[^"]+/, "mysql-bin.1:4"),
      "malformed-event",
      "postgresql",
    ],
  ])("%s", (_, body, reason, detail) => {
    expect(reject(body).reason).toBe(reason);
    expect(reject(body).detail).toContain(detail);
  });

  it.each([
    ["an unknown operation", aRecord({ operation: "merge" }), "unsupported-operation"],
    ["an unknown record type", aRecord({ recordType: "other" }), "malformed-event"],
    ["no table", aRecord({ table: "" }), "malformed-event"],
    ["no metadata", `{"data":{"id":1}}`, "malformed-event"],
    ["no data", aRecord().replace(`"data":`, `"dada":`), "malformed-event"],
    ["not JSON", `{"data":`, "malformed-event"],
    ["nothing", "", "malformed-event"],
  ])("%s", (_, body, reason) => {
    expect(() => decode(body)).toThrow(InvalidEventError);
    expect(reasonOf(() => decode(body))).toBe(reason);
  });

  it("takes records without a position only where it is told to", () => {
    expect(decode(aRecord({ at: null }), { withoutPosition: "accept" })).toEqual([
      expected({ op: "INSERT", table: "Person", id: 7, data: { id: 7, name: "Ada" } }),
    ]);
  });

  it("hides what a mapper of one's own throws, which may repeat the row", () => {
    const mapper: LoadEventMapper = {
      mapTableName: () => "Person",
      mapPrimaryKey: () => dom.Value.from("k"),
      mapDataRecord: () => {
        throw new RangeError("Ada is not allowed");
      },
    };
    expect(reject(aRecord(), { mapper })).toMatchObject({ reason: "malformed-event" });
    expect(reject(aRecord(), { mapper }).detail).toContain("RangeError");
    expect(reject(aRecord(), { mapper }).detail).not.toContain("Ada");
  });
});

describe("TRUNCATE, DDL and rows without a key are rejected, or acknowledged by policy, and never skipped in silence", () => {
  const control = (operation: string, table = "person"): string =>
    aRecord({ recordType: "control", operation, table });
  const operations = Object.keys(CONTROL_OPERATIONS).filter((operation) => operation !== "create-table");

  it.each([...operations, "TruncateTable", "something-new"])("%s is rejected by default", (operation) => {
    expect(reject(control(operation))).toMatchObject({ reason: "unsupported-operation", retryable: false });
    expect(reject(control(operation)).detail).toContain("public.person");
  });

  it.each(operations)("%s is acknowledged with a line in the log where the policy says so", (operation) => {
    const { logger, lines } = keepLines();
    expect(decode(control(operation), { controlPolicy: { [operation]: "acknowledge" }, logger })).toEqual([]);
    expect(lines).toMatchObject([{ fields: { operation, sourceTable: "person", action: "acknowledge" } }]);
  });

  it("create-table changes no row: it is logged, or rejected where the policy says so", () => {
    const { logger, lines } = keepLines();
    expect(decode(control("create-table"), { logger })).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(reject(control("create-table"), { controlPolicy: { "create-table": "reject" } }).reason).toBe(
      "unsupported-operation",
    );
  });

  it("a table that the mapping ignores is acknowledged, each record with a line", () => {
    const { logger, lines } = keepLines();
    expect(decode(aRecord({ table: "scratch" }), { logger })).toEqual([]);
    expect(decode(control("truncate-table", "scratch"), { logger })).toEqual([]);
    expect(lines).toHaveLength(2);
  });

  it("a row without a key is rejected", () => {
    expect(reject(aRecord({ row: { name: "Ada" } })).reason).toBe("id-required");
  });
});

describe("Several tables", () => {
  it("are told apart by schema where the mapping names it", () => {
    const mapper = new MappingFileLoadEventMapper(
      JSON.stringify([
        { "source-schema": "public", "source-table": "person", "target-table": "Person", "id-field": "id" },
        { "source-table": "person", "target-table": "OtherPerson", "id-field": "id" },
      ]),
    );
    const other = aRecord().replace(`"public"`, `"archive"`);
    expect(decode(aRecord(), { mapper })).toMatchObject([{ table: "Person" }]);
    expect(decode(other, { mapper })).toMatchObject([{ table: "OtherPerson" }]);
  });
});

function reasonOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return (error as InvalidEventError).reason;
  }
  return undefined;
}

function mapperOf(fields: readonly object[], absentColumns?: AbsentColumns): LoadEventMapper {
  const mapping = [{ "source-table": "person", "target-table": "Person", "id-field": "id", fields }];
  return new MappingFileLoadEventMapper(JSON.stringify(mapping), absentColumns && { absentColumns });
}
