// SPDX-License-Identifier: MIT
import { beforeAll, describe, expect, it, test } from "@jest/globals";
import type { EventMapping } from "@ledger-loader/core";
import { openMapping, parseMapping } from "@ledger-loader/mapping";
import { debeziumDeletion, debeziumRecord, withSchema, type DebeziumChange } from "@ledger-loader/testkit";
import { read } from "../../test/read-record";

let debezium: EventMapping;
beforeAll(async () => {
  debezium = await openMapping("debezium");
});

const eventsOf = (
  connector: "postgresql" | "mysql" | "sqlserver" | "mongodb",
  at: number,
  change: DebeziumChange,
) => {
  const { key, value } = debeziumRecord(connector, at, change);
  return read(debezium, value, key);
};
const ADA = { id: 1, name: "Ada" };

describe("An envelope without a schema", () => {
  test.each([
    [
      "c",
      { op: "c", after: ADA, key: { id: 1 } },
      `{op:"INSERT",table:"customers",id:1,position:[0,1,23900056],data:{id:1,name:"Ada"}}`,
    ],
    [
      "r",
      { op: "r", after: ADA, key: { id: 1 } },
      `{op:"INSERT",table:"customers",id:1,position:[0,0],data:{id:1,name:"Ada"}}`,
    ],
    [
      "u",
      { op: "u", before: null, after: ADA, key: { id: 1 } },
      `{op:"UPDATE",table:"customers",id:1,position:[0,1,23900056],data:{id:1,name:"Ada"}}`,
    ],
    [
      "d",
      { op: "d", before: ADA, key: { id: 1 } },
      `{op:"DELETE",table:"customers",id:1,position:[0,1,23900056]}`,
    ],
  ] as const)("op %s of PostgreSQL", (_, change, expected) => {
    expect(eventsOf("postgresql", 1, change)).toEqual([expected]);
  });

  test("positions of each connector come from the source's log", () => {
    const change = { op: "u", after: ADA, key: { id: 1 } } as const;
    expect(eventsOf("mysql", 3, change)[0]).toContain("position:[0,1,4,9000,0]");
    expect(eventsOf("sqlserver", 3, change)[0]).toContain("position:[0,1,39,1875,5,39,1875,2,2]");
    expect(eventsOf("mongodb", 3, change)[0]).toContain("position:[0,1,1700000003000,1]");
  });

  test("a key of several columns is their list, in the order of the key", () => {
    const change = { op: "c", after: { a: 7, b: "de", n: 1 }, key: { a: 7, b: "de" } } as const;
    expect(eventsOf("mysql", 1, change)[0]).toContain(String.raw`id:"[7,\"de\"]"`);
  });

  test("numbers keep all their digits", () => {
    const { key, value } = debeziumRecord("mysql", 1, { op: "c", after: { id: 1, n: 0 }, key: { id: 1 } });
    const body = value?.replace(`"n":0`, `"n":12345678901234567890.10`);
    expect(read(debezium, body, key)[0]).toContain("n:12345678901234567890.10");
  });
});

test("a tombstone makes no event: empty, null, or null in an envelope", () => {
  const [deletion, tombstone] = debeziumDeletion("postgresql", 2, { before: ADA, key: { id: 1 } });
  expect(tombstone?.value).toBeNull();
  expect(read(debezium, deletion?.value ?? "", deletion?.key)).toHaveLength(1);
  for (const body of ["", "null", `{"schema":null,"payload":null}`])
    expect(read(debezium, body, tombstone?.key)).toEqual([]);
});

describe("With a schema", () => {
  const ROW = {
    fields: [
      { type: "int64", field: "id" },
      {
        type: "bytes",
        name: "org.apache.kafka.connect.data.Decimal",
        parameters: { scale: "2" },
        field: "price",
      },
      { type: "int32", name: "io.debezium.time.Date", field: "born" },
      { type: "int64", name: "io.debezium.time.MicroTimestamp", field: "seen" },
      { type: "string", name: "io.debezium.time.ZonedTimestamp", field: "paid" },
      { type: "bytes", field: "photo" },
      { type: "array", items: { type: "int32", name: "io.debezium.time.Date" }, field: "days" },
    ],
  };
  const KEY = { fields: [{ type: "int64", field: "id" }] };
  const after = {
    id: 1,
    price: Buffer.from([0xff, 0x85]).toString("base64"),
    born: -1,
    seen: -1,
    paid: "2024-02-29T23:59:59.5+02:00",
    photo: "aGk=",
    days: [0, 19_000],
  };

  test("values get the types that it names, exactly", () => {
    const plain = debeziumRecord("postgresql", 1, { op: "c", after, key: { id: 1 } });
    const { key, value } = withSchema(plain, ROW, KEY);
    expect(read(debezium, value, key)).toEqual([
      `{op:"INSERT",table:"customers",id:1,position:[0,1,23900056],data:{id:1,price:-1.23,born:1969-12-31T,` +
        `seen:1969-12-31T23:59:59.999999-00:00,paid:2024-02-29T23:59:59.5+02:00,photo:{{aGk=}},days:[1970-01-01T,2022-01-08T]}}`,
    ]);
  });

  test("a value that is not what the schema says is refused, and not repeated", () => {
    const plain = debeziumRecord("postgresql", 1, {
      op: "c",
      after: { ...after, born: "secret" },
      key: { id: 1 },
    });
    const { key, value } = withSchema(plain, ROW, KEY);
    const [refusal] = read(debezium, value, key);
    expect(refusal).toContain(
      "malformed-event: Expected after.born to be a value of its schema, io.debezium.time.Date, found string",
    );
    expect(refusal).not.toContain("secret");
  });
});

