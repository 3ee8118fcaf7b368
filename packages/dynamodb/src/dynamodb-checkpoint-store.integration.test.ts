// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  type CheckpointStore,
  type ShardLease,
  type ShardTask,
  createShardConsumer,
  silentLogger,
} from "@ledger-loader/core";
import { createDynamoDbConsumer, DynamoDbCheckpointStore } from "@ledger-loader/dynamodb";
import {
  describeWhen,
  peerAvailability,
  seededRandom,
  startDynamoDb,
  type DynamoDbLocal,
} from "@ledger-loader/testkit";
import { RecordingLoader } from "../test/recording-loader";
import { STREAM_ARN, StreamStandIn } from "../test/stream-stand-in";

let dynamo: DynamoDbLocal;

const lease = (shardId: string, counter: number, owner = "me"): ShardLease => ({ shardId, counter, owner });
const open = (tableName: string, reader = "vehicles from events") =>
  new DynamoDbCheckpointStore({ client: dynamo.client, tableName, reader });

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await sleep(10);
}

/** A consumer of four shards that stay open; it notes a checkpoint all the time. */
function fourShards(checkpoints: CheckpointStore, notes: Map<string, boolean>) {
  const read = async ({ shardId, checkpoint }: ShardTask, signal: AbortSignal) => {
    // Noted once more after the lease was lost, however that was noticed: by this note, or before it by a renewal.
    for (let n = 1, isNoted = true; isNoted && !signal.aborted; n++) {
      await sleep(20);
      isNoted = await checkpoint(String(n));
      notes.set(shardId, isNoted);
    }
  };
  const shards = ["a", "b", "c", "d"].map((shardId) => ({ shardId, parentIds: [] }));
  return createShardConsumer({
    checkpoints,
    leaseMs: 600,
    logger: silentLogger,
    list: () => Promise.resolve({ shards, isClosed: false }),
    read,
    isTransient: () => false,
  });
}

/** A store that fails from a moment on, as for a process that is killed. */
function mortal(store: CheckpointStore) {
  const state = { isDead: false };
  const alive = <T>(work: () => Promise<T>): Promise<T> =>
    state.isDead ? Promise.reject(new Error("dead")) : work();
  const checkpoints: CheckpointStore = {
    read: () => alive(() => store.read()),
    replace: (previous, next) => alive(() => store.replace(previous, next)),
    remove: (which) => alive(() => store.remove(which)),
  };
  return { state, checkpoints };
}

