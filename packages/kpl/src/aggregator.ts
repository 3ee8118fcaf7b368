// SPDX-License-Identifier: MIT
import { UserRecordTooLargeError } from "./errors";
import { AGGREGATE_FIELD, DIGEST_BYTES, MAGIC, md5, RECORD_FIELD, WIRE_TYPE } from "./format";
import { MessageWriter, varintBytes } from "./message-writer";
import { checkKeys, hashKeyOf, type UserRecord } from "./user-record";

/** How large aggregates get, and the key they travel under. */
export interface AggregatorOptions {
  /**
   * An aggregate is closed before it would exceed this many bytes; a larger user record travels alone. Small enough that
   * one failed put is cheap to repeat, large enough that per-record costs vanish.
   *
   * @defaultValue 51,200, as in the Kinesis Producer Library
   */
  readonly targetBytes?: number;
  /**
   * The most bytes of one Kinesis record, its partition key included.
   *
   * @defaultValue 1,048,576, which every stream takes; streams can be set to take up to 10,485,760
   */
  readonly maxBytes?: number;
  /** The most user records of one aggregate. @defaultValue no limit but the bytes */
  readonly maxRecords?: number;
  /**
   * The partition key of the Kinesis records. One constant keeps them in one lane where Lambda reads a shard in several
   * (its parallelization factor keeps the order per partition key only), whatever user records they hold.
   *
   * @defaultValue `"a"`, as in the Kinesis Producer Library
   */
  readonly partitionKey?: string;
}

/** A Kinesis record, ready for `PutRecords`. */
export interface KinesisRecord {
  readonly partitionKey: string;
  /** The first user record's hash key: it leads the aggregate to that record's shard. */
  readonly explicitHashKey: string;
  readonly data: Uint8Array;
  /** How many user records it holds. */
  readonly userRecords: number;
}

const DEFAULT_TARGET_BYTES = 51_200;
const DEFAULT_MAX_BYTES = 1_048_576;
const DEFAULT_PARTITION_KEY = "a";

/**
 * Packs user records into Kinesis records, in the order they come.
 *
 * All records given to one aggregator MUST belong to one shard (see {@link hashKeyOf}). Even a single user record is
 * wrapped, unlike in the Kinesis Producer Library: it keeps its partition key that way, and data that looks like an
 * aggregate is not taken apart by the consumer.
 */
export class Aggregator {
  readonly #targetBytes: number;
  readonly #maxBytes: number;
  readonly #maxRecords: number;
  readonly #partitionKey: string;
  #open: OpenAggregate;

  constructor(options: AggregatorOptions = {}) {
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    this.#targetBytes = Math.min(options.targetBytes ?? DEFAULT_TARGET_BYTES, this.#maxBytes);
    this.#maxRecords = options.maxRecords ?? Number.POSITIVE_INFINITY;
    this.#partitionKey = options.partitionKey ?? DEFAULT_PARTITION_KEY;
    this.#open = new OpenAggregate(this.#partitionKey);
  }

