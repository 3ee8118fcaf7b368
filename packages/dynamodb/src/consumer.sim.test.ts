// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, expect } from "@jest/globals";
import {
  BaseRevisionWriter,
  createLoader,
  type Delivery,
  type Loader,
  type LoadOptions,
} from "@ledger-loader/core";
import { createDynamoDbConsumer } from "@ledger-loader/dynamodb";
import {
  seededRandom,
  SimulatedCrashError,
  openMemoryLedger,
  type Random,
  type MemoryLedger,
} from "@ledger-loader/testkit";
import { describeSimulation } from "@ledger-loader/testkit/simulation";
import { currentRows } from "../test/current-rows";
import { MemoryCheckpoints } from "../test/memory-checkpoints";
import { STREAM_ARN, StreamStandIn } from "../test/stream-stand-in";

const QUICK = { pollIntervalMs: 1, shardIntervalMs: 5, retryDelayMs: 1, batchSizeMax: 7 };

let ledger: MemoryLedger;
beforeEach(async () => {
  ledger = await openMemoryLedger({ Person: ["oldDocumentId"] });
});
afterEach(() => ledger.close());

/** A random history of a few items, in shards that end and have children; returns the table's items. */
function writeHistory(stream: StreamStandIn, random: Random): readonly string[] {
  const items = new Map<string, number>();
  for (let n = 0; n < 120; n++) {
    if (random.chance(0.06)) stream.rotate(random.below(stream.openShards.length));
    const id = `p${random.below(9)}`;
    const name = !items.has(id) ? "INSERT" : random.chance(0.25) ? "REMOVE" : "MODIFY";
    stream.put(id, name, n);
    if (name === "REMOVE") items.delete(id);
    else items.set(id, n);
  }
  return [...items].map(([id, n]) => `{id:"${id}",n:${n}}`).toSorted();
}

/** A loader that crashes now and then, before its work or after the ledger's commit, and counts. */
function crashing(loader: Loader, random: Random, rate: number, counts: Map<string, number>): Loader {
  return {
    load: async (deliveries: readonly Delivery[], options: LoadOptions) => {
      if (random.chance(rate)) throw new SimulatedCrashError("before its work");
      const report = await loader.load(deliveries, options);
      const { written, skipped, rejected } = report.counts;
      for (const [what, count] of Object.entries({ written, ...skipped, ...rejected })) {
        counts.set(what, (counts.get(what) ?? 0) + count);
      }
      if (random.chance(rate)) throw new SimulatedCrashError("after its commit");
      return report;
    },
    close: () => loader.close(),
  };
}

/** Runs the consumer until the stream, which is switched off, is read to its end; starts it again when it crashes. */
async function readToEnd(
  stream: StreamStandIn,
  random: Random,
  crashRate: number,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const inner = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
  const checkpoints = new MemoryCheckpoints();
  for (let run = 0; ; run++) {
    const consumer = createDynamoDbConsumer({
      ...QUICK,
      client: stream.client,
      streamArn: STREAM_ARN,
      loader: crashing(inner, random, crashRate, counts),
      checkpoints,
    });
    try {
      await consumer.run(new AbortController().signal);
      expect(new Set(checkpoints.shards.values())).toEqual(new Set(["SHARD_END"]));
      return counts;
    } catch (error) {
      if (!(error instanceof SimulatedCrashError) || run > 300) throw error;
    }
  }
}

// Parents before children, each change once.
describeSimulation("dynamodb-consumer", 12, async (seed) => {
  const random = seededRandom(seed);
  const stream = new StreamStandIn(random);
  const items = writeHistory(stream, random);
  stream.disable();
  const counts = await readToEnd(stream, random, 0);
  expect(stream.shardCount).toBeGreaterThan(2);
  expect(await currentRows(ledger, "Person")).toEqual(items);
  // A child before its parent's end would show as superseded or missing; a record read twice as already applied.
  expect([...counts].filter(([, count]) => count > 0)).toEqual([["written", 120]]);
  return undefined;
});

// The table's own state in the end, whatever fails and crashes.
describeSimulation("dynamodb-consumer-crashes", 12, async (seed) => {
  const random = seededRandom(seed);
  const stream = new StreamStandIn(random, 0.15);
  const items = writeHistory(stream, random);
  stream.disable();
  const counts = await readToEnd(stream, random, 0.15);
  expect(await currentRows(ledger, "Person")).toEqual(items);
  expect(counts.get("written")).toBe(120);
  return undefined;
});