describe("MongoDB", () => {
  const id = { id: `{"$oid": "64b7f1c2e4b0a1a2b3c4d5e6"}` };
  const product = {
    _id: { $oid: "64b7f1c2e4b0a1a2b3c4d5e6" },
    stock: { $numberLong: "9007199254740993" },
    price: { $numberDecimal: "19.90" },
    added: { $date: 1_700_000_000_123 },
    tags: ["a", { $numberInt: "3" }],
  };

  test("documents are Extended JSON in a text, and keep their types", () => {
    const { key, value } = debeziumRecord("mongodb", 1, { op: "u", key: id });
    const withText = JSON.stringify({
      ...(JSON.parse(value ?? "") as object),
      after: JSON.stringify(product),
    });
    expect(read(debezium, withText, key)).toEqual([
      `{op:"UPDATE",table:"products",id:"64b7f1c2e4b0a1a2b3c4d5e6",position:[0,1,1700000001000,2],data:{` +
        `_id:"64b7f1c2e4b0a1a2b3c4d5e6",stock:9007199254740993,price:19.90,added:2023-11-14T22:13:20.123Z,tags:["a",3]}}`,
    ]);
  });

  test("an update without the document says what to set", () => {
    expect(eventsOf("mongodb", 1, { op: "u", key: id })[0]).toContain(
      "capture.mode=change_streams_update_full",
    );
  });
});

test("a column that the log left out is taken from the record's current revision", () => {
  const after = { id: 1, name: "Ada", notes: "__debezium_unavailable_value" };
  expect(eventsOf("postgresql", 1, { op: "u", after, key: { id: 1 } })[0]).toContain(
    `data:{id:1,name:"Ada"},unchanged:["notes"]}`,
  );
  expect(eventsOf("postgresql", 1, { op: "c", after, key: { id: 1 } })[0]).toContain("malformed-event");
});

describe("What cannot be loaded is refused with its remedy:", () => {
  const source = { connector: "postgresql", table: "t", lsn: 1 };
  test.each([
    [
      "no key",
      { op: "c", after: ADA, source },
      `id-required: .*name the key's columns as "id" in a mapping file`,
    ],
    ["a truncation", { op: "t", source }, "unsupported-operation: .*all rows of a table are gone"],
    [
      "a transaction's begin",
      { status: "BEGIN", id: "1" },
      `unsupported-operation: .*name transaction in "ignore"`,
    ],
    ["a heartbeat", { ts_ms: 1 }, "unsupported-operation: .*heartbeat"],
    ["a change of the schema", { ddl: "ALTER", source: {} }, "unsupported-operation: .*schema-change"],
    ["an unknown operation", { op: "x", source }, "unsupported-operation: "],
    ["a flat row", { id: 1, __op: "c" }, "malformed-event: .*ExtractNewRecordState.*write a mapping file"],
    [
      "an event of this project",
      { op: "INSERT", table: "T", id: 1, data: {} },
      "malformed-event: .*an envelope with op and source",
    ],
    [
      "no position",
      { op: "c", after: ADA, source: { connector: "postgresql", table: "t" } },
      "id-required|order-unknown",
    ],
  ])("%s", (_, body, expected) => {
    expect(read(debezium, body)[0]).toMatch(new RegExp(expected, "s"));
  });

  it("another connector", () => {
    const body = { op: "c", after: ADA, source: { connector: "vitess", table: "t" } };
    expect(read(debezium, body, `{"id":1}`)[0]).toMatch(
      /order-unknown: Expected source.connector to be one of postgresql/,
    );
  });
});

describe("A mapping file for Debezium", () => {
  const file = (tables: object, more: object = {}) =>
    parseMapping(JSON.stringify({ format: 1, preset: "debezium", tables, ...more }));

  it("names tables, keys and fields", async () => {
    const mapping = await file(
      {
        "public.customers": {
          table: "Person",
          id: "$.name",
          fields: { full: "$.name", origin: "shop", "*": "$" },
        },
      },
      { epoch: 2 },
    );
    const { value } = debeziumRecord("postgresql", 1, {
      op: "c",
      after: { ...ADA, vip: true },
      key: { id: 1 },
    });
    expect(read(mapping, value)).toEqual([
      `{op:"INSERT",table:"Person",id:"Ada",position:[2,1,23900056],data:{id:1,vip:true,full:"Ada",origin:"shop"}}`,
    ]);
  });

  it("ignores tables and kinds of records that it names, and refuses tables that it does not", async () => {
    const mapping = await file({ orders: "ignore", items: {} }, { ignore: ["heartbeat", "truncate"] });
    const of = (connector: "mysql" | "sqlserver" | "postgresql") =>
      read(mapping, debeziumRecord(connector, 1, { op: "c", after: ADA, key: { id: 1 } }).value, `{"id":1}`);
    expect(of("mysql")).toEqual([]);
    expect(of("sqlserver")).toHaveLength(1);
    expect(of("postgresql")[0]).toContain(
      "not-mapped: Expected the source's table to be named, or ignored, by the mapping, found no entry for shop.public.customers",
    );
    expect(read(mapping, { ts_ms: 1 })).toEqual([]);
    expect(read(mapping, { op: "t", source: {} })).toEqual([]);
  });

  it("leaves unchanged what a mapped column left out", async () => {
    const mapping = await file({ customers: { fields: { text: "$.notes", name: "$.name" } } });
    const after = { ...ADA, notes: "__debezium_unavailable_value" };
    const { key, value } = debeziumRecord("postgresql", 1, { op: "u", after, key: { id: 1 } });
    expect(read(mapping, value, key)[0]).toContain(`data:{name:"Ada"},unchanged:["text"]`);
  });
});
