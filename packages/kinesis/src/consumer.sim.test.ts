// SPDX-License-Identifier: MIT
import { retryOutages } from "@ledger-loader/core";
import { createKinesisConsumer } from "@ledger-loader/kinesis";
import {
  describeSimulation,
  KinesisWorkers,
  ShardedStream,
  simulateChannel,
  type KinesisWorkerLife,
} from "@ledger-loader/testkit/simulation";

// Processes that share shards which split and merge: stopped, killed before a checkpoint, cut off from their leases.
describeSimulation("kinesis-consumer", 30, (seed) =>
  simulateChannel<KinesisWorkerLife, unknown>(seed, (world) => {
    const { random } = world;
    const settings = {
      streamName: "simulated",
      recordsMax: 1 + random.below(15),
      waitingMax: 5 + random.below(40),
      pollMs: 250,
      leaseMs: 2_000 + random.below(4_000),
    };
    const stream = { scattersRecords: random.chance(0.3), reshardRate: 0.2 };
    return {
      handler:
        (loader) =>
        async ({ client, checkpoints, signal, guard }) => {
          const retrying = retryOutages(guard(loader));
          await createKinesisConsumer({ ...settings, client, checkpoints, loader: retrying }).run(signal);
        },
      // The stream is read by its API: nothing is invoked on its behalf.
      channel: (invoke) => new KinesisWorkers(world, ShardedStream.withoutFunction(world, stream), invoke),
      parkAfterMs: random.below(4) * 5_000,
    };
  }),
);
