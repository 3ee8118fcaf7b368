// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";

// The container, as awslabs/amazon-kinesis-producer documents it in aggregation-format.md:
// 4 bytes magic number, a protobuf message `AggregatedRecord`, the MD5 of that message.

/** The first four bytes of every aggregate. */
export const MAGIC: Uint8Array = Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2);

/** The length in bytes of the MD5 at the end of every aggregate. */
export const DIGEST_BYTES = 16;

/** Fields of the message `AggregatedRecord`. */
export const AGGREGATE_FIELD = { partitionKey: 1, explicitHashKey: 2, record: 3 } as const;

/** Fields of the message `Record` inside it. Field 4, the tags, was never put to use: readers skip it. */
export const RECORD_FIELD = { partitionKeyIndex: 1, explicitHashKeyIndex: 2, data: 3 } as const;

/** Protobuf wire types. The two group types are missing: no version of the format has had a group. */
export const WIRE_TYPE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Returns the MD5 of some bytes. It guards against accidents only: whoever can change the bytes can recompute it. */
export function md5(bytes: Uint8Array | string): Buffer {
  return createHash("md5").update(bytes).digest();
}
