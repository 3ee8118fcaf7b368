// SPDX-License-Identifier: MIT
import { createMskHandler, type KafkaEvent } from "@ledger-loader/msk";
import { describeSimulation, KafkaTopic, simulateChannel } from "@ledger-loader/testkit/simulation";

// A consumer group that rebalances while its members are at work; failed records by name, or the batch as a whole.
for (const reportBatchItemFailures of [false, true]) {
  describeSimulation(reportBatchItemFailures ? "msk-partial" : "msk", 20, (seed) =>
    simulateChannel<KafkaEvent, unknown>(seed, (world) => ({
      handler: (loader) => createMskHandler(loader, { reportBatchItemFailures }),
      parkAfterMs: world.random.below(4) * 5_000,
      channel: (invoke) => new KafkaTopic(world, invoke, { reportBatchItemFailures }),
    })),
  );
}
