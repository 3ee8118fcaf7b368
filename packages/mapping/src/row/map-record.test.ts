// SPDX-License-Identifier: MIT
import { describe, expect, it, test } from "@jest/globals";
import type { EventMapping } from "@ledger-loader/core";
import { parseMapping } from "@ledger-loader/mapping";
import { read } from "../../test/read-record";

const rules = (records: readonly object[], more: object = {}): Promise<EventMapping> =>
  parseMapping(JSON.stringify({ format: 1, records, ...more }));

const ORDER = {
  when: { "$.type": ["order.created", "order.changed", "order.gone"] },
  op: {
    path: "$.type",
    values: { "order.created": "INSERT", "order.changed": "UPDATE", "order.gone": "DELETE" },
  },
  table: "Order",
  id: "$.order.no",
  version: { path: "$.order.revision", add: -1 },
  fields: {
    customer: "$.order.customer.name",
    total: { path: "$.order.total", type: "decimal" },
    placed: { path: "$.at", type: "epoch-millis", optional: true },
    channel: { path: "$.via", default: "web" },
    origin: "shop",
    lines: { fields: { first: "$.order.lines[0]" } },
  },
};

const created = {
  type: "order.created",
  at: 1_700_000_000_000,
  order: { no: "A-1", revision: 1, customer: { name: "Ada" }, total: "19.90", lines: ["x", "y"] },
};

describe("Rules for records", () => {
  it("find every part of an event by its path", async () => {
    expect(read(await rules([ORDER]), created)).toEqual([
      `{op:"INSERT",table:"Order",id:"A-1",version:0,data:{customer:"Ada",total:19.90,placed:2023-11-14T22:13:20.000Z,` +
        `channel:"web",origin:"shop",lines:{first:"x"}}}`,
    ]);
  });

  it("make no content for a deletion, whatever the record lacks", async () => {
    const gone = { type: "order.gone", order: { no: "A-1", revision: 3 } };
    expect(read(await rules([ORDER]), gone)).toEqual([`{op:"DELETE",table:"Order",id:"A-1",version:2}`]);
  });

  it("keep a null, and leave out an optional field that is absent", async () => {
    const { at: _, ...withoutTime } = created;
    const body = { ...withoutTime, order: { ...created.order, total: null } };
    expect(read(await rules([ORDER]), body)[0]).toContain(
      `data:{customer:"Ada",total:null,channel:"web",origin:"shop"`,
    );
  });

  it("are tried in their order, and a record that none fits is refused unless the file says otherwise", async () => {
    const other = { type: "invoice" };
    expect(read(await rules([ORDER]), other)[0]).toMatch(
      /^not-mapped: Expected the record to be one that a rule/,
    );
    expect(read(await rules([ORDER], { otherwise: "ignore" }), other)).toEqual([]);
    const any = { op: { path: "$.type", values: { invoice: "ignore" } }, table: "Rest" };
    expect(read(await rules([ORDER, any]), other)).toEqual([]);
  });

  it("know whether something is there", async () => {
    const mapping = await rules([
      {
        when: { "$.after": { exists: true } },
        op: "ANY",
        table: "T",
        id: "$key.id",
        position: ["$.at"],
        data: "$.after",
      },
      { when: { "$.after": { exists: false } }, op: "DELETE", table: "T", id: "$key.id", position: ["$.at"] },
    ]);
    expect(read(mapping, { at: 1, after: { a: 1 } }, `{"id":7}`)).toEqual([
      `{op:"ANY",table:"T",id:7,position:[1],data:{a:1}}`,
    ]);
    expect(read(mapping, { at: 2 }, `{"id":7}`)).toEqual([`{op:"DELETE",table:"T",id:7,position:[2]}`]);
  });

  it("keep the hash of a redacted revision, which had a document, and is no deletion", async () => {
    const hash = Buffer.alloc(32, 7).toString("base64");
    const revision = (op: string, rest: string): string =>
      `{op:${op},table:"T",id:"a",version:1,dataHash:{{${hash}}}${rest}}`;
    const common = { op: "$.op", table: "U", id: "$.id", version: "$.version" };
    const mapping = await rules([
      { when: { "$.data": { exists: true } }, ...common, fields: { name: "$.data.name" } },
      { when: { "$.op": "DELETE" }, ...common },
    ]);
    expect(read(mapping, revision("UPDATE", ""))).toEqual([
      `{op:"UPDATE",table:"U",id:"a",version:1,dataHash:{{${hash}}}}`,
    ]);
    const byContent = await rules([{ when: { "$.data.kind": "car" }, ...common, data: "$.data" }]);
    expect(read(byContent, revision("UPDATE", ""))[0]).toMatch(/^not-mapped: .*found a redacted revision/);
    // A record in JSON that has such a field, and one that has a document beside it, are read by their fields alone.
    const whole = await rules([{ op: "ANY", table: "U", id: "$.id", data: "$" }]);
    const json = `{"id":"a","dataHash":"${hash}"}`;
    expect(read(whole, json)).toEqual([
      `{op:"ANY",table:"U",id:"a",data:${json.replace(/"(\w+)":/g, "$1:")}}`,
    ]);
    expect(read(whole, revision("UPDATE", ",data:{}"))[0]).toContain("data:{op:UPDATE");
  });

  it("take every field of a struct that no other entry reads", async () => {
    const mapping = await rules([
      { op: "INSERT", table: "T", id: ["$.a", "$.b"], fields: { first: "$.a", "*": "$" } },
    ]);
    expect(read(mapping, `{"a":1,"b":"x","c":1.50}`)).toEqual([
      String.raw`{op:"INSERT",table:"T",id:"[1,\"x\"]",data:{b:"x",c:1.50,first:1}}`,
    ]);
  });

  it("read a list as a source transaction, of which one bad record fails all", async () => {
    const mapping = await rules([{ op: "INSERT", table: "T", id: "$.id", data: "$" }]);
    expect(mapping.read(`[{"id":1},{"id":2}]`)).toMatchObject({ atomic: true, events: [{}, {}] });
    expect(mapping.read(`{"id":1}\n{"id":2}`)).toMatchObject({ atomic: false, events: [{}, {}] });
    expect(read(mapping, `[{"id":1},{"id":null}]`)[1]).toContain("id-required");
  });
});

