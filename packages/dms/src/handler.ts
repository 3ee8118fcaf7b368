// SPDX-License-Identifier: MIT
import { type Delivery, type LoadReport, type Loader, recordsOf } from "@ledger-loader/core";
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { toContent, toContext, type DmsOptions } from "./decode-dms-records";
import { readDmsRecords, type DmsRecord } from "./dms-record";
import { groupByTransaction, type ReadRecord, type RecordGroup } from "./source-transactions";
import type { DmsContext } from "./to-events";

/** A Lambda function for a Kinesis event source; assignable to the `KinesisStreamHandler` of `@types/aws-lambda`. */
export type DmsHandler = (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;

/**
 * Loads the changes that AWS DMS writes to a Kinesis data stream.
 *
 * The event source mapping MUST set `ReportBatchItemFailures`: the function names the first failed record of the shard,
 * and Lambda delivers from there again; what was written before is recognized. The DMS endpoint MUST set
 * `IncludeTransactionDetails` and should set `IncludeNullAndEmpty`. See docs/guides/load-from-dms.md.
 */
export function createDmsHandler(loader: Loader, options: DmsOptions): DmsHandler {
  const context = toContext(options);
  return async (event) => {
    const records = recordsOf(event, "Kinesis");
    const groups = groupByTransaction(records.map((record) => toShardRecord(record, context)));
    const deliveries = groups.map((group) => toDelivery(group, context));
    const report = await loader.load(deliveries, { onFailure: "block-group" });
    logTransactions(groups, report, context);
    const failed = new Set(report.failed.map(({ deliveryId }) => deliveryId));
    // The lowest place in the batch: deliveries of several records stand at the first of them.
    const first = records.find(({ kinesis }) => failed.has(kinesis.sequenceNumber));
    return { batchItemFailures: first ? [{ itemIdentifier: first.kinesis.sequenceNumber }] : [] };
  };
}

/** A Kinesis record, with what DMS put into it or the error of reading that. */
interface ShardRecord extends ReadRecord {
  readonly kinesis: KinesisStreamRecord;
  readonly body: Uint8Array;
  readonly records: readonly DmsRecord[] | undefined;
  readonly error: unknown;
}

const LINE_BREAK = Buffer.from("\n");

function toDelivery({ records }: RecordGroup<ShardRecord>, context: DmsContext): Delivery {
  const [first] = records;
  const shard = first.kinesis.eventID.split(":")[0] ?? "";
  const deliveryId = records.map(({ sequenceNumber }) => sequenceNumber).reduce(lower);
  return {
    deliveryId,
    // All records of a transaction, one per line: `decodeDmsRecords` reads them again.
    body:
      records.length === 1 ? first.body : Buffer.concat(records.flatMap(({ body }) => [body, LINE_BREAK])),
    mapped: true,
    origin: `${shard}/${deliveryId}`,
    sentAtMs: Math.round(first.kinesis.kinesis.approximateArrivalTimestamp * 1000),
    // Nothing but the shard orders records without positions: what follows a failed one must come again after it.
    group: context.withoutPosition === "accept" ? shard : undefined,
    decode: () => {
      const unreadable = records.find((each) => each.records === undefined);
      if (unreadable !== undefined) throw unreadable.error;
      return toContent(
        records.flatMap((each) => each.records ?? []),
        context,
      );
    },
  };
}

function toShardRecord(kinesis: KinesisStreamRecord, { beforeImageField }: DmsContext): ShardRecord {
  const body = Buffer.from(kinesis.kinesis.data, "base64");
  const common = { kinesis, body, sequenceNumber: kinesis.kinesis.sequenceNumber };
  try {
    const records = readDmsRecords(body, beforeImageField);
    const [only] = records;
    return { ...common, records, error: undefined, record: records.length === 1 ? only : undefined };
  } catch (error) {
    // Thrown again where the loader decodes, so that one bad record fails one delivery and not the batch.
    return { ...common, records: undefined, error };
  }
}

function lower(a: string, b: string): string {
  return BigInt(b) < BigInt(a) ? b : a;
}

/** Says what became of source transactions of several records: kept as one, or split. */
function logTransactions(
  groups: readonly RecordGroup<ShardRecord>[],
  { deliveries }: LoadReport,
  { logger }: DmsContext,
): void {
  for (const [i, { transactionId, records, isWhole }] of groups.entries()) {
    if (transactionId === undefined) continue;
    const fields = { transactionId, records: records.length, deliveryId: records[0].sequenceNumber };
    if (deliveries[i]?.split === true) {
      logger.warn(fields, "source transaction split: it exceeds the ledger's limits or changes a row twice");
    } else if (!isWhole) {
      logger.info(fields, "source transaction not proven whole: the batch may hold a part of it");
    }
  }
}
