// SPDX-License-Identifier: MIT
import {
  describePayload,
  InvalidEventError,
  type Delivery,
  type Loader,
  throwIfFailed,
} from "@ledger-loader/core";
import type { MSKRecord } from "aws-lambda";
import { toKafkaDelivery, type KafkaRecordOptions } from "./kafka-delivery";
import type { KafkaHeader } from "./kafka-header";

/** The event that a Kafka event source gives a Lambda function, that of Amazon MSK and that of self-managed clusters. */
export interface KafkaEvent {
  /** By `topic-partition`. A record without key or value lacks the field, or has `null` there. */
  readonly records: Readonly<Record<string, readonly MSKRecord[]>>;
}

/** Where a failed record stands. */
export interface FailedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The key of {@link KafkaEvent.records} under which it came, `topic-partition`. */
  readonly topicPartition: string;
}

/** The answer of a function whose event source mapping sets `ReportBatchItemFailures`. */
export interface KafkaBatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: unknown }[];
}

/** How records are taken and failures reported. */
export interface MskHandlerOptions extends KafkaRecordOptions {
  /**
   * Names the failed records instead of failing the whole batch. Only where the event source mapping sets
   * `ReportBatchItemFailures`: **without it Lambda ignores the answer, and what failed is lost**. Default: `false`.
   */
  readonly reportBatchItemFailures?: boolean;
  /** How a failed record is named. Default: {@link kafkaItemIdentifier}. */
  readonly itemIdentifier?: (record: FailedRecord) => unknown;
}

/** A Lambda function for a Kafka event source. */
export type MskHandler = (event: KafkaEvent) => Promise<KafkaBatchResponse | undefined>;

/**
 * Loads revision events from a Kafka topic, of Amazon MSK or of a self-managed cluster.
 *
 * If a record fails, the function does, and Lambda delivers the whole batch again; what was applied is recognized. With
 * `reportBatchItemFailures` it names the failed records instead. See docs/guides/load-from-kafka.md.
 */
export function createMskHandler(loader: Loader, options: MskHandlerOptions = {}): MskHandler {
  const { reportBatchItemFailures = false, itemIdentifier = kafkaItemIdentifier } = options;
  return async (event) => {
    const found: unknown = event;
    const { records } = Object(found) as Partial<KafkaEvent>;
    if (!isByPartition(records)) {
      const expected = "an event of Kafka, an object with records by topic and partition";
      throw new InvalidEventError("the payload", expected, describePayload(found));
    }
    const placed = Object.entries(records).flatMap(([topicPartition, each]) =>
      each.map((record) => ({
        delivery: toDelivery(record, options),
        place: { ...placeOf(record), topicPartition },
      })),
    );
    const report = await loader.load(
      placed.map(({ delivery }) => delivery),
      { onFailure: "block-group" },
    );
    if (!reportBatchItemFailures) {
      throwIfFailed(report);
      return undefined;
    }
    const places = new Map(placed.map(({ delivery, place }) => [delivery.deliveryId, place]));
    const failed = report.failed.flatMap(({ deliveryId }) => places.get(deliveryId) ?? []);
    return { batchItemFailures: failed.map((place) => ({ itemIdentifier: itemIdentifier(place) })) };
  };
}

/** A function may be invoked with anything. */
function isByPartition(records: unknown): records is KafkaEvent["records"] {
  if (typeof records !== "object" || records === null || Array.isArray(records)) return false;
  return Object.values(records).every(Array.isArray);
}

function toDelivery(record: MSKRecord, options: KafkaRecordOptions): Delivery {
  const fields = {
    topic: record.topic,
    partition: record.partition,
    offset: String(record.offset),
    key: fromBase64(record.key),
    value: fromBase64(record.value),
    headers: toHeaders(record.headers),
    timestampMs: record.timestamp,
  };
  return toKafkaDelivery(fields, options);
}

/** Lambda writes a header's bytes as signed or unsigned numbers, and a list of none may be absent. */
function toHeaders(headers: MSKRecord["headers"] | null | undefined): readonly KafkaHeader[] {
  return (headers ?? []).flatMap((each) =>
    Object.entries(each).map(([name, bytes]) => ({ name, value: Uint8Array.from(bytes) })),
  );
}

/**
 * The identifier of a failed record as AWS's own Powertools for Python and its Rust runtime's proposal send it:
 * `{ partition: "topic-0", offset: 42 }`. The Lambda guide does not show its form.
 */
export function kafkaItemIdentifier({ topicPartition, offset }: FailedRecord): {
  readonly partition: string;
  readonly offset: number;
} {
  return { partition: topicPartition, offset };
}

function placeOf({ topic, partition, offset }: MSKRecord): Omit<FailedRecord, "topicPartition"> {
  return { topic, partition, offset };
}

/** The types of `@types/aws-lambda` know only records with key and value. */
function fromBase64(text: string | null | undefined): Uint8Array | undefined {
  return text === null || text === undefined ? undefined : Buffer.from(text, "base64");
}