  /**
   * Adds a user record and returns the Kinesis record that became full by it, if one did.
   *
   * The record's data MUST NOT change until it was returned. Nothing was added if it throws.
   *
   * @throws InvalidUserRecordError if a key is not one that Kinesis takes
   * @throws UserRecordTooLargeError if the record does not fit into a Kinesis record by itself
   */
  add(record: UserRecord): KinesisRecord | undefined {
    checkKeys(record);
    if (this.#open.count < this.#maxRecords && this.#open.bytesWith(record) <= this.#targetBytes) {
      this.#open.add(record);
      return undefined;
    }
    const next = new OpenAggregate(this.#partitionKey);
    const bytes = next.bytesWith(record);
    if (bytes > this.#maxBytes) throw new UserRecordTooLargeError(bytes, this.#maxBytes);
    next.add(record);
    const full = this.#open;
    this.#open = next;
    return full.close();
  }

  /** Returns what was added since the last Kinesis record, if anything, and starts anew. */
  flush(): KinesisRecord | undefined {
    const last = this.#open;
    this.#open = new OpenAggregate(this.#partitionKey);
    return last.close();
  }
}

/**
 * Packs user records of one shard into Kinesis records, in the order they come. See {@link Aggregator}.
 *
 * @throws InvalidUserRecordError, UserRecordTooLargeError as {@link Aggregator.add} does
 */
export function* aggregate(
  records: Iterable<UserRecord>,
  options: AggregatorOptions = {},
): Generator<KinesisRecord, void, void> {
  const aggregator = new Aggregator(options);
  for (const record of records) {
    const full = aggregator.add(record);
    if (full !== undefined) yield full;
  }
  const last = aggregator.flush();
  if (last !== undefined) yield last;
}

/** An aggregate that still takes records, and knows to the byte how long it would become. */
class OpenAggregate {
  readonly #partitionKey: string;
  readonly #partitionKeys = new KeyTable();
  readonly #explicitHashKeys = new KeyTable();
  readonly #records: UserRecord[] = [];
  #messageBytes = 0;

  constructor(partitionKey: string) {
    this.#partitionKey = partitionKey;
  }

  get count(): number {
    return this.#records.length;
  }

  /** The size of the Kinesis record, as Kinesis counts it, with one more user record. */
  bytesWith(record: UserRecord): number {
    return (
      Buffer.byteLength(this.#partitionKey) +
      MAGIC.length +
      this.#messageBytes +
      this.#growth(record) +
      DIGEST_BYTES
    );
  }

  add(record: UserRecord): void {
    this.#messageBytes += this.#growth(record);
    this.#partitionKeys.add(record.partitionKey);
    if (record.explicitHashKey !== undefined) this.#explicitHashKeys.add(record.explicitHashKey);
    this.#records.push(record);
  }

  close(): KinesisRecord | undefined {
    const [first] = this.#records;
    if (first === undefined) return undefined;
    const writer = new MessageWriter(MAGIC.length + this.#messageBytes + DIGEST_BYTES);
    writer.raw(MAGIC);
    for (const key of this.#partitionKeys) writer.bytesField(AGGREGATE_FIELD.partitionKey, key);
    for (const key of this.#explicitHashKeys) writer.bytesField(AGGREGATE_FIELD.explicitHashKey, key);
    for (const record of this.#records) this.#writeRecord(writer, record);
    writer.raw(md5(writer.written.subarray(MAGIC.length)));
    return {
      partitionKey: this.#partitionKey,
      explicitHashKey: hashKeyOf(first).toString(),
      data: writer.written,
      userRecords: this.#records.length,
    };
  }

  #writeRecord(writer: MessageWriter, record: UserRecord): void {
    writer.tag(AGGREGATE_FIELD.record, WIRE_TYPE.bytes);
    writer.varint(this.#recordBytes(record));
    writer.varintField(RECORD_FIELD.partitionKeyIndex, this.#partitionKeys.indexOf(record.partitionKey));
    if (record.explicitHashKey !== undefined) {
      const index = this.#explicitHashKeys.indexOf(record.explicitHashKey);
      writer.varintField(RECORD_FIELD.explicitHashKeyIndex, index);
    }
    writer.bytesField(RECORD_FIELD.data, record.data);
  }

  #growth(record: UserRecord): number {
    const { partitionKey, explicitHashKey } = record;
    return (
      this.#partitionKeys.growth(partitionKey) +
      (explicitHashKey === undefined ? 0 : this.#explicitHashKeys.growth(explicitHashKey)) +
      bytesFieldBytes(this.#recordBytes(record))
    );
  }

  #recordBytes({ partitionKey, explicitHashKey, data }: UserRecord): number {
    return (
      1 +
      varintBytes(this.#partitionKeys.indexOf(partitionKey)) +
      (explicitHashKey === undefined ? 0 : 1 + varintBytes(this.#explicitHashKeys.indexOf(explicitHashKey))) +
      bytesFieldBytes(data.length)
    );
  }
}

/** A key table: each key once, in the order of first use. A `Map`, since an object would sort keys that look like integers. */
class KeyTable {
  readonly #indexes = new Map<string, number>();

  /** The key's index, or the one it would get. */
  indexOf(key: string): number {
    return this.#indexes.get(key) ?? this.#indexes.size;
  }

  /** How many bytes adding the key would take in the message. */
  growth(key: string): number {
    return this.#indexes.has(key) ? 0 : bytesFieldBytes(Buffer.byteLength(key));
  }

  add(key: string): void {
    if (!this.#indexes.has(key)) this.#indexes.set(key, this.#indexes.size);
  }

  *[Symbol.iterator](): Generator<Uint8Array, void, void> {
    for (const key of this.#indexes.keys()) yield Buffer.from(key);
  }
}

/** A field of bytes: a tag of one byte, a length, the bytes. */
function bytesFieldBytes(length: number): number {
  return 1 + varintBytes(length) + length;
}
