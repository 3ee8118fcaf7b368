// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  type Delivery,
  type DeliveryReport,
  LedgerUnavailableError,
  type LoadReport,
  type Loader,
  OutageLog,
  type Outcome,
  rejected,
  silentLogger,
} from "@ledger-loader/core";
import type { Batch } from "kafkajs";
import { until } from "../test/until";
import { PartitionLane, type BatchAccess, type LaneSettings } from "./partition-lane";

const TOPIC = "events";

/** A loader whose answers a test decides about, one call after the other. */
class ScriptedLoader implements Loader {
  readonly calls: (readonly string[])[] = [];
  /** The deliveries that fail, by id. */
  readonly failing = new Set<string>();
  /** Waited for before each answer. */
  before: (signal: AbortSignal | undefined) => Promise<void> = () => Promise.resolve();

  async load(deliveries: readonly Delivery[], { signal }: { signal?: AbortSignal }): Promise<LoadReport> {
    this.calls.push(deliveries.map(({ deliveryId }) => deliveryId.replace(`${TOPIC}-0@`, "")));
    await this.before(signal);
    const reports = deliveries.map(({ deliveryId }): DeliveryReport => {
      const outcome: Outcome = this.failing.has(deliveryId)
        ? rejected("version-gap", "", true)
        : { status: "written" };
      return { deliveryId, events: [{ outcome }], split: false, heldBack: false };
    });
    const failed = reports.filter(({ deliveryId }) => this.failing.has(deliveryId));
    const skipped = { "already-applied": 0, superseded: 0, "missing-document": 0 };
    const counts = { written: reports.length - failed.length, skipped, rejected: {}, writtenWithoutId: 0 };
    return { deliveries: reports, failed, counts };
  }

  fail(...offsets: number[]): void {
    this.failing.clear();
    for (const offset of offsets) this.failing.add(`${TOPIC}-0@${offset}`);
  }

  close() {
    return Promise.resolve();
  }
}

