// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, LedgerUnavailableError, type Loader, createLoader } from "@ledger-loader/core";
import { createDmsHandler } from "@ledger-loader/dms";
import { readHistories, startLedger, type TestLedger } from "@ledger-loader/testkit";
import { aBatch, aRecord, keepLines, options } from "../test/dms-records";
import { drainShard, parkingLoader, readRows } from "../test/test-shard";

const ID = "oldDocumentId";
let ledger: TestLedger;
let loader: Loader;

beforeEach(async () => {
  ledger = await startLedger({ tables: { Person: [ID], Pair: [ID] } });
  loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
});
afterEach(() => ledger.close());

const insert = (id: number, at: number, name = "Ada"): string => aRecord({ row: { id, name }, at });
const update = (id: number, at: number, name: string): string =>
  aRecord({ operation: "update", row: { id, name }, at });
const remove = (id: number, at: number): string =>
  aRecord({ operation: "delete", row: { id, name: null }, at });

const histories = async (): Promise<unknown> =>
  Object.fromEntries(await readHistories(ledger.connect(), "Person"));
const rows = async (table = "Person"): Promise<unknown> =>
  Object.fromEntries(await readRows(ledger.connect(), table));

/** The blocks that hold the revisions of a table, one per revision. */
async function blocks(): Promise<readonly number[]> {
  const found = await ledger.connect().transact((transaction) => {
    return transaction.execute(`SELECT * FROM history("Person") AS h`);
  });
  return found.map((row) => row.get("blockAddress", "sequenceNo")?.numberValue() ?? -1);
}

describe("DMS over Kinesis, into a real ledger", () => {
  it("loads a full load followed by changes of several tables", async () => {
    const bodies = [
      aRecord({ recordType: "control", operation: "create-table" }),
      aRecord({ operation: "load", row: { id: 1, name: "Ada" } }),
      aRecord({ operation: "load", row: { id: 2, name: "Bob" } }),
      aRecord({ operation: "load", table: "pair", row: { a: 1, b: "x", n: 1 } }),
      update(1, 10, "Eve"),
      insert(3, 11, "Joe"),
      aRecord({ operation: "update", table: "pair", row: { a: 1, b: "x", n: 2 }, before: {}, at: 12 }),
      remove(2, 13),
    ];
    await drainShard(bodies, { loader, dms: options(), batchSizeMax: 3 });
    expect(await rows()).toEqual({ "1": `{id:1,name:"Eve"}`, "3": `{id:3,name:"Joe"}` });
    expect(await rows("Pair")).toEqual({ [String.raw`"[1,\"x\"]"`]: `{a:1,b:"x",n:2}` });
    expect(await histories()).toEqual({
      "1": [`{id:1,name:"Ada"}`, `{id:1,name:"Eve"}`],
      "2": [`{id:2,name:"Bob"}`, "deleted"],
      "3": [`{id:3,name:"Joe"}`],
    });
  });

  it.each([1, 10])(
    "writes a record once that is in the stream twice, in batches of %i",
    async (batchSizeMax) => {
      const once = [insert(1, 1), update(1, 2, "Eve"), update(1, 3, "Joe"), insert(2, 4), remove(2, 5)];
      await drainShard([...once.flatMap((body) => [body, body]), ...once], {
        loader,
        dms: options(),
        batchSizeMax,
      });
      expect(await histories()).toEqual({
        "1": [`{id:1,name:"Ada"}`, `{id:1,name:"Eve"}`, `{id:1,name:"Joe"}`],
        "2": [`{id:2,name:"Ada"}`, "deleted"],
      });
    },
  );

  it("a row deleted and inserted again lives again, and a redelivered insert does not revive it", async () => {
    await drainShard([insert(1, 1), remove(1, 2), insert(1, 1), insert(1, 1)], { loader, dms: options() });
    expect(await rows()).toEqual({});
    await drainShard([insert(1, 3, "again"), remove(1, 2), insert(1, 1)], { loader, dms: options() });
    expect(await rows()).toEqual({ "1": `{id:1,name:"again"}` });
    expect(await histories()).toEqual({ "1": [`{id:1,name:"Ada"}`, "deleted", `{id:1,name:"again"}`] });
  });

  it("a redelivered or overtaken update writes no revision, where the Java loader would write one each time", async () => {
    const bodies = [insert(1, 1), update(1, 3, "new"), update(1, 2, "old"), update(1, 3, "new")];
    await drainShard(bodies, { loader, dms: options(), batchSizeMax: 1 });
    expect(await histories()).toEqual({ "1": [`{id:1,name:"Ada"}`, `{id:1,name:"new"}`] });
  });

  it("a row of the full load that comes after its changes is older than they", async () => {
    const load = aRecord({ operation: "load", row: { id: 1, name: "loaded" } });
    await drainShard([insert(1, 1), load, remove(1, 2), load], { loader, dms: options(), batchSizeMax: 1 });
    expect(await rows()).toEqual({});
  });

  it("a table loaded again under a new epoch outweighs what was there", async () => {
    const load = aRecord({ operation: "load", row: { id: 1, name: "loaded" } });
    await drainShard([insert(1, 900)], { loader, dms: options() });
    await drainShard([load, update(1, 1, "after")], { loader, dms: options({ epoch: 1 }) });
    expect(await rows()).toEqual({ "1": `{id:1,name:"after"}` });
  });

  it("a changed key ends the old record and begins the new one in one transaction of the ledger", async () => {
    const move = aRecord({ operation: "update", row: { id: 2, name: "Ada" }, before: { id: 1 }, at: 2 });
    await drainShard([insert(1, 1), move, move], { loader, dms: options(), batchSizeMax: 1 });
    expect(await rows()).toEqual({ "2": `{id:2,name:"Ada"}` });
    const [, deleted, created] = (await blocks()).toSorted((a, b) => a - b);
    expect(deleted).toBe(created);
    expect(await blocks()).toHaveLength(3);
  });
});

