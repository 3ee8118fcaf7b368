// SPDX-License-Identifier: MIT
import { AGGREGATE_FIELD, DIGEST_BYTES, MAGIC, md5, RECORD_FIELD, WIRE_TYPE } from "./format";
import { MalformedMessageError, MessageReader } from "./message-reader";
import type { UserRecord } from "./user-record";

/** A user record that came out of an aggregate. */
export interface SubRecord extends UserRecord {
  /**
   * Its place in the aggregate, from 0. Together with the Kinesis record's sequence number it names the user record:
   * all of an aggregate's user records share that sequence number.
   */
  readonly subSequenceNumber: number;
}

/** Why a Kinesis record is not an aggregate. All but `no-magic` are worth a line in a log. */
export type OrdinaryReason =
  "no-magic" | "too-short" | "checksum-mismatch" | "malformed-message" | "key-not-in-table";

/** The content of a Kinesis record. */
export type Deaggregation =
  | { readonly kind: "aggregate"; readonly records: readonly SubRecord[] }
  | { readonly kind: "ordinary"; readonly reason: OrdinaryReason };

/**
 * Takes a Kinesis record apart if it is an aggregate.
 *
 * It never throws: whatever does not hold as an aggregate is an ordinary record, to be handled with its bytes as they
 * are. That is what the Kinesis Client Library (awslabs/amazon-kinesis-client, AggregatorUtil) does for a missing magic
 * number, a wrong MD5 and an unreadable message. Two differences, so that no data is lost in silence: where an index
 * points outside its key table, that library keeps the records before it and drops the rest, here the whole is ordinary;
 * and records whose hash key lies outside the shard's range are kept.
 *
 * An aggregate MAY hold no record at all. `data` is a view of the input. Tags are passed over.
 */
export function deaggregate(bytes: Uint8Array): Deaggregation {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) return { kind: "ordinary", reason: "no-magic" };
  const end = bytes.length - DIGEST_BYTES;
  if (end <= MAGIC.length) return { kind: "ordinary", reason: "too-short" };
  const message = bytes.subarray(MAGIC.length, end);
  if (!md5(message).equals(bytes.subarray(end))) return { kind: "ordinary", reason: "checksum-mismatch" };
  try {
    const records = resolveKeys(parseAggregate(message));
    return records === undefined
      ? { kind: "ordinary", reason: "key-not-in-table" }
      : { kind: "aggregate", records };
  } catch (error) {
    if (error instanceof MalformedMessageError) return { kind: "ordinary", reason: "malformed-message" };
    throw error;
  }
}

interface ParsedRecord {
  readonly partitionKeyIndex: number;
  readonly explicitHashKeyIndex: number | undefined;
  readonly data: Uint8Array;
}

interface ParsedAggregate {
  readonly partitionKeys: string[];
  readonly explicitHashKeys: string[];
  readonly records: ParsedRecord[];
}

/** The keys may come after the records that point to them, so they are resolved once all is read. */
function parseAggregate(message: Uint8Array): ParsedAggregate {
  const parsed: ParsedAggregate = { partitionKeys: [], explicitHashKeys: [], records: [] };
  const reader = new MessageReader(message);
  while (!reader.done) {
    const { field, wireType } = reader.readTag();
    if (wireType !== WIRE_TYPE.bytes) reader.skip(wireType);
    else if (field === AGGREGATE_FIELD.partitionKey) parsed.partitionKeys.push(readText(reader));
    else if (field === AGGREGATE_FIELD.explicitHashKey) parsed.explicitHashKeys.push(readText(reader));
    else if (field === AGGREGATE_FIELD.record) parsed.records.push(parseRecord(reader.readBytes()));
    else reader.skip(wireType);
  }
  return parsed;
}

function parseRecord(message: Uint8Array): ParsedRecord {
  let partitionKeyIndex: number | undefined;
  let explicitHashKeyIndex: number | undefined;
  let data: Uint8Array | undefined;
  const reader = new MessageReader(message);
  while (!reader.done) {
    const { field, wireType } = reader.readTag();
    // A field of another type than the format's is an unknown field; of a repeated one the last counts: protobuf's rules.
    if (field === RECORD_FIELD.partitionKeyIndex && wireType === WIRE_TYPE.varint) {
      partitionKeyIndex = reader.readVarint();
    } else if (field === RECORD_FIELD.explicitHashKeyIndex && wireType === WIRE_TYPE.varint) {
      explicitHashKeyIndex = reader.readVarint();
    } else if (field === RECORD_FIELD.data && wireType === WIRE_TYPE.bytes) {
      data = reader.readBytes();
    } else {
      reader.skip(wireType);
    }
  }
  if (partitionKeyIndex === undefined || data === undefined) {
    throw new MalformedMessageError("a record lacks its partition key or its data");
  }
  return { partitionKeyIndex, explicitHashKeyIndex, data };
}

/** Returns `undefined` if a record's key is not in its table. */
function resolveKeys(parsed: ParsedAggregate): SubRecord[] | undefined {
  const records: SubRecord[] = [];
  for (const { partitionKeyIndex, explicitHashKeyIndex, data } of parsed.records) {
    const partitionKey = parsed.partitionKeys[partitionKeyIndex];
    if (partitionKey === undefined) return undefined;
    const subSequenceNumber = records.length;
    if (explicitHashKeyIndex === undefined) {
      records.push({ partitionKey, data, subSequenceNumber });
      continue;
    }
    const explicitHashKey = parsed.explicitHashKeys[explicitHashKeyIndex];
    if (explicitHashKey === undefined) return undefined;
    records.push({ partitionKey, explicitHashKey, data, subSequenceNumber });
  }
  return records;
}

function readText(reader: MessageReader): string {
  const bytes = reader.readBytes();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
