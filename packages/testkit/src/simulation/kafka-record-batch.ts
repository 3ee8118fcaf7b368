// SPDX-License-Identifier: MIT
import { KafkaWriter } from "../kafka/kafka-wire";

const MAGIC = 2;
/** A producer that is neither idempotent nor transactional. */
const NO_PRODUCER = -1;
/** KafkaJS does not look at it; a real broker would. */
const NO_CHECKSUM = 0;

/** Encodes one record as a record batch (kafka.apache.org/documentation, "Record Batch"), for a broker that sets its offset. */
export function encodeRecordBatch(key: string, value: string, timestampMs: number): Buffer {
  const record = Buffer.concat([
    // Attributes, and how far time and offset are from the batch's.
    Buffer.from([0, 0, 0]),
    withLength(Buffer.from(key)),
    withLength(Buffer.from(value)),
    // Headers.
    varint(0),
  ]);
  const batch = new KafkaWriter().int32(0).int8(MAGIC).int32(NO_CHECKSUM).int16(0).int32(0);
  batch.int64(timestampMs).int64(timestampMs).int64(NO_PRODUCER).int16(NO_PRODUCER).int32(NO_PRODUCER);
  const bytes = Buffer.concat([batch.int32(1).toBuffer(), withLength(record)]);
  return new KafkaWriter().int64(0).bytes(bytes).toBuffer();
}

function withLength(bytes: Buffer): Buffer {
  return Buffer.concat([varint(bytes.length), bytes]);
}

/** A length in zigzag code, seven bits a byte. */
function varint(length: number): Buffer {
  const bytes: number[] = [];
  let rest = 2 * length;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
