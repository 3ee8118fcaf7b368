// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  CreateTableCommand,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  waitUntilTableExists,
  type AttributeValue,
  type StreamViewType,
} from "@aws-sdk/client-dynamodb";
import {
  BaseRevisionWriter,
  type DeadLetter,
  type Loader,
  createLoader,
  parkFailures,
} from "@ledger-loader/core";
import { createDynamoDbConsumer, type DynamoDbConsumerOptions } from "@ledger-loader/dynamodb";
import {
  describeChannel,
  describeWhen,
  peerAvailability,
  SimulatedCrashError,
  startDynamoDb,
  startLedger,
  type ChannelTraits,
  type DynamoDbLocal,
} from "@ledger-loader/testkit";
import { currentRows } from "../test/current-rows";
import { MemoryCheckpoints } from "../test/memory-checkpoints";

const QUICK = { pollIntervalMs: 20, shardIntervalMs: 1_000, retryDelayMs: 20 };

let dynamo: DynamoDbLocal;

/** Makes a table with a stream; returns the stream's ARN. */
async function aTable(table: string, keys: readonly string[], view: StreamViewType): Promise<string> {
  const { TableDescription } = await dynamo.client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: keys.map((name, i) => ({ AttributeName: name, KeyType: i === 0 ? "HASH" : "RANGE" })),
      AttributeDefinitions: keys.map((name) => ({ AttributeName: name, AttributeType: "S" })),
      StreamSpecification: { StreamEnabled: true, StreamViewType: view },
    }),
  );
  const wait = { client: dynamo.client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 };
  await waitUntilTableExists(wait, { TableName: table });
  return TableDescription!.LatestStreamArn!;
}

const put = (TableName: string, Item: Record<string, AttributeValue>) =>
  dynamo.client.send(new PutItemCommand({ TableName, Item }));

/** Runs a consumer until so many deliveries were loaded or parked; starts it anew when it crashes, as a supervisor would. */
async function consume(
  options: Omit<DynamoDbConsumerOptions, "client">,
  done: Set<string>,
  count: number,
): Promise<void> {
  const stop = new AbortController();
  const loader: Loader = {
    load: async (deliveries, loadOptions) => {
      const report = await options.loader.load(deliveries, loadOptions);
      const failed = new Set(report.failed.map(({ deliveryId }) => deliveryId));
      for (const { deliveryId } of deliveries) if (!failed.has(deliveryId)) done.add(deliveryId);
      if (done.size >= count) stop.abort();
      return report;
    },
    close: () => options.loader.close(),
  };
  if (done.size >= count) return;
  for (;;) {
    try {
      await createDynamoDbConsumer({ ...QUICK, ...options, client: dynamo.streams, loader }).run(stop.signal);
      return;
    } catch (error) {
      if (!(error instanceof SimulatedCrashError)) throw error;
    }
  }
}

describeWhen(peerAvailability("dynamodb-local"), describe)("The consumer on Amazon DynamoDB Local", () => {
  beforeAll(async () => {
    dynamo = await startDynamoDb();
  });
  afterAll(() => dynamo.close());

  const traits: ChannelTraits = {
    ordersGroups: true,
    parkedBy: "loader",
    noShards: "all changes of an item are in one",
    holdsUp: { of: "everything", because: "the consumer reads a shard again from the record that failed" },
  };

  describeChannel("an outbox table", traits, async (setup) => {
    const table = `outbox-${randomUUID()}`;
    const streamArn = await aTable(table, ["id"], "NEW_IMAGE");
    const letters: DeadLetter[] = [];
    const done = new Set<string>();
    let sent = 0;
    const sink = {
      park: (parked: readonly DeadLetter[]) => {
        letters.push(...parked);
        return Promise.resolve();
      },
    };
    const options = {
      streamArn,
      loader: parkFailures(setup.loader, { sink, channel: "dynamodb", waitMs: setup.parkAfterMs }),
      checkpoints: new MemoryCheckpoints(),
      eventAttribute: "event",
      batchSizeMax: setup.batchSizeMax,
    };
    return {
      send: async (messages) => {
        for (const { body, group } of messages) {
          await put(table, { id: { S: `message-${++sent}` }, event: { S: body }, group: { S: group } });
        }
      },
      drain: () => consume(options, done, sent),
      takeParked: () => {
        const images = letters.splice(0).map(({ body }) => {
          const { dynamodb } = JSON.parse(String(body)) as {
            readonly dynamodb: { readonly NewImage: Readonly<Record<string, { readonly S: string }>> };
          };
          return dynamodb.NewImage;
        });
        return Promise.resolve(images.map(({ event, group }) => ({ body: event!.S, group: group!.S })));
      },
      close: () => Promise.resolve(),
    };
  });

  it("copies a table into a ledger, every type exactly, and goes on where it was", async () => {
    const ledger = await startLedger({ tables: { Song: ["oldDocumentId"] } });
    const streamArn = await aTable("Song", ["artist", "title"], "NEW_AND_OLD_IMAGES");
    const checkpoints = new MemoryCheckpoints();
    const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
    const key = { artist: { S: "No One" }, title: { S: "Ring" } };
    const done = new Set<string>();
    const read = (count: number) => consume({ streamArn, loader, checkpoints }, done, count);

    await put("Song", {
      ...key,
      b: { B: Buffer.from("x") },
      n: { N: "12345678901234567890.5" },
      s: { SS: ["q", "p"] },
    });
    await put("Song", { artist: { S: "Other" }, title: { S: "Gone" }, empty: { S: "" } });
    await read(2);
    await dynamo.client.send(
      new DeleteItemCommand({ TableName: "Song", Key: { artist: { S: "Other" }, title: { S: "Gone" } } }),
    );
    await dynamo.client.send(
      new UpdateItemCommand({
        TableName: "Song",
        Key: key,
        UpdateExpression: "SET n = :n REMOVE b",
        ExpressionAttributeValues: { ":n": { N: "1E+3" } },
      }),
    );
    await read(4);
    const rows = await currentRows(ledger, "Song");
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain("n:1000");
    expect(rows[0]).toContain('s:SS::["p","q"]');
    expect(rows[0]).not.toContain("b:");

    // From the start again, as after the loss of the checkpoints: nothing is written, nothing comes back.
    const again = new Set<string>();
    await consume({ streamArn, loader, checkpoints: new MemoryCheckpoints() }, again, 4);
    expect(again).toEqual(done);
    expect(await currentRows(ledger, "Song")).toEqual(rows);
    await loader.close();
    await ledger.close();
  });

  it.each([
    ["KEYS_ONLY", {}, "does not tell what an item became"],
    ["OLD_IMAGE", {}, "does not tell what an item became"],
    ["NEW_IMAGE", { expiry: { archiveTo: "Archive" } }, "expired items cannot be archived"],
  ] as const)("refuses a stream of view type %s at start, with %j", async (view, options, reason) => {
    const streamArn = await aTable(`view-${randomUUID()}`, ["id"], view);
    const checkpoints = new MemoryCheckpoints();
    const run = createDynamoDbConsumer({
      ...QUICK,
      ...options,
      client: dynamo.streams,
      streamArn,
      loader: {} as Loader,
      checkpoints,
    }).run(new AbortController().signal);
    await expect(run).rejects.toMatchObject({ code: "DYNAMODB_STREAM_VIEW_TYPE" });
    await expect(run).rejects.toThrow(reason);
  });
});
