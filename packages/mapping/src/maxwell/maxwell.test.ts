// SPDX-License-Identifier: MIT
import { beforeAll, expect, test } from "@jest/globals";
import type { EventMapping } from "@ledger-loader/core";
import { openMapping, parseMapping } from "@ledger-loader/mapping";
import { read } from "../../test/read-record";

let maxwell: EventMapping;
beforeAll(async () => {
  maxwell = await openMapping("maxwell");
});

const record = (type: string, more: object = {}) => ({
  database: "shop",
  table: "order",
  type,
  ts: 1_700_000_000,
  xid: 23_396,
  xoffset: 1,
  position: "master.000006:800911",
  primary_key_columns: ["id"],
  data: { id: 1, total: 4.25 },
  ...more,
});

test.each([
  ["insert", `{op:"INSERT",table:"order",id:1,position:[0,1,6,800911,0,1],data:{id:1,total:4.25}}`],
  ["update", `{op:"UPDATE",table:"order",id:1,position:[0,1,6,800911,0,1],data:{id:1,total:4.25}}`],
  ["delete", `{op:"DELETE",table:"order",id:1,position:[0,1,6,800911,0,1]}`],
  ["bootstrap-insert", `{op:"INSERT",table:"order",id:1,position:[0,0],data:{id:1,total:4.25}}`],
])("%s", (type, expected) => {
  expect(read(maxwell, record(type))).toEqual([expected]);
});

test("the begin and end of a bootstrap make no event", () => {
  expect(read(maxwell, record("bootstrap-start", { data: {} }))).toEqual([]);
  expect(read(maxwell, record("bootstrap-complete", { data: {} }))).toEqual([]);
});

test("the last row of a transaction comes after the others", () => {
  const last = read(maxwell, record("update", { xoffset: undefined, commit: true }));
  expect(last[0]).toContain("position:[0,1,6,800911,1,0]");
});

test("an update that changes the key ends one record and begins another, in one transaction", () => {
  const body = record("update", { old: { id: 9 } });
  expect(read(maxwell, body)).toEqual([
    `{op:"DELETE",table:"order",id:9,position:[0,1,6,800911,0,1]}`,
    `{op:"INSERT",table:"order",id:1,position:[0,1,6,800911,0,1],data:{id:1,total:4.25}}`,
  ]);
  expect(maxwell.read(JSON.stringify(body)).atomic).toBe(true);
});

test("the key is that of the mapping, of the record or of the message", async () => {
  const { primary_key_columns: _, ...without } = record("insert");
  expect(read(maxwell, without, `{"database":"shop","table":"order","pk.id":1}`)[0]).toContain("id:1,");
  expect(read(maxwell, without)[0]).toMatch(/^id-required: .*output_primary_key_columns=true/);
  const mapping = await parseMapping(
    `{format: 1, preset: maxwell, tables: {"shop.order": {table: Order, id: "$.name"}}}`,
  );
  const named = { ...without, data: { id: 1, name: "Ada" } };
  expect(read(mapping, named)[0]).toContain(`table:"Order",id:"Ada",`);
});

test("what cannot be ordered or is no change of a row is refused with its remedy", async () => {
  expect(read(maxwell, record("insert", { position: undefined }))[0]).toMatch(
    /^order-unknown: .*output_binlog_position=true/,
  );
  expect(read(maxwell, record("table-alter"))[0]).toMatch(
    /^unsupported-operation: .*name schema-change in "ignore"/,
  );
  const mapping = await parseMapping(`{format: 1, preset: maxwell, ignore: ["schema-change"]}`);
  expect(read(mapping, record("table-alter"))).toEqual([]);
});
