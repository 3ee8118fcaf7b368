// SPDX-License-Identifier: MIT
import { InvalidUserRecordError } from "./errors";
import { md5 } from "./format";

/** A producer's record: one of the many records that travel in one Kinesis record. */
export interface UserRecord {
  /** 1 to 256 characters. Kinesis finds the shard by its MD5. */
  readonly partitionKey: string;
  /** Decimal, 0 to 2^128 - 1. Takes the place of the partition key's MD5; absent unless the producer gave one. */
  readonly explicitHashKey?: string;
  /** Any bytes, none included. */
  readonly data: Uint8Array;
}

/** The longest partition key that Kinesis takes, in characters. */
const PARTITION_KEY_MAX = 256;
const HASH_KEY_MAX = 2n ** 128n - 1n;

/**
 * Returns where on the ring of hash keys, 0 to 2^128 - 1, a record belongs.
 *
 * Every record of one aggregate MUST fall into the range of the shard that the aggregate goes to: a consumer built on
 * the Kinesis Client Library discards those that do not (it takes them for records that were sent again after a reshard).
 */
export function hashKeyOf(record: Pick<UserRecord, "partitionKey" | "explicitHashKey">): bigint {
  return record.explicitHashKey === undefined
    ? BigInt(`0x${md5(record.partitionKey).toString("hex")}`)
    : BigInt(record.explicitHashKey);
}

/** Throws {@link InvalidUserRecordError} for keys that Kinesis would refuse or that would not survive the way. */
export function checkKeys(record: UserRecord): void {
  const { partitionKey, explicitHashKey } = record;
  const length = Array.from(partitionKey).length;
  if (length < 1 || length > PARTITION_KEY_MAX) {
    throw new InvalidUserRecordError(
      `Expected a partition key of 1 to ${PARTITION_KEY_MAX} characters, found ${length}: shorten it.`,
    );
  }
  // UTF-8 has no form for half a surrogate pair: it would arrive as another key.
  if (/\p{Surrogate}/u.test(partitionKey)) {
    throw new InvalidUserRecordError(
      "Expected a partition key of whole characters, found half a surrogate pair: cut strings between characters.",
    );
  }
  if (explicitHashKey === undefined) return;
  if (!/^(?:0|[1-9]\d{0,38})$/.test(explicitHashKey) || BigInt(explicitHashKey) > HASH_KEY_MAX) {
    throw new InvalidUserRecordError(
      "Expected an explicit hash key between 0 and 2^128 - 1 in decimal digits, found another text: " +
        "give such a number or leave it out.",
    );
  }
}
