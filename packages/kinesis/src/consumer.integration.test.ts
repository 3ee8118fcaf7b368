// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  ExpiredIteratorException,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  ProvisionedThroughputExceededException,
  PutRecordCommand,
  SplitShardCommand,
} from "@aws-sdk/client-kinesis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type CheckpointStore,
  type Loader,
  SHARD_END,
  createLoader,
  encodeEvent,
} from "@ledger-loader/core";
import { createKinesisConsumer, decodeQldbStreamRecord } from "@ledger-loader/kinesis";
import {
  aHistory,
  anEvent,
  historiesOf,
  readHistories,
  startKinesis,
  startLedger,
  type KinesisEmulator,
  type TestLedger,
} from "@ledger-loader/testkit";
import { revisionRecord } from "../test/qldb-records";
import { aStore, isDrained, removeStores, runUntil } from "../test/run-consumer";

let kinesis: KinesisEmulator;
let ledger: TestLedger;
let streamName: string;
let store: CheckpointStore;

beforeAll(async () => {
  kinesis = await startKinesis();
});
afterAll(async () => {
  await kinesis.close();
  await removeStores();
});
beforeEach(async () => {
  ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
  streamName = `consumed-${randomUUID()}`;
  store = await aStore(streamName);
});
afterEach(() => ledger.close());

const loader = () => createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
const histories = () => readHistories(ledger.connect(), "Vehicle");
const drained = () => isDrained(kinesis.client, streamName, store);

/** Puts data into the shard at a place of the ring: 0 is its beginning, 1 its middle. */
async function put(Data: Uint8Array | string, half: 0 | 1 = 0): Promise<void> {
  await kinesis.client.send(
    new PutRecordCommand({
      StreamName: streamName,
      PartitionKey: "k",
      ExplicitHashKey: (half === 0 ? 1n : 2n ** 127n + 1n).toString(),
      Data: Buffer.from(Data),
    }),
  );
}

/** A loader that also notes where each delivery stood. */
function noting(origins: string[], inner: Loader = loader()): Loader {
  return {
    load: (deliveries, options) => {
      origins.push(...deliveries.map(({ origin }) => origin!));
      return inner.load(deliveries, options);
    },
    close: () => inner.close(),
  };
}

const options = (changed: Partial<Parameters<typeof runUntil>[0]> = {}) => ({
  client: kinesis.client,
  streamName,
  loader: loader(),
  checkpoints: store,
  ...changed,
});

async function shards(): Promise<string[]> {
  const { Shards } = await kinesis.client.send(new ListShardsCommand({ StreamName: streamName }));
  return Shards!.map(({ ShardId }) => ShardId!);
}

async function reshard(command: SplitShardCommand | MergeShardsCommand, shardsAfter: number): Promise<void> {
  await kinesis.client.send(command as SplitShardCommand);
  while ((await shards()).length < shardsAfter) await sleep(20);
  await sleep(50);
}

