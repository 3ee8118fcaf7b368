// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  createEvent,
  createLoader,
  eventFromRevision,
  InvalidEventError,
} from "@ledger-loader/core";
import { load } from "ion-js";
import { loadEvents } from "../../test/load-events";
import { startTestLedger, type TestLedger } from "../../test/test-ledger";

let source: TestLedger;
let target: TestLedger;

beforeAll(async () => {
  [source, target] = await Promise.all([startTestLedger({ T: "ref" }), startTestLedger()]);
  await source.run("INSERT INTO T ?", load(`{ref:"a",price:1.50}`)!);
  await source.run("UPDATE T SET price = 2.00 WHERE ref = 'a'");
  await source.run("INSERT INTO T ?", load(`{ref:"b",tags:[x::1,"y"]}`)!);
  await source.run("DELETE FROM T WHERE ref = 'b'");
});
afterAll(() => Promise.all([source.close(), target.close()]));

describe("An event of a revision that the driver has read", () => {
  it("is the current revision of the committed view, with the id and version of its metadata", async () => {
    const [row] = await source.run("SELECT * FROM _ql_committed_T AS c WHERE c.data.ref = 'a'");
    const event = eventFromRevision("T", row!);
    const expected = {
      op: "UPDATE",
      table: "T",
      version: 1,
      data: { ref: "a", price: load("2.00") },
    } as const;
    expect(event).toEqual(createEvent({ ...expected, id: row!.get("metadata", "id")! }));
  });

  it("is one of the whole history, deletions included, which another ledger takes in order and once", async () => {
    const events = (await source.run("SELECT * FROM history(T)")).map((row) => eventFromRevision("T", row));
    expect(events.map(({ op, version }) => [op, version].join(" ")).sort()).toEqual([
      "DELETE 1",
      "INSERT 0",
      "INSERT 0",
      "UPDATE 1",
    ]);
    const loader = createLoader({ ledger: target.connect(), writer: new BaseRevisionWriter() });
    expect(await loadEvents(loader, events)).toEqual(Array(4).fill("written"));
    expect(await loadEvents(loader, events)).toEqual(Array(4).fill("skipped already-applied"));
    expect(await target.documents("T")).toEqual([expect.stringContaining(`ref:"a",price:2.00`)]);
  });

  it("keeps the hash of a redacted revision, which is no deletion", () => {
    const hash = Buffer.alloc(32, 7).toString("base64");
    const event = eventFromRevision("T", load(`{dataHash:{{${hash}}},metadata:{id:"d",version:3}}`)!);
    expect([event.op, event.data, event.dataHash]).toEqual(["UPDATE", undefined, new Uint8Array(32).fill(7)]);
  });

  it.each([
    ["{a:1}", "metadata"],
    ["{data:{},metadata:{version:0}}", "id"],
    [`{data:{},metadata:{id:"d"}}`, "version"],
    [`{data:[],metadata:{id:"d",version:0}}`, "data"],
    [`{dataHash:"x",metadata:{id:"d",version:0}}`, "dataHash"],
    ["[]", "the revision"],
  ])("is refused for %s, naming what is missing", (text, field) => {
    const make = () => eventFromRevision("T", load(text)!);
    expect(make).toThrow(InvalidEventError);
    expect(make).toThrow(`Expected ${field}`);
  });
});