describe("Errors name the path and what was expected, never the value:", () => {
  const bad = (change: object): Promise<string> =>
    rules([ORDER]).then((mapping) => read(mapping, { ...created, ...change })[0] ?? "");
  const order = (change: object) => bad({ order: { ...created.order, ...change } });

  test.each([
    [
      "absent",
      { customer: {} },
      `malformed-event: Expected $.order.customer.name to be a value or null, found nothing (say "optional": true`,
    ],
    [
      "no struct on the way",
      { customer: "secret" },
      "malformed-event: Expected $.order.customer.name to be a path through structs (to name), found string",
    ],
    [
      "another type",
      { total: "secret" },
      "malformed-event: Expected $.order.total to be a value of type decimal, found string",
    ],
    [
      "no int",
      { revision: "secret" },
      "malformed-event: Expected $.order.revision to be an int, found string",
    ],
    [
      "null as an id",
      { no: null },
      "id-required: Expected $.order.no to be a value, being part of the id, found null",
    ],
    [
      "a negative version",
      { revision: 0 },
      "malformed-event: Expected version to be an int from 0 to 2^53 - 1, found -1",
    ],
  ])("%s", async (_, change, expected) => {
    const found = await order(change);
    expect(found).toContain(expected);
    expect(found).not.toContain("secret");
  });

  test("a wrong path to the document of an ANY is no deletion", async () => {
    const mapping = await rules([
      { op: "ANY", table: "T", id: "$.id", data: { path: "$.dat", optional: true } },
    ]);
    expect(read(mapping, { id: 1, data: {} })[0]).toContain("Expected $.dat to be a struct, found nothing");
  });

  test("an operation that is not translated", async () => {
    const mapping = await rules([{ op: "$.op", table: "T", id: "$.id", data: "$" }]);
    expect(read(mapping, { id: 1, op: "upsert" })[0]).toMatch(
      /^unsupported-operation: .*translate it with "values"/,
    );
  });
});

test.each([
  ["epoch-days", 19_000, "2022-01-08T"],
  ["epoch-micros", -1, "1969-12-31T23:59:59.999999Z"],
  ["epoch-nanos", 1, "1970-01-01T00:00:00.000000001Z"],
  ["micros", "2024-02-29T00:00:00.5+02:00", "1709157600500000"],
  ["base64", "aGk=", "{{aGk=}}"],
  ["timestamp", "2024-02-29 10:00:00Z", "2024-02-29T10:00:00Z"],
  ["json", `{"a":1.50}`, "{a:1.50}"],
  ["int", "12345678901234567890", "12345678901234567890"],
  ["bool", "t", "true"],
])("type %s", async (type, value, expected) => {
  const mapping = await rules([{ op: "INSERT", table: "T", id: "k", fields: { v: { path: "$.v", type } } }]);
  expect(read(mapping, { v: value })).toEqual([`{op:"INSERT",table:"T",id:"k",data:{v:${expected}}}`]);
});

test("type decimal-base64 takes its scale", async () => {
  const v = { path: "$.v", type: "decimal-base64", scale: 3 };
  const mapping = await rules([{ op: "INSERT", table: "T", id: "k", fields: { v } }]);
  expect(read(mapping, { v: Buffer.from([0x03, 0xe8]).toString("base64") })[0]).toContain("data:{v:1.000}");
});
