// SPDX-License-Identifier: MIT
import { WIRE_TYPE } from "./format";

/** Writes a protobuf message into a buffer whose size the caller has worked out beforehand. */
export class MessageWriter {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  /** The bytes so far; a view. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  raw(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Field numbers MUST be below 16: their tags take one byte. */
  tag(field: number, wireType: number): void {
    this.#bytes[this.#at++] = (field << 3) | wireType;
  }

  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  varintField(field: number, value: number): void {
    this.tag(field, WIRE_TYPE.varint);
    this.varint(value);
  }

  bytesField(field: number, bytes: Uint8Array): void {
    this.tag(field, WIRE_TYPE.bytes);
    this.varint(bytes.length);
    this.raw(bytes);
  }
}

/** How many bytes an unsigned integer takes. */
export function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}
