// SPDX-License-Identifier: MIT
// #region worker
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import {
  type DeadLetterSink,
  FileCheckpointStore,
  type Loader,
  parkFailures,
  retryOutages,
} from "@ledger-loader/core";
import { createKinesisConsumer, decodeQldbStreamRecord } from "@ledger-loader/kinesis";

/** Copies a ledger over its journal stream until `stop` is raised; goes on where it was when it is run again. */
export function copyLedger(
  client: KinesisClient,
  streamName: string,
  loader: Loader,
  sink: DeadLetterSink,
  stop: AbortSignal,
): Promise<void> {
  const consumer = createKinesisConsumer({
    client,
    streamName,
    // An hour for a revision that waits for another one: nothing else waits for it.
    loader: parkFailures(retryOutages(loader), { sink, channel: "qldb-stream", waitMs: 3_600_000 }),
    checkpoints: new FileCheckpointStore(`${streamName}.checkpoints`, streamName),
    decode: decodeQldbStreamRecord,
  });
  return consumer.run(stop);
}
// #endregion
