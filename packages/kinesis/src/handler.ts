// SPDX-License-Identifier: MIT
import { decodeMessage, type Loader, lowestFailure, recordsOf } from "@ledger-loader/core";
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { decodeQldbStreamRecord } from "./qldb-stream-record";
import { toDeliveries, type StreamRecord } from "./stream-record";

/** A Lambda function for a Kinesis event source that reports batch item failures. */
export type KinesisHandler = (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;

/**
 * Loads revision events from a Kinesis data stream, aggregated by the Kinesis Producer Library's rules or not.
 *
 * Answers with the lowest sequence number that failed: Lambda delivers that record and all after it again. The event
 * source mapping MUST set `ReportBatchItemFailures`, and the loader SHOULD be one of `parkFailures`: otherwise one bad
 * record holds up its shard until it expires. See docs/guides/load-from-kinesis.md.
 */
export function createKinesisHandler(loader: Loader): KinesisHandler {
  return async (event) => {
    const records = recordsOf(event, "Kinesis");
    const deliveries = records.flatMap((record) => toDeliveries(toStreamRecord(record), decodeMessage));
    // The shard is the group: what follows a failure comes again, whether or not it was applied.
    return lowestFailure(await loader.load(deliveries, { onFailure: "block-group" }));
  };
}

/**
 * Loads the revisions of a QLDB journal stream, of QLDB's own or of this project's ledger.
 *
 * A stream's partition keys are hashes, so the revisions of one document are spread over all shards, in any order. Each
 * one carries its version: what comes too early is rejected as `version-gap` and comes again. Two shards can wait for
 * each other that way, each behind a revision that the other one holds: the loader MUST be one of `parkFailures`.
 */
export function createQldbStreamHandler(loader: Loader): KinesisHandler {
  return async (event) => {
    const records = recordsOf(event, "Kinesis");
    const deliveries = records.flatMap((record) =>
      toDeliveries(toStreamRecord(record), decodeQldbStreamRecord),
    );
    return lowestFailure(await loader.load(deliveries, { onFailure: "continue" }));
  };
}

function toStreamRecord({ eventID, kinesis }: KinesisStreamRecord): StreamRecord {
  return {
    // `shardId-000000000006:49590338…`
    shardId: eventID.slice(0, eventID.indexOf(":")),
    sequenceNumber: kinesis.sequenceNumber,
    data: Buffer.from(kinesis.data, "base64"),
    arrivedAtMs: Math.round(kinesis.approximateArrivalTimestamp * 1000),
  };
}
