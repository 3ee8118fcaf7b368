// SPDX-License-Identifier: MIT
import { decodeMessage, type Delivery } from "@ledger-loader/core";

/** A record of a topic, from Lambda's event or from a consumer. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  /** Decimal digits: offsets are 64 bits wide. */
  readonly offset: string;
  /** Absent where the producer gave none. */
  readonly key: Uint8Array | undefined;
  /** Absent in a tombstone, the record by which a compacted topic forgets a key. */
  readonly value: Uint8Array | undefined;
  /** When it was produced, or appended if the topic says so, in milliseconds since 1970. */
  readonly timestampMs: number;
}

const NOTHING = new Uint8Array();

/**
 * Returns the delivery of a record.
 *
 * Records with one key are one group: Kafka keeps their order, so a failed one holds up those that have nothing but
 * their order. A record without a key is alone. A tombstone holds no event and is rejected like any other malformed
 * record: its key does not say which record was deleted.
 */
export function toKafkaDelivery({
  topic,
  partition,
  offset,
  key,
  value,
  timestampMs,
}: KafkaRecord): Delivery {
  const origin = `${topic}-${partition}@${offset}`;
  const body = value ?? NOTHING;
  return {
    deliveryId: origin,
    ...(key !== undefined && { group: `${topic}-${partition}/${Buffer.from(key).toString("base64")}` }),
    body,
    origin,
    sentAtMs: timestampMs,
    // Decoded by the loader, so that one bad record fails one delivery and not its partition.
    decode: () => decodeMessage(body),
  };
}
