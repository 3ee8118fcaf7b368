// SPDX-License-Identifier: MIT
import { type DeadLetter, type DeliveryContent, decodeEvents } from "@ledger-loader/core";
import { createDmsHandler, decodeDmsRecords, MappingFileLoadEventMapper } from "@ledger-loader/dms";
import { describeSimulation, ShardedStream, simulateRows } from "@ledger-loader/testkit/simulation";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import { aKinesisRecord, MENDED_MAPPING, options } from "../test/dms-records";
import { randomSource } from "../test/random-source";

// A full load and then source transactions over several tables, which DMS puts into shards that split and merge.
describeSimulation("dms", 20, (seed) =>
  simulateRows<KinesisStreamEvent, KinesisStreamBatchResponse>(seed, (world) => {
    const { random } = world;
    const parallelizationFactor = 1 + random.below(3);
    const mended = options({ mapper: new MappingFileLoadEventMapper(MENDED_MAPPING) });
    const decodesAnew = random.chance(0.5);
    return {
      messages: randomSource(random),
      tables: ["Person", "Pair", "Stranger"],
      repeats: true,
      handler: (loader) => createDmsHandler(loader, options()),
      parkAfterMs: random.below(4) * 5_000,
      // As `ledger-loader redrive` decodes letters of mapped channels, with and without `--decode`.
      decodeLetter: ({ body, events }: DeadLetter): DeliveryContent =>
        events === undefined || decodesAnew ? decodeDmsRecords(body, mended) : decodeEvents(events),
      channel: (invoke) =>
        new ShardedStream(world, invoke, {
          parallelizationFactor,
          toEvent: (batch) => ({
            Records: batch.map(({ shardId, sequenceNumber, message }) =>
              aKinesisRecord(message.body, sequenceNumber, shardId),
            ),
          }),
        }),
    };
  }),
);
