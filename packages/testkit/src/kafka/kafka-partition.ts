// SPDX-License-Identifier: MIT

// Where a record batch (magic 2) keeps what a broker needs. The base offset is not under the batch's checksum, so that
// brokers can set it (kafka.apache.org/documentation, "Record Batch").
const LENGTH_AT = 8;
const HEADER_BYTES = 12;
const LAST_OFFSET_DELTA_AT = 23;
const FIRST_TIMESTAMP_AT = 27;

interface Batch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly timestamp: number;
  readonly bytes: Buffer;
}

/** A partition's log, in memory: the batches as they came, with their offsets set. */
export class KafkaPartition {
  readonly #batches: Batch[] = [];
  #nextOffset = 0;

  /** The offset that the next record gets. */
  get end(): number {
    return this.#nextOffset;
  }

  /** Appends record batches and returns the offset of the first record. */
  append(records: Buffer): number {
    const firstOffset = this.#nextOffset;
    for (let at = 0; at < records.length;) {
      const end = at + HEADER_BYTES + records.readInt32BE(at + LENGTH_AT);
      this.#appendBatch(Buffer.from(records.subarray(at, end)));
      at = end;
    }
    return firstOffset;
  }

  /** Returns the batches from the one that holds the offset, up to so many bytes, but at least one if there is one. */
  read(offset: number, maxBytes: number): Buffer {
    const found: Buffer[] = [];
    let bytes = 0;
    for (const batch of this.#batches) {
      if (batch.lastOffset < offset) continue;
      if (found.length > 0 && bytes + batch.bytes.length > maxBytes) break;
      found.push(batch.bytes);
      bytes += batch.bytes.length;
    }
    return Buffer.concat(found);
  }

  /** The offset of the first batch that is not older, or `undefined`. */
  offsetAt(timestamp: number): number | undefined {
    return this.#batches.find((batch) => batch.timestamp >= timestamp)?.firstOffset;
  }

  #appendBatch(bytes: Buffer): void {
    const firstOffset = this.#nextOffset;
    const lastOffset = firstOffset + bytes.readInt32BE(LAST_OFFSET_DELTA_AT);
    bytes.writeBigInt64BE(BigInt(firstOffset), 0);
    const timestamp = Number(bytes.readBigInt64BE(FIRST_TIMESTAMP_AT));
    this.#batches.push({ firstOffset, lastOffset, timestamp, bytes });
    this.#nextOffset = lastOffset + 1;
  }
}
