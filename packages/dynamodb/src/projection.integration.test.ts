// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { CreateTableCommand, ScanCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { randomUUID } from "node:crypto";
import type { Delivery, DeliveryContent, Loader, RevisionEvent } from "@ledger-loader/core";
import { createDynamoDbProjection } from "@ledger-loader/dynamodb";
import {
  aHistory,
  anEvent,
  describeWhen,
  disturb,
  peerAvailability,
  seededRandom,
  startDynamoDb,
  type DynamoDbLocal,
} from "@ledger-loader/testkit";
import { dom, load } from "ion-js";

let dynamo: DynamoDbLocal;
let table: string;
let tombstoneTable: string;

async function aTable(key: string): Promise<string> {
  const TableName = `t-${randomUUID()}`;
  await dynamo.client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
    }),
  );
  await waitUntilTableExists(
    { client: dynamo.client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 },
    { TableName },
  );
  return TableName;
}

function project(fields: readonly string[]): Loader {
  return createDynamoDbProjection({
    client: dynamo.client,
    tables: { Vehicle: { tableName: table, fields }, Audit: "ignored" },
    tombstoneTable,
  });
}

const itemsOf = async (TableName: string) =>
  (await dynamo.client.send(new ScanCommand({ TableName }))).Items ?? [];
const delivered = (event: RevisionEvent): Delivery => ({
  deliveryId: "d",
  decode: (): DeliveryContent => ({ events: [{ event }], atomic: false }),
});
const write = async (loader: Loader, ...events: RevisionEvent[]) =>
  (await loader.load(events.map(delivered), { onFailure: "continue" })).counts;

