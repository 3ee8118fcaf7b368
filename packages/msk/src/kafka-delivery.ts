// SPDX-License-Identifier: MIT
import {
  decodeMessage,
  InvalidEventError,
  silentLogger,
  type Delivery,
  type DeliveryContent,
  type Logger,
} from "@ledger-loader/core";
import { besideValue } from "./beside-value";
import type { KafkaHeader } from "./kafka-header";

/** The treatment of tombstones: `reject` parks them, `acknowledge` passes them by with a line in the log. */
export type Tombstones = "reject" | "acknowledge";

/** How records are taken. */
export interface KafkaRecordOptions {
  /** @defaultValue `"reject"` */
  readonly tombstones?: Tombstones;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
}

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
  /** @defaultValue none */
  readonly headers?: readonly KafkaHeader[];
  /** When it was produced, or appended if the topic says so, in milliseconds since 1970. */
  readonly timestampMs: number;
}

const NOTHING = new Uint8Array();

/**
 * Returns the delivery of a record.
 *
 * Records with one key are one group: Kafka keeps their order, so a failed one holds up those that have nothing but
 * their order. A record without a key is alone. A tombstone holds no event and is rejected, unless `tombstones` says
 * otherwise: its key does not say which record was deleted. A dead letter keeps key and headers.
 */
export function toKafkaDelivery(record: KafkaRecord, options: KafkaRecordOptions = {}): Delivery {
  const { topic, partition, offset, key, value, headers = [], timestampMs } = record;
  const beside = besideValue(key, headers);
  const shardId = `${topic}-${partition}`;
  const origin = `${shardId}@${offset}`;
  const body = value ?? NOTHING;
  return {
    deliveryId: origin,
    group: key && `${shardId}/${Buffer.from(key).toString("base64")}`,
    body,
    beside,
    origin,
    shardId,
    sentAtMs: timestampMs,
    // Decoded by the loader, so that one bad record fails one delivery and not its partition.
    decode: (read) => {
      const own = read && ((bytes: string | Uint8Array) => read(bytes, beside));
      if (value !== undefined) return decodeMessage(value, own);
      // A mapping knows what a record without a value is to it.
      return own === undefined || options.tombstones === "acknowledge"
        ? decodeTombstone(origin, options)
        : own(NOTHING);
    },
  };
}

function decodeTombstone(
  origin: string,
  { tombstones, logger = silentLogger }: KafkaRecordOptions,
): DeliveryContent {
  if (tombstones === "acknowledge") {
    logger.info({ origin }, "tombstone acknowledged: nothing is deleted from the ledger");
    return { events: [], atomic: false };
  }
  throw new InvalidEventError(
    "the record's value",
    "an event",
    "a tombstone, a record without a value (send a DELETE event to delete, or set KAFKA_TOMBSTONES=acknowledge to pass " +
      "tombstones by)",
  );
}
