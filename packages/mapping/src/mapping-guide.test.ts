// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parseMapping, PRESETS, VALUE_TYPES } from "@ledger-loader/mapping";
import { read } from "../test/read-record";

const PAGE = readFileSync(join(__dirname, "../../../docs/guides/mapping.md"), "utf8");
const FILES = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

test("every mapping file in the guide can be used, and does what the guide says", async () => {
  const [preset, orders, flat] = await Promise.all(FILES.map((text) => parseMapping(text)));
  if (preset === undefined || orders === undefined || flat === undefined)
    throw new Error("a file is missing");
  const row = { id: 1, full_name: "Ada", created_at: 0, vip: true };
  const source = { connector: "postgresql", schema: "public", table: "customers", lsn: 7 };
  expect(read(preset, { op: "c", after: row, source })).toEqual([
    `{op:"INSERT",table:"Customer",id:1,position:[0,1,7],data:{id:1,vip:true,name:"Ada",created:1970-01-01T00:00:00.000000Z,source:"shop"}}`,
  ]);
  const order = { number: "A", revision: 1, customer: { name: "Ada" }, total: "1.50" };
  expect(read(orders, { type: "order.created", order })).toEqual([
    `{op:"INSERT",table:"Order",id:"A",version:0,data:{customer:"Ada",total:1.50,channel:"web",source:"shop"}}`,
  ]);
  expect(read(flat, { id: 1, name: "Ada", __op: "u", __lsn: 7 })).toEqual([
    `{op:"ANY",table:"Customer",id:1,position:[7],data:{id:1,name:"Ada"}}`,
  ]);
  expect(read(flat, { id: 1, __op: "d", __lsn: 8 })).toEqual([
    `{op:"DELETE",table:"Customer",id:1,position:[8]}`,
  ]);
});

test("the guide names every preset and every type", () => {
  for (const name of [...PRESETS, ...VALUE_TYPES]) expect(PAGE).toContain(name);
});