describeWhen(peerAvailability("dynamodb-local"), describe)("A projection into a table of DynamoDB", () => {
  beforeAll(async () => {
    dynamo = await startDynamoDb();
  });
  afterAll(() => dynamo.close());
  beforeEach(async () => {
    [table, tombstoneTable] = await Promise.all([aTable("id"), aTable("record")]);
  });

  it("holds the chosen fields of the latest revision, and nothing else", async () => {
    const data = load(
      `{color: "red", owner: {name: "Ada"}, price: 12.50, built: 2020-01-01, tags: SS::["a"]}`,
    );
    await write(
      project(["color", "price", "built", "tags", "absent"]),
      anEvent({ data: data as dom.Struct }),
    );
    expect(await itemsOf(table)).toEqual([
      {
        id: { S: "v1" },
        version: { N: "0" },
        color: { S: "red" },
        price: { N: "12.5" },
        built: { S: "2020-01-01" },
        tags: { SS: ["a"] },
      },
    ]);
  });

  it("removes the item of a deleted record, and a late older revision does not bring it back", async () => {
    const [insert, update, remove, again] = aHistory(["INSERT", "UPDATE", "DELETE", "INSERT"]);
    const loader = project(["revision"]);
    expect(await write(loader, insert!, remove!)).toMatchObject({ written: 2 });
    expect(await write(loader, update!)).toMatchObject({ written: 0, skipped: { superseded: 1 } });
    expect(await write(loader, remove!)).toMatchObject({ skipped: { "already-applied": 1 } });
    expect(await itemsOf(table)).toEqual([]);
    expect(JSON.stringify(await itemsOf(tombstoneTable))).not.toContain("v1");
    await write(loader, again!, remove!);
    expect(await itemsOf(table)).toEqual([{ id: { S: "v1" }, version: { N: "3" }, revision: { N: "3" } }]);
  });

  it("keeps a redacted revision's place without content", async () => {
    await write(
      project(["color"]),
      anEvent(),
      anEvent({ version: 1, data: undefined, dataHash: new Uint8Array(32) }),
    );
    expect(await itemsOf(table)).toEqual([{ id: { S: "v1" }, version: { N: "1" } }]);
  });

  it("rejects what it cannot project and acknowledges tables that are ignored", async () => {
    const loader = project(["color"]);
    const unordered = anEvent({ id: "x", version: undefined });
    const tooLong = anEvent({ id: "y", data: { color: 10n ** 40n + 1n } });
    const counts = await write(
      loader,
      anEvent({ table: "Owner" }),
      anEvent({ table: "Audit" }),
      unordered,
      tooLong,
      anEvent(),
    );
    expect(counts).toMatchObject({
      written: 1,
      rejected: { "not-mapped": 1, "order-unknown": 1, "malformed-event": 1 },
    });
    const bad: Delivery = {
      deliveryId: "bad",
      decode: () => {
        throw new TypeError("secret");
      },
    };
    const report = await loader.load([bad], { onFailure: "continue" });
    expect(report.failed.map(({ deliveryId }) => deliveryId)).toEqual(["bad"]);
    expect(JSON.stringify(report)).not.toContain("secret");
    expect(report.failed[0]?.events[0]?.outcome).toMatchObject({
      reason: "malformed-event",
      detail: "Expected a decodable delivery, found TypeError. Correct it at its source.",
    });
  });

  it("hands back what is behind a failure in its group, applied or not, where the channel is a FIFO queue", async () => {
    const inGroup = (deliveryId: string, group: string | undefined, event: RevisionEvent): Delivery => ({
      ...delivered(event),
      deliveryId,
      group,
    });
    const batch = [
      inGroup("before", "g", anEvent({ id: "a" })),
      inGroup("bad", "g", anEvent({ id: "b", version: undefined })),
      inGroup("behind", "g", anEvent({ id: "c" })),
      inGroup("other", "h", anEvent({ id: "d" })),
      inGroup("alone", undefined, anEvent({ id: "e" })),
    ];
    const failedWith = async (onFailure: "block-group" | "continue") =>
      (await project(["color"]).load(batch, { onFailure })).failed.map(({ deliveryId }) => deliveryId);
    expect(await failedWith("block-group")).toEqual(["bad", "behind"]);
    expect(await failedWith("continue")).toEqual(["bad"]);
  });

  it("rejects an item that does not fit its table's key, and writes the others", async () => {
    expect(await write(project(["color"]), anEvent({ id: 7 }), anEvent())).toMatchObject({
      written: 1,
      rejected: { "write-failed": 1 },
    });
  });

  it("refuses a field with the name of the key or the version", () => {
    expect(() => project(["id"])).toThrow(expect.objectContaining({ code: "CONFIGURATION" }));
    expect(() => project(["version"])).toThrow(/version twice/);
  });

  it("throws while DynamoDB does not answer: nothing is known about the events", async () => {
    const refusal = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const loader = createDynamoDbProjection({
      client: { send: () => Promise.reject(refusal) },
      tables: { Vehicle: { tableName: table, fields: [] } },
      tombstoneTable,
      retryDelayMs: 1,
    });
    await expect(write(loader, anEvent())).rejects.toMatchObject({
      code: "LEDGER_UNAVAILABLE",
      retryable: true,
    });
  });

  it.each([1, 2, 3])(
    "ends in the latest revisions whatever is repeated and reordered, SEED=%i",
    async (seed) => {
      const random = seededRandom(seed);
      const latest: unknown[] = [];
      const events = Array.from({ length: 8 }, (_, record) => {
        let exists = false as boolean;
        const ops = Array.from({ length: 1 + random.below(6) }, () => {
          const op = !exists ? "INSERT" : random.chance(0.4) ? "DELETE" : "UPDATE";
          exists = op !== "DELETE";
          return op;
        });
        const last = String(ops.length - 1);
        if (exists) latest.push({ id: { S: `v${record}` }, version: { N: last }, revision: { N: last } });
        return aHistory(ops, { id: `v${record}` });
      }).flat();
      const stream: RevisionEvent[] = [];
      for await (const event of disturb(events, { seed, duplicateRate: 0.4, windowSize: 40 }))
        stream.push(event);
      const loaders = [project(["revision"]), project(["revision"])] as const;
      // Two functions side by side, as two shards of a stream have them.
      for (let at = 0; at < stream.length; at += 10) {
        const [left, right] = [stream.slice(at, at + 5), stream.slice(at + 5, at + 10)];
        await Promise.all([write(loaders[0], ...left), write(loaders[1], ...right)]);
      }
      const found = await itemsOf(table);
      expect(found).toHaveLength(latest.length);
      expect(found).toEqual(expect.arrayContaining(latest));
    },
  );
});