describe("Source transactions", () => {
  const transaction = (rowsOf: number, id = 9): string[] =>
    Array.from({ length: rowsOf }, (_, i) =>
      aRecord({ row: { id: i + 1, name: "Ada" }, at: i + 1, transaction: [id, i + 1] }),
    );

  it("are one transaction of the ledger where they fit", async () => {
    await drainShard(transaction(12), { loader, dms: options(), batchSizeMax: 100 });
    expect(new Set(await blocks()).size).toBe(1);
  });

  it("are split, and reported, where they exceed the ledger's limits or change a row twice", async () => {
    const { logger, lines } = keepLines();
    const twice = [
      ...transaction(2),
      aRecord({ operation: "update", row: { id: 1, name: "Eve" }, at: 9, transaction: [9, 3] }),
    ];
    await drainShard([...twice, ...transaction(30, 10)], {
      loader,
      dms: options({ logger }),
      batchSizeMax: 100,
    });
    const split = lines.filter(({ message }) => message.startsWith("source transaction split"));
    expect(split.map(({ fields }) => fields["transactionId"])).toEqual(["9", "10"]);
    expect(await rows()).toMatchObject({ "1": `{id:1,name:"Eve"}`, "30": `{id:30,name:"Ada"}` });
  });

  it("are written not at all if one of their records is rejected", async () => {
    const broken = aRecord({ row: { name: "keyless" }, at: 3, transaction: [9, 3] });
    const handler = createDmsHandler(loader, options());
    const response = await handler(aBatch([...transaction(2), broken, insert(7, 20)]));
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: "100" }]);
    expect(await rows()).toEqual({ "7": `{id:7,name:"Ada"}` });
  });
});

describe("What goes wrong", () => {
  it.each([0, 1, 2, 3, 4])("poison at place %i is parked, and the others are loaded", async (place) => {
    const { loader: parking, letters } = parkingLoader(ledger.connect());
    const good = [1, 2, 3, 4].map((n) => insert(n, n));
    await drainShard(good.toSpliced(place, 0, "not JSON"), { loader: parking, dms: options() });
    expect(Object.keys((await rows()) as object)).toEqual(["1", "2", "3", "4"]);
    expect(letters.map(({ body, reason }) => [Buffer.from(body).toString(), reason])).toEqual([
      ["not JSON", "malformed-event"],
    ]);
  });

  it("without parking, a rejected record holds up its shard and what came before it is kept", async () => {
    const handler = createDmsHandler(loader, options());
    const truncate = aRecord({ recordType: "control", operation: "truncate-table" });
    const response = await handler(aBatch([insert(1, 1), truncate, insert(2, 2)]));
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: "101" }] });
    expect(await rows()).toEqual({ "1": `{id:1,name:"Ada"}`, "2": `{id:2,name:"Ada"}` });
  });

  it("a missing table parks its rows, which are loaded where they come again once it is there", async () => {
    const { loader: parking, letters } = parkingLoader(ledger.connect());
    const mapper = { ...options().mapper, mapTableName: () => "Late" };
    const dms = options({
      mapper: { ...mapper, mapPrimaryKey: (row) => row.get("id") ?? undefined, mapDataRecord: (row) => row },
    });
    await drainShard([insert(1, 1), update(1, 2, "Eve")], { loader: parking, dms });
    expect(letters.map(({ reason }) => reason)).toEqual(["unknown-table", "unknown-table"]);
    await ledger.createTable("Late", [ID]);
    const bodies = letters.splice(0).map(({ body }) => Buffer.from(body).toString());
    await drainShard(bodies, { loader: parking, dms });
    expect(letters).toEqual([]);
    expect(await rows("Late")).toEqual({ "1": `{id:1,name:"Eve"}` });
  });

  it("an outage of the ledger fails the batch, and nothing is lost or parked", async () => {
    const { loader: parking, letters } = parkingLoader(ledger.connect());
    const handler = createDmsHandler(parking, options());
    await ledger.stop();
    await expect(handler(aBatch([insert(1, 1)]))).rejects.toThrow(LedgerUnavailableError);
    await ledger.restart();
    expect(await handler(aBatch([insert(1, 1)]))).toEqual({ batchItemFailures: [] });
    expect(letters).toEqual([]);
    expect(await rows()).toEqual({ "1": `{id:1,name:"Ada"}` });
  });

  it("a crash between commit and answer writes nothing twice", async () => {
    const crashes = ["after", "before", "after", undefined, "after", "after"] as const;
    let invocation = 0;
    const bodies = [insert(1, 1), update(1, 2, "Eve"), remove(1, 3), insert(1, 4, "again"), insert(2, 5)];
    const { invocations } = await drainShard(bodies, {
      loader,
      dms: options(),
      batchSizeMax: 2,
      crash: () => crashes[invocation++],
    });
    expect(invocations).toBe(8);
    expect(await histories()).toEqual({
      "1": [`{id:1,name:"Ada"}`, `{id:1,name:"Eve"}`, "deleted", `{id:1,name:"again"}`],
      "2": [`{id:2,name:"Ada"}`],
    });
  });

  it("a change whose row is not there yet is tried again and then fits", async () => {
    const handler = createDmsHandler(loader, options());
    const early = await handler(aBatch([update(1, 2, "Eve")]));
    expect(early.batchItemFailures).toHaveLength(1);
    await handler(aBatch([insert(1, 1)]));
    expect(await handler(aBatch([update(1, 2, "Eve")]))).toEqual({ batchItemFailures: [] });
    expect(await rows()).toEqual({ "1": `{id:1,name:"Eve"}` });
  });
});
