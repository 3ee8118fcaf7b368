// SPDX-License-Identifier: MIT
import type { BodyReader, Delivery, DeliveryContent } from "@ledger-loader/core";
import { deaggregate } from "@ledger-loader/kpl";

/** A record as Kinesis hands it out, to Lambda or to a consumer. */
export interface StreamRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly data: Uint8Array;
  /** When the stream accepted it, in milliseconds since 1970. */
  readonly arrivedAtMs?: number | undefined;
}

/** The decoder of a record's bytes: plain events, or the records of a QLDB stream. */
export type RecordDecoder = (data: Uint8Array, read?: BodyReader) => DeliveryContent;

/**
 * The deliveries of a record: itself, or one per user record if it is an aggregate.
 *
 * All of an aggregate's deliveries carry its sequence number, because that is what Kinesis knows and resumes from;
 * `origin` tells them apart. An aggregate of nothing has no deliveries.
 */
export function toDeliveries(record: StreamRecord, decode: RecordDecoder): readonly Delivery[] {
  const { shardId, sequenceNumber, arrivedAtMs } = record;
  const place = `${shardId}/${sequenceNumber}`;
  const toDelivery = (data: Uint8Array, origin: string): Delivery => ({
    deliveryId: sequenceNumber,
    group: shardId,
    body: data,
    origin,
    shardId,
    sentAtMs: arrivedAtMs,
    // Decoded by the loader, so that one bad record fails one delivery and not the shard.
    decode: (read) => decode(data, read),
  });
  const content = deaggregate(record.data);
  if (content.kind === "ordinary") return [toDelivery(record.data, place)];
  return content.records.map(({ data, subSequenceNumber }) =>
    toDelivery(data, `${place}#${subSequenceNumber}`),
  );
}
