// SPDX-License-Identifier: MIT

/** Reads the primitive types of the Kafka protocol (kafka.apache.org/protocol, "Protocol Primitive Types"). */
export class KafkaReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#skip(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#skip(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#skip(4));
  }

  /** Offsets and times of tests are far below 2^53. */
  int64(): number {
    return Number(this.#bytes.readBigInt64BE(this.#skip(8)));
  }

  /** A null string reads as the empty one: no request here tells them apart. */
  string(): string {
    const length = this.int16();
    const start = this.#skip(Math.max(length, 0));
    return this.#bytes.toString("utf8", start, this.#at);
  }

  bytes(): Buffer {
    const length = this.int32();
    const start = this.#skip(Math.max(length, 0));
    return this.#bytes.subarray(start, this.#at);
  }

  /** A null array reads as `undefined`: it means "all" where it may occur. */
  arrayOrAll<T>(element: () => T): T[] | undefined {
    const length = this.int32();
    return length < 0 ? undefined : Array.from({ length }, element);
  }

  array<T>(element: () => T): T[] {
    return this.arrayOrAll(element) ?? [];
  }

  #skip(length: number): number {
    const start = this.#at;
    this.#at += length;
    return start;
  }
}

/** Writes the primitive types of the Kafka protocol. */
export class KafkaWriter {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    const part = Buffer.alloc(1);
    part.writeInt8(value);
    return this.#add(part);
  }

  int16(value: number): this {
    const part = Buffer.alloc(2);
    part.writeInt16BE(value);
    return this.#add(part);
  }

  int32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeInt32BE(value);
    return this.#add(part);
  }

  int64(value: number): this {
    const part = Buffer.alloc(8);
    part.writeBigInt64BE(BigInt(value));
    return this.#add(part);
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const part = Buffer.from(value);
    return this.int16(part.length).#add(part);
  }

  bytes(value: Buffer): this {
    return this.int32(value.length).#add(value);
  }

  array<T>(values: readonly T[], element: (value: T) => void): this {
    this.int32(values.length);
    for (const value of values) element(value);
    return this;
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(part: Buffer): this {
    this.#parts.push(part);
    return this;
  }
}

/** The protocol's error codes that the stand-in answers with. */
export const KAFKA_ERROR = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  illegalGeneration: 22,
  inconsistentGroupProtocol: 23,
  unknownMember: 25,
  rebalanceInProgress: 27,
  topicAlreadyExists: 36,
} as const;
