// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openMapping, parseMapping } from "@ledger-loader/mapping";
import { read } from "../../test/read-record";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mapping-presets-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const dms = (operation: string, data: object, more: object = {}) => ({
  data,
  metadata: {
    "record-type": "data",
    operation,
    "schema-name": "shop",
    "table-name": "person",
    "stream-position": "mysql-bin-changelog.000036:597:0",
    "transaction-record-id": 1,
    "transaction-id": 7,
  },
  ...more,
});

test("dms reads records by the settings of the DMS channel, and the file of the Java loader", async () => {
  const file = join(folder, "dms-mapping.json");
  writeFileSync(file, `[{"source-table": "person", "target-table": "Person", "id-field": "id"}]`);
  const environment = { DMS_SOURCE_ENGINE: "mysql", DMS_MAPPING_FILE: file };
  const mapping = await openMapping("dms", { environment });
  expect(read(mapping, dms("insert", { id: 1, name: "Ada" }))).toEqual([
    `{op:"INSERT",table:"Person",id:1,position:[0,1,36,597,1,1],data:{id:1,name:"Ada"},unchanged:["*"]}`.replace(
      `,unchanged:["*"]`,
      "",
    ),
  ]);
  await expect(openMapping("dms")).rejects.toThrow("DMS_SOURCE_ENGINE");
});

test("a mapping file for dms names engine, keys and fields, and absent columns are unchanged", async () => {
  const mapping = await parseMapping(
    `{format: 1, preset: dms, engine: mysql, epoch: 3, tables: {
       "shop.person": {table: Person, id: "$.id", fields: {name: "$.name", born: {path: "$.born", type: timestamp}}},
       "*": ignore }}`,
  );
  expect(read(mapping, dms("update", { id: 1, name: "Ada" }))).toEqual([
    `{op:"UPDATE",table:"Person",id:1,position:[3,1,36,597,1,1],data:{name:"Ada"},unchanged:["born"]}`,
  ]);
  expect(read(mapping, dms("insert", { id: 1, name: "Ada" }))[0]).toContain(
    "malformed-event: Expected the column of field born",
  );
  expect(read(mapping, dms("delete", { id: 1 }))).toEqual([
    `{op:"DELETE",table:"Person",id:1,position:[3,1,36,597,1,1]}`,
  ]);
  const other = dms("insert", { id: 1 });
  expect(read(mapping, { ...other, metadata: { ...other.metadata, "table-name": "audit" } })).toEqual([]);
});

test("dynamodb reads records of a table's stream and those in Kinesis", async () => {
  const mapping = await parseMapping(`{format: 1, preset: dynamodb, tables: {Cars: {table: Vehicle}}}`);
  const item = { id: { S: "v1" }, n: { N: "1.50" } };
  const stream = {
    eventName: "INSERT",
    eventSourceARN: "arn:aws:dynamodb:eu-west-1:123456789012:table/Cars/stream/2026-01-01T00:00:00.000",
    dynamodb: {
      Keys: { id: { S: "v1" } },
      NewImage: item,
      SequenceNumber: "42",
      StreamViewType: "NEW_IMAGE",
    },
  };
  expect(read(mapping, stream)[0]).toContain(
    `{op:"INSERT",table:"Vehicle",id:"v1",position:[0,1767225600000,42],data:`,
  );
  const kinesis = {
    eventName: "MODIFY",
    tableName: "Cars",
    dynamodb: { Keys: { id: { S: "v1" } }, NewImage: item, ApproximateCreationDateTime: 1_700_000_000_000 },
  };
  expect(read(mapping, kinesis)[0]).toContain(
    `{op:"ANY",table:"Vehicle",id:"v1",position:[0,1700000000000000],data:`,
  );
  await expect(parseMapping(`{format: 1, preset: dynamodb, tables: {Cars: ignore}}`)).rejects.toThrow(
    "found ignore",
  );
});