describeWhen(peerAvailability("dynamodb-local"), describe)("DynamoDbCheckpointStore", () => {
  beforeAll(async () => {
    dynamo = await startDynamoDb();
  });
  afterAll(() => dynamo.close());

  it("makes its table, keeps leases for the next process, and those of each reader apart", async () => {
    const table = `made-${randomUUID()}`;
    const stores = [open(table), open(table), open(table, "others")];
    expect(await Promise.all(stores.map((store) => store.read()))).toEqual([[], [], []]);
    const [store] = stores;
    expect(await store!.replace(undefined, lease("a", 1))).toBe(true);
    expect(await store!.replace(undefined, lease("b", 1))).toBe(true);
    expect(await store!.replace(lease("a", 1), { ...lease("a", 2), checkpoint: "4959" })).toBe(true);
    expect(await store!.replace(lease("b", 1), { shardId: "b", counter: 2 })).toBe(true);
    expect(await open(table).read()).toEqual([
      { ...lease("a", 2), checkpoint: "4959" },
      { shardId: "b", counter: 2 },
    ]);
    expect(await stores[2]!.read()).toEqual([]);
    await store!.remove(lease("a", 1));
    await store!.remove({ shardId: "b", counter: 2 });
    expect((await store!.read()).map(({ shardId }) => shardId)).toEqual(["a"]);
  });

  it("lets one of many have a lease, and nobody else change it", async () => {
    const table = `shared-${randomUUID()}`;
    await open(table).read();
    const taken = await Promise.all(
      Array.from({ length: 8 }, (_, i) => open(table).replace(undefined, lease("a", 1, `${i}`))),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    const store = open(table);
    const winner = `${taken.indexOf(true)}`;
    for (const wrong of [lease("a", 1, "nobody"), lease("a", 7, winner), { shardId: "a", counter: 1 }]) {
      expect(await store.replace(wrong, { ...lease("a", 2), checkpoint: "9" })).toBe(false);
    }
    expect(await store.read()).toEqual([lease("a", 1, winner)]);
  });

  it("knows its own write when the answer to it is lost and the SDK writes again", async () => {
    const table = `again-${randomUUID()}`;
    await open(table).read();
    const client = new DynamoDBClient(dynamo.clientConfig);
    let writes = 0;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === "PutItemCommand") writes++;
        const answer = await next(args);
        if (context.commandName === "PutItemCommand" && writes === 1) {
          throw Object.assign(new Error("reset"), { code: "ECONNRESET", $retryable: {} });
        }
        return answer;
      },
      { step: "finalizeRequest", priority: "low" },
    );
    const store = new DynamoDbCheckpointStore({ client, tableName: table, reader: "vehicles from events" });
    expect(await store.replace(undefined, lease("a", 1))).toBe(true);
    expect(writes).toBe(2);
    client.destroy();
  });

  it("shares shards between two consumers; one dies, the other takes over, and the dead one can note nothing", async () => {
    const table = `taken-over-${randomUUID()}`;
    const store = open(table);
    const first = mortal(open(table));
    const notes = [new Map<string, boolean>(), new Map<string, boolean>()] as const;
    const stop = new AbortController();
    const dying = fourShards(first.checkpoints, notes[0]).run(stop.signal);
    const counts = async () => {
      const owners = (await store.read()).map(({ owner }) => owner);
      return [...new Set(owners)].map((each) => owners.filter((owner) => owner === each).length).join();
    };
    await until(async () => (await counts()) === "4");
    const [{ owner: dead }] = (await store.read()) as [ShardLease];
    const living = fourShards(open(table), notes[1]).run(stop.signal);
    await until(async () => (await counts()) === "2,2");
    // Those that were taken from it: what it would have noted was refused.
    await until(() => [...notes[0].values()].filter((isNoted) => !isNoted).length >= 2);
    const before = await store.read();
    first.state.isDead = true;
    await expect(dying).rejects.toThrow("dead");
    const held = before.find(({ owner }) => owner === dead);
    await until(async () => (await counts()) === "4");
    expect(await store.replace(held, { ...held!, counter: held!.counter + 1, checkpoint: "99999" })).toBe(
      false,
    );
    stop.abort();
    await living;
    const after = await store.read();
    expect(after.map(({ owner }) => owner)).toEqual(Array.from({ length: 4 }, () => undefined));
    expect(after.map(({ checkpoint }) => checkpoint)).not.toContain("99999");
  });

  it("serves the consumer of a table's stream: two read it, and no change is missed", async () => {
    const stream = new StreamStandIn(seededRandom(3));
    const numbers = Array.from({ length: 40 }, (_, n) => stream.put(`p${n % 2}`, "INSERT", n));
    stream.rotate(0);
    numbers.push(...Array.from({ length: 20 }, (_, n) => stream.put(`p${n % 2}`, "MODIFY", n)));
    const table = `stream-${randomUUID()}`;
    const loaders = [new RecordingLoader(), new RecordingLoader()];
    const seen: string[] = [];
    const consumers = loaders.map((inner) =>
      createDynamoDbConsumer({
        ...{ pollIntervalMs: 5, shardIntervalMs: 20, retryDelayMs: 5, batchSizeMax: 5, leaseMs: 3_000 },
        client: stream.client,
        streamArn: STREAM_ARN,
        checkpoints: open(table),
        loader: {
          load: (deliveries, options) => {
            seen.push(...deliveries.map(({ deliveryId }) => deliveryId));
            return inner.load(deliveries, options);
          },
          close: () => inner.close(),
        },
      }),
    );
    stream.disable();
    await Promise.all(consumers.map((consumer) => consumer.run(new AbortController().signal)));
    // What one had read of a shard that the other takes over is read again.
    expect([...new Set(seen)].toSorted()).toEqual(numbers.toSorted());
  });

  it("says what it needs of a table with another key, and of a service that fails", async () => {
    const table = `other-${randomUUID()}`;
    await dynamo.client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    );
    await expect(open(table).read()).rejects.toMatchObject({
      code: "DYNAMODB_CHECKPOINT_TABLE",
      retryable: false,
      message: expect.stringContaining("its key is `reader` and `shardId`"),
    });
    const failing = createServer((_, response) => {
      response.writeHead(500).end("{}");
    }).listen(0, "127.0.0.1");
    await once(failing, "listening");
    const endpoint = `http://127.0.0.1:${(failing.address() as AddressInfo).port}`;
    const client = new DynamoDBClient({ ...dynamo.clientConfig, endpoint, maxAttempts: 1 });
    const store = new DynamoDbCheckpointStore({ client, tableName: table, reader: "x" });
    await expect(store.replace(undefined, lease("a", 1))).rejects.toMatchObject({ retryable: true });
    client.destroy();
    failing.close();
    expect((await dynamo.client.send(new ScanCommand({ TableName: table }))).Count).toBe(0);
  });
});