describe("PartitionLane", () => {
  let loader: ScriptedLoader;
  let lost: AbortController;
  let stop: AbortController;
  let commits: string[];
  let resolved: string[];
  let failures: unknown[];
  let paused: string[];
  let heartbeat: () => Promise<void>;
  beforeEach(() => {
    loader = new ScriptedLoader();
    [lost, stop] = [new AbortController(), new AbortController()];
    [commits, resolved, failures, paused] = [[], [], [], []];
    heartbeat = () => Promise.resolve();
  });
  afterEach(() => {
    lost.abort();
  });

  const aLane = (settings: Partial<LaneSettings> = {}, after?: Promise<unknown>) =>
    new PartitionLane(
      { topic: TOPIC, partition: 0 },
      {
        loader,
        logger: silentLogger,
        outage: new OutageLog(silentLogger, { away: "away", back: "back" }),
        commits: new OutageLog(silentLogger, { away: "away", back: "back" }),
        batchSizeMax: 2,
        heldMax: 100,
        retryDelayMs: 1,
        retryDelayMaxMs: 10,
        heartbeatIntervalMs: 5,
        loadTimeoutMs: 10_000,
        ...settings,
      },
      {
        pause: () => paused.push("paused"),
        resume: () => paused.push("resumed"),
        fail: (error) => failures.push(error),
        lost: lost.signal,
        stop: stop.signal,
      },
      after,
    );

  const aBatch = (from: number, count: number, commit = committing): BatchAccess => {
    const messages = Array.from({ length: count }, (_, index) => ({
      offset: String(from + index),
      key: Buffer.from("key"),
      value: Buffer.from("{}"),
      timestamp: "1763690000000",
      attributes: 0,
    }));
    return {
      batch: { messages, lastOffset: () => String(from + count - 1) } as Batch,
      heartbeat: () => heartbeat(),
      resolveOffset: (offset) => resolved.push(offset),
      commitOffsetsIfNecessary: commit,
    };
  };
  const committing: BatchAccess["commitOffsetsIfNecessary"] = (offsets) => {
    commits.push(offsets!.topics[0]!.partitions[0]!.offset);
    return Promise.resolve();
  };

  it("commits after each part of a batch what was loaded, and heartbeats", async () => {
    let heartbeats = 0;
    heartbeat = () => {
      heartbeats += 1;
      return Promise.resolve();
    };
    await aLane().read(aBatch(10, 5));
    expect(loader.calls).toEqual([["10", "11"], ["12", "13"], ["14"]]);
    expect(commits).toEqual(["12", "14", "15"]);
    expect(resolved).toEqual(["11", "13", "14"]);
    expect(heartbeats).toBe(3);
  });

  it("goes on behind a failed record, commits nothing beyond it, and tries it again before what follows", async () => {
    const lane = aLane({ retryDelayMs: 10_000, retryDelayMaxMs: 10_000 });
    loader.fail(1);
    await lane.read(aBatch(0, 4));
    expect(loader.calls).toEqual([
      ["0", "1"],
      ["1", "2", "3"],
    ]);
    expect(commits).toEqual(["1"]);
    loader.fail();
    await lane.read(aBatch(4, 1));
    expect(loader.calls.at(-1)).toEqual(["1", "4"]);
    expect(commits).toEqual(["1", "5"]);
  });

  it("tries a failed record again where no further batch comes", async () => {
    const lane = aLane();
    loader.fail(0, 1);
    await lane.read(aBatch(0, 2));
    await until(() => loader.calls.length > 3);
    loader.fail();
    await until(() => commits.at(-1) === "2");
    expect(new Set(loader.calls.flat())).toEqual(new Set(["0", "1"]));
  });

  it("waits for a ledger that is away, with heartbeats, and gives the partition up when the group wants it", async () => {
    loader.before = () => Promise.reject(new LedgerUnavailableError("none", undefined));
    const lane = aLane();
    const reading = lane.read(aBatch(0, 1));
    await until(() => loader.calls.length > 3);
    heartbeat = () => Promise.reject(new Error("REBALANCE_IN_PROGRESS"));
    await expect(reading).rejects.toThrow("REBALANCE_IN_PROGRESS");
    expect({ commits, resolved, failures }).toEqual({ commits: [], resolved: [], failures: [] });
  });

  it("asks a loader that takes too long to give up, and tries again", async () => {
    let asked = 0;
    loader.before = (signal) =>
      loader.calls.length > 1
        ? Promise.resolve()
        : new Promise((_, reject) => {
            signal!.addEventListener("abort", () => {
              asked += 1;
              reject(new LedgerUnavailableError("none", undefined));
            });
          });
    await aLane({ loadTimeoutMs: 30 }).read(aBatch(0, 1));
    expect(asked).toBe(1);
    expect(commits).toEqual(["1"]);
  });

  it("ends the consumer when a loader neither answers nor gives up", async () => {
    loader.before = () => new Promise(() => undefined);
    const reading = aLane({ loadTimeoutMs: 20 }).read(aBatch(0, 1));
    await expect(reading).rejects.toMatchObject({ code: "KAFKA_CONSUMER_STALLED" });
    expect(failures).toHaveLength(1);
    expect(commits).toEqual([]);
  });

  it("commits, resolves and reads nothing once its partition is lost, even while it loads", async () => {
    const lane = aLane();
    loader.before = () => {
      lost.abort();
      return Promise.resolve();
    };
    await lane.read(aBatch(0, 4));
    expect(loader.calls).toEqual([["0", "1"]]);
    expect({ commits, resolved }).toEqual({ commits: [], resolved: [] });
    await lane.read(aBatch(4, 1));
    expect(loader.calls).toHaveLength(1);
  });

  it("does not try a failed record again once its partition is lost", async () => {
    const lane = aLane({ retryDelayMs: 5 });
    loader.fail(0);
    await lane.read(aBatch(0, 1));
    lost.abort();
    const before = loader.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(loader.calls).toHaveLength(before);
  });

  it("brings to its end and commits what is under way when the consumer stops, and begins nothing", async () => {
    loader.before = () => {
      stop.abort();
      return Promise.resolve();
    };
    await aLane().read(aBatch(0, 4));
    expect(loader.calls).toEqual([["0", "1"]]);
    expect(commits).toEqual(["2"]);
  });

  it("begins after what is still under way for the partition from before a rebalance", async () => {
    let finish: () => void = () => undefined;
    const reading = aLane({}, new Promise<void>((resolve) => (finish = resolve))).read(aBatch(0, 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(loader.calls).toEqual([]);
    finish();
    await reading;
    expect(commits).toEqual(["1"]);
  });

  it("stops reading while too many records wait, and resumes once they are applied", async () => {
    const lane = aLane({ heldMax: 3 });
    loader.fail(0, 1, 2, 3, 4, 5);
    await lane.read(aBatch(0, 6));
    expect(paused).toEqual(["paused"]);
    expect(resolved.at(-1)).toBe("3");
    loader.fail();
    await until(() => paused.length > 1);
    expect(paused).toEqual(["paused", "resumed"]);
    await until(() => commits.at(-1) === "4");
  });

  it.each(["ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID"])(
    "ends a batch whose commit the group refuses, so that KafkaJS joins anew: %s",
    async (type) => {
      const refusing = () => Promise.reject(Object.assign(new Error("refused"), { type }));
      await expect(aLane().read(aBatch(0, 4, refusing))).rejects.toMatchObject({ type });
      expect(loader.calls).toEqual([["0", "1"]]);
    },
  );

  it("tries a commit again that was not answered", async () => {
    let refused = 0;
    const refusing: BatchAccess["commitOffsetsIfNecessary"] = (offsets) => {
      if (refused > 1) return committing(offsets);
      refused += 1;
      return Promise.reject(new Error("no answer"));
    };
    await aLane().read(aBatch(0, 1, refusing));
    await until(() => commits.length > 0);
    expect(commits).toEqual(["1"]);
    expect(loader.calls).toHaveLength(1);
  });
});
