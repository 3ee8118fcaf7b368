// SPDX-License-Identifier: MIT
import { LedgerUnavailableError, type Loader, decodeEvents, retryOutages } from "@ledger-loader/core";
import {
  createDynamoDbConsumer,
  decodeDynamoDbRecord,
  type DynamoDbConsumerOptions,
} from "@ledger-loader/dynamodb";
import {
  describeSimulation,
  ShardedStream,
  simulateChannel,
  simulateRows,
  TableStreamWorkers,
  type Invoke,
  type TableStreamWorkerLife,
  type World,
} from "@ledger-loader/testkit/simulation";
import { STREAM_ARN } from "../test/stream-stand-in";
import { bodyOfLetter, randomItems, toItemRecord, toOutboxRecord } from "../test/table-stream";
import { simulateTrimming } from "../test/trimming";

type Live = Invoke<TableStreamWorkerLife, unknown>;

/** The work of one life of a process: consume until it is told to stop. */
function consuming(
  { random }: World,
  options: Partial<DynamoDbConsumerOptions> = {},
): (loader: Loader) => Live {
  const settings = {
    streamArn: STREAM_ARN,
    pollIntervalMs: 250,
    shardIntervalMs: 2_000,
    batchSizeMax: 1 + random.below(15),
    leaseMs: 2_000 + random.below(4_000),
    ...options,
  };
  // The consumer waits for a ledger that is away by itself, too.
  const waits = random.chance(0.5);
  return (inner) =>
    async ({ client, checkpoints, signal, guard }) => {
      const loader = waits ? retryOutages(guard(inner)) : guard(inner);
      try {
        await createDynamoDbConsumer({ ...settings, client, checkpoints, loader }).run(signal);
      } catch (error) {
        if (error instanceof LedgerUnavailableError) throw new Error("an outage ended the consumer");
        throw error;
      }
    };
}

/** The stream of a table: shards are split, or end and have one child. */
function aStream(world: World): ShardedStream<never> {
  return ShardedStream.withoutFunction(world, { mergesShards: false, reshardRate: 0.2 });
}

// Processes that share the shards of an outbox table: every event once and in order, what is bad parked, and nothing else.
describeSimulation("dynamodb-consumer", 15, (seed) =>
  simulateChannel<TableStreamWorkerLife, unknown>(seed, (world) => ({
    handler: consuming(world, { eventAttribute: "event" }),
    bodyOf: bodyOfLetter,
    parkAfterMs: world.random.below(4) * 5_000,
    channel: (live) => new TableStreamWorkers(world, aStream(world), toOutboxRecord, live),
  })),
);

// The same with the table's own items, ordered by where its change log stood.
describeSimulation("dynamodb-consumer-items", 12, (seed) =>
  simulateRows<TableStreamWorkerLife, unknown>(seed, (world) => {
    const decodesAnew = world.random.chance(0.5);
    return {
      messages: randomItems(world.random),
      tables: ["Person"],
      repeats: false,
      handler: consuming(world),
      bodyOf: bodyOfLetter,
      parkAfterMs: world.random.below(4) * 5_000,
      decodeLetter: ({ body, events }) =>
        events === undefined || decodesAnew ? decodeDynamoDbRecord(body) : decodeEvents(events),
      channel: (live) => new TableStreamWorkers(world, aStream(world), toItemRecord, live),
    };
  }),
);

// A consumer that is away for hours or days: what is gone when it comes back is told, and nothing else is.
describeSimulation("dynamodb-consumer-trimmed", 10, simulateTrimming);