describe("A Kinesis consumer", () => {
  it("goes on after a restart behind what it has applied", async () => {
    await kinesis.createStream(streamName, 2);
    const [first, second] = [aHistory(["INSERT", "UPDATE"], { id: "a" }), aHistory(["INSERT"], { id: "b" })];
    for (const event of first) await put(encodeEvent(event));
    const before: string[] = [];
    await runUntil(options({ loader: noting(before) }), drained);
    await put(encodeEvent(second[0]!), 1);
    const after: string[] = [];
    await runUntil(options({ loader: noting(after) }), drained);
    expect(before).toHaveLength(2);
    expect(after).toHaveLength(1);
    expect(await histories()).toEqual(historiesOf([...first, ...second]));
    expect((await store.read()).every(({ owner }) => owner === undefined)).toBe(true);
  });

  it("reads parents to their end before their children, through a split and a merge", async () => {
    await kinesis.createStream(streamName, 1);
    const events = aHistory(["INSERT", ...Array.from({ length: 8 }, () => "UPDATE" as const)]);
    const [parent] = await shards();
    for (const event of events.slice(0, 3)) await put(encodeEvent(event));
    const half = (2n ** 127n).toString();
    await reshard(
      new SplitShardCommand({ StreamName: streamName, ShardToSplit: parent, NewStartingHashKey: half }),
      3,
    );
    for (const [i, event] of events.slice(3, 6).entries()) await put(encodeEvent(event), i === 1 ? 1 : 0);
    const [, left, right] = await shards();
    await reshard(
      new MergeShardsCommand({ StreamName: streamName, ShardToMerge: left, AdjacentShardToMerge: right }),
      4,
    );
    for (const event of events.slice(6)) await put(encodeEvent(event));
    const origins: string[] = [];
    await runUntil(options({ loader: noting(origins) }), drained);
    const [, , , merged] = await shards();
    const order = origins.map((origin) => origin.slice(0, origin.indexOf("/")));
    const last = (...ids: (string | undefined)[]) => Math.max(...ids.map((id) => order.lastIndexOf(id!)));
    const first = (...ids: (string | undefined)[]) => Math.min(...ids.map((id) => order.indexOf(id!)));
    expect(last(parent)).toBeLessThan(first(left, right));
    expect(last(left, right)).toBeLessThan(first(merged));
    expect(await histories()).toEqual(historiesOf(events));
    const ended = (await store.read()).filter(({ checkpoint }) => checkpoint === SHARD_END);
    expect(ended.map(({ shardId }) => shardId).toSorted()).toEqual([parent, left, right].toSorted());
  });

  it("lets revisions wait for others, in whatever shard, and nothing wait for them", async () => {
    await kinesis.createStream(streamName, 2);
    // Each shard begins with a revision whose predecessor is behind such a one in the other shard.
    await put(revisionRecord("a", 1, "data: {n: 1}"), 0);
    await put(revisionRecord("b", 1, "data: {n: 1}"), 1);
    await put(revisionRecord("b", 0, "data: {n: 0}"), 0);
    await put(revisionRecord("a", 0, "data: {n: 0}"), 1);
    await put(revisionRecord("late", 1, "data: {n: 1}"), 0);
    await put(revisionRecord("other", 0, "data: {n: 0}"), 0);
    // One record at a time: nothing is put in order by being in one batch.
    const qldb = options({ decode: decodeQldbStreamRecord, recordsMax: 1 });
    await runUntil(qldb, async () => (await histories()).size === 3);
    await put(revisionRecord("late", 0, "data: {n: 0}"), 1);
    // A new consumer: what waited is read again, because the checkpoint has waited for it.
    const origins: string[] = [];
    await runUntil({ ...qldb, loader: noting(origins) }, drained);
    const [shard] = await shards();
    // The last two of the first shard: the one that waited, and the one that did not.
    expect(new Set(origins.filter((origin) => origin.startsWith(shard!))).size).toBe(2);
    const found = await histories();
    expect([...found].map(([id, revisions]) => [id, revisions.length]).toSorted()).toEqual([
      ['"a"', 2],
      ['"b"', 2],
      ['"late"', 2],
      ['"other"', 1],
    ]);
  });

  it("stops reading when too many records wait, and goes on when they can be applied", async () => {
    await kinesis.createStream(streamName, 2);
    const early = aHistory(["INSERT", ...Array.from({ length: 12 }, () => "UPDATE" as const)]);
    for (const event of early.slice(1)) await put(encodeEvent(event));
    const origins: string[] = [];
    const limited = options({ loader: noting(origins), recordsMax: 1, waitingMax: 4 });
    let readBefore = 0;
    await runUntil(limited, async () => {
      if (readBefore > 0) return drained();
      if (origins.length < 60) return false;
      readBefore = new Set(origins).size;
      await put(encodeEvent(early[0]!), 1);
      return false;
    });
    expect(readBefore).toBe(4);
    expect(await histories()).toEqual(historiesOf(early));
  });

  it("is not stopped by iterators that expire and calls that are throttled", async () => {
    await kinesis.createStream(streamName, 1);
    const events = aHistory(["INSERT", "UPDATE", "UPDATE", "UPDATE"]);
    for (const event of events) await put(encodeEvent(event));
    const client = new KinesisClient({ ...kinesis.clientConfig, maxAttempts: 1 });
    let calls = 0;
    client.middlewareStack.add(
      (next, context) => (args) => {
        if (context.commandName !== "GetRecordsCommand") return next(args);
        calls += 1;
        const about = { message: "", $metadata: {} };
        if (calls % 3 === 1) throw new ExpiredIteratorException(about);
        if (calls % 3 === 2) throw new ProvisionedThroughputExceededException(about);
        return next(args);
      },
      { step: "initialize" },
    );
    await runUntil(options({ client, recordsMax: 2 }), drained);
    expect(calls).toBeGreaterThan(5);
    expect(await histories()).toEqual(historiesOf(events));
  });

  it("shares shards with another one, and takes over those of one that died", async () => {
    await kinesis.createStream(streamName, 4);
    let isDead = false;
    const mortal: CheckpointStore = {
      read: () => store.read(),
      replace: (previous, next) =>
        isDead ? Promise.reject(new Error("dead")) : store.replace(previous, next),
      remove: (lease) => store.remove(lease),
    };
    const stops = [new AbortController(), new AbortController()];
    const run = (checkpoints: CheckpointStore, i: number) =>
      createKinesisConsumer({ ...options({ checkpoints }), pollMs: 10, leaseMs: 300 }).run(stops[i]!.signal);
    const first = run(mortal, 0);
    const owners = async () => (await store.read()).map(({ owner }) => owner);
    const counts = async () => {
      const all = await owners();
      return [...new Set(all)].map((each) => all.filter((owner) => owner === each).length).toSorted();
    };
    while ((await counts()).join() !== "4") await sleep(20);
    const second = run(store, 1);
    while ((await counts()).join() !== "2,2") await sleep(20);
    isDead = true;
    await expect(first).rejects.toThrow("dead");
    while ((await counts()).join() !== "4") await sleep(20);
    const event = anEvent();
    await put(encodeEvent(event));
    while ((await histories()).size === 0) await sleep(20);
    stops[1]!.abort();
    await second;
    expect(await owners()).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("begins at a time", async () => {
    await kinesis.createStream(streamName, 1);
    await put(encodeEvent(anEvent({ id: "old" })));
    await sleep(1_100);
    const startAt = new Date();
    const event = anEvent({ id: "new" });
    await put(encodeEvent(event));
    await runUntil(options({ startAt }), drained);
    expect(await histories()).toEqual(historiesOf([event]));
  });

  it("ends when the stream is not there", async () => {
    await expect(runUntil(options(), () => false)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
