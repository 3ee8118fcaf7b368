// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import {
  type CheckpointStore,
  FileLockedError,
  SHARD_END,
  type ShardConsumerOptions,
  type ShardLease,
  type ShardTask,
  type StreamShard,
  createShardConsumer,
  isSameLease,
  silentLogger,
} from "@ledger-loader/core";

class MemoryStore implements CheckpointStore {
  readonly leases = new Map<string, ShardLease>();
  /** Asked before every change; throws what is to fail. */
  onChange: () => void = () => undefined;

  read() {
    return Promise.resolve([...this.leases.values()]);
  }

  async replace(previous: ShardLease | undefined, next: ShardLease) {
    await sleep(0);
    this.onChange();
    if (!isSameLease(this.leases.get(next.shardId), previous)) return false;
    this.leases.set(next.shardId, next);
    return true;
  }

  remove(lease: ShardLease) {
    if (isSameLease(this.leases.get(lease.shardId), lease)) this.leases.delete(lease.shardId);
    return Promise.resolve();
  }
}

const PARENT_AND_CHILDREN: readonly StreamShard[] = [
  { shardId: "grandchild", parentIds: ["left", "right"] },
  { shardId: "left", parentIds: ["parent"] },
  { shardId: "right", parentIds: ["parent"] },
  { shardId: "parent", parentIds: ["expired"] },
];

function aConsumer(checkpoints: CheckpointStore, changed: Partial<ShardConsumerOptions> = {}) {
  return createShardConsumer({
    checkpoints,
    leaseMs: 60,
    logger: silentLogger,
    list: () => Promise.resolve({ shards: PARENT_AND_CHILDREN, isClosed: true }),
    read: async ({ checkpoint }) => {
      await checkpoint(SHARD_END);
    },
    isTransient: () => false,
    ...changed,
  });
}

const never = () => new AbortController().signal;

/** Reads nothing, until it is told to stop. */
const waiting = async ({ noteCaughtUp }: ShardTask, signal: AbortSignal) => {
  noteCaughtUp(true);
  await sleep(10_000, undefined, { signal }).catch(() => undefined);
};

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

describe("createShardConsumer", () => {
  it("reads parents to their end before their children, and ends with a stream that has ended", async () => {
    const order: string[] = [];
    const store = new MemoryStore();
    const read = async ({ shardId, checkpoint }: ShardTask) => {
      order.push(shardId);
      await checkpoint(SHARD_END);
    };
    await aConsumer(store, { read }).run(never());
    expect(order).toEqual(["parent", "left", "right", "grandchild"]);
    expect([...store.leases.values()].map(({ owner, checkpoint }) => [owner, checkpoint])).toEqual(
      Array.from({ length: 4 }, () => [undefined, SHARD_END]),
    );
  });

  it("forgets shards that were read to their end and are gone, and no others", async () => {
    const store = new MemoryStore();
    await store.replace(undefined, { shardId: "gone", counter: 1, checkpoint: SHARD_END });
    await store.replace(undefined, { shardId: "gone unread", counter: 1, checkpoint: "7" });
    await aConsumer(store).run(never());
    expect(store.leases.has("gone")).toBe(false);
    expect(store.leases.has("gone unread")).toBe(true);
  });

  it("is catching up while it cannot know whether the holder of a lease is alive, then takes the shard over", async () => {
    const shards = [{ shardId: "a", parentIds: [] }];
    const store = new MemoryStore();
    await store.replace(undefined, { shardId: "a", counter: 5, owner: "killed", checkpoint: "7" });
    const stop = new AbortController();
    const tasks: ShardTask[] = [];
    const consumer = aConsumer(store, {
      list: () => Promise.resolve({ shards, isClosed: false }),
      read: (task, signal) => {
        tasks.push(task);
        return waiting(task, signal);
      },
    });
    expect(consumer.isCatchingUp!()).toBe(false);
    const running = consumer.run(stop.signal);
    expect(consumer.isCatchingUp!()).toBe(true);
    await sleep(30);
    expect(tasks).toEqual([]);
    expect(consumer.isCatchingUp!()).toBe(true);
    // It may be alive: nobody knows yet.
    expect(consumer.shards!()).toEqual([{ shardId: "a", reader: "another", position: "7", hasEnded: false }]);
    await until(() => !consumer.isCatchingUp!());
    expect(tasks).toMatchObject([{ shardId: "a", after: "7" }]);
    await tasks[0]!.checkpoint("9");
    expect(consumer.shards!()).toEqual([{ shardId: "a", reader: "this", position: "9", hasEnded: false }]);
    stop.abort();
    await running;
  });

  it("is not catching up when a living consumer holds what it does not", async () => {
    const shards = ["a", "b"].map((shardId) => ({ shardId, parentIds: [] }));
    const store = new MemoryStore();
    const stop = new AbortController();
    const consumers = [1, 2].map(() =>
      aConsumer(store, { list: () => Promise.resolve({ shards, isClosed: false }), read: waiting }),
    );
    const running = consumers.map((consumer) => consumer.run(stop.signal));
    await until(() => consumers.every((consumer) => !consumer.isCatchingUp!()));
    expect(new Set([...store.leases.values()].map(({ owner }) => owner)).size).toBe(2);
    stop.abort();
    await Promise.all(running);
  });

  it("does not let a consumer that lost its lease write a checkpoint", async () => {
    const shards = [{ shardId: "a", parentIds: [] }];
    const store = new MemoryStore();
    const stop = new AbortController();
    let isNoted: boolean | undefined;
    const running = aConsumer(store, {
      leaseMs: 60_000,
      list: () => Promise.resolve({ shards, isClosed: false }),
      read: async ({ checkpoint }) => {
        const lease = store.leases.get("a")!;
        store.leases.set("a", { ...lease, owner: "other", counter: lease.counter + 1, checkpoint: "9" });
        isNoted = await checkpoint("5");
        stop.abort();
      },
    }).run(stop.signal);
    await running;
    expect(isNoted).toBe(false);
    expect(store.leases.get("a")).toMatchObject({ owner: "other", checkpoint: "9" });
  });

  it("goes on while the store does not answer, and notes the checkpoint when it does", async () => {
    const shards = [{ shardId: "a", parentIds: [] }];
    const store = new MemoryStore();
    const stop = new AbortController();
    const consumer = aConsumer(store, {
      list: () => Promise.resolve({ shards, isClosed: false }),
      read: async (task, signal) => {
        store.onChange = () => {
          throw new FileLockedError("checkpoints", 1);
        };
        expect(await task.checkpoint("5")).toBe(true);
        expect(store.leases.get("a")).not.toHaveProperty("checkpoint");
        store.onChange = () => undefined;
        await waiting(task, signal);
      },
    });
    const running = consumer.run(stop.signal);
    await until(() => store.leases.get("a")?.checkpoint === "5");
    stop.abort();
    await running;
    expect(store.leases.get("a")).not.toHaveProperty("owner");
  });

  it("throws what a reader or the list throws, after all readers have ended", async () => {
    const failing = aConsumer(new MemoryStore(), { read: () => Promise.reject(new Error("reader")) });
    await expect(failing.run(never())).rejects.toThrow("reader");
    const unlisted = aConsumer(new MemoryStore(), { list: () => Promise.reject(new Error("list")) });
    await expect(unlisted.run(never())).rejects.toThrow("list");
  });
});
