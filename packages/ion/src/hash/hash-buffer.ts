// SPDX-License-Identifier: MIT
import { wordsOfLong } from "./hash";
import { BLOCK_BYTES, END_BYTES, HASH_WORDS, padMessage, sha256Blocks } from "./sha256-blocks";

/** The marks of Ion Hash around a value, and the byte that goes before a mark's value inside a representation. */
const BEGIN = 0x0b;
const END = 0x0e;
const ESCAPE = 0x0c;

const INITIAL_BYTES = 1 << 16;
const KEPT_BYTES = 1 << 22;

/** Up to so many bytes are hashed here: a call of `node:crypto` takes longer. */
const SHORT = 3 * BLOCK_BYTES - END_BYTES;

/** Serialized values, as Ion Hash 1.0 hashes them. It grows as needed. */
export class HashBuffer {
  /** How many bytes are in it. A smaller length drops what was added last. */
  length = 0;
  #out = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#out.buffer);

  /** Drops everything, and lets go of what a huge value needed. */
  clear(): void {
    this.length = 0;
    if (this.#out.length > KEPT_BYTES) this.#replace(new Uint8Array(INITIAL_BYTES));
  }

  begin(qualifier: number): void {
    this.#reserve(4);
    this.#out[this.length++] = BEGIN;
    this.#out[this.length++] = qualifier;
  }

  end(): void {
    this.#reserve(1);
    this.#out[this.length++] = END;
  }

  byte(byte: number): void {
    this.#reserve(2);
    if (byte === BEGIN || byte === END || byte === ESCAPE) this.#out[this.length++] = ESCAPE;
    this.#out[this.length++] = byte;
  }

  /** Appends bytes and returns all of them or-ed together, which tells whether they are ASCII. */
  bytes(bytes: Uint8Array, start: number, end: number): number {
    this.#reserve(2 * (end - start));
    const out = this.#out;
    let length = this.length;
    let all = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === BEGIN || byte === END || byte === ESCAPE) out[length++] = ESCAPE;
      out[length++] = byte;
      all |= byte;
    }
    this.length = length;
    return all;
  }

  /** Appends a hash that stands in `words` from `from` on. */
  hash(words: Int32Array, from: number): void {
    this.#reserve(8 * HASH_WORDS);
    const out = this.#out;
    let length = this.length;
    for (let i = from; i < from + HASH_WORDS; i++) {
      const word = words[i] ?? 0;
      for (let shift = 24; shift >= 0; shift -= 8) {
        const byte = (word >>> shift) & 0xff;
        if (byte === BEGIN || byte === END || byte === ESCAPE) out[length++] = ESCAPE;
        out[length++] = byte;
      }
    }
    this.length = length;
  }

  varUInt(value: number): void {
    if (value >= 128) this.#varUIntHigh(Math.floor(value / 128));
    this.byte((value % 128) | 0x80);
  }

  #varUIntHigh(value: number): void {
    if (value >= 128) this.#varUIntHigh(Math.floor(value / 128));
    this.byte(value % 128);
  }

  varInt(value: number, minusZero: boolean): void {
    const sign = value < 0 || minusZero ? 0x40 : 0;
    const magnitude = Math.abs(value);
    if (magnitude < 64) {
      this.byte(0x80 | sign | magnitude);
      return;
    }
    const groups: number[] = [];
    let rest = magnitude;
    for (; rest >= 64; rest = Math.floor(rest / 128)) groups.push(rest % 128);
    this.byte(sign | rest);
    for (let i = groups.length - 1; i > 0; i--) this.byte(groups[i] ?? 0);
    this.byte(0x80 | (groups[0] ?? 0));
  }

  /** The bytes from `start` on, to be hashed before anything else is added. */
  view(start: number): Uint8Array {
    return new Uint8Array(this.#out.buffer, start, this.length - start);
  }

  /** Puts the SHA-256 of the bytes from `start` on into `words` at `to`. */
  sha256(start: number, words: Int32Array, to: number): void {
    if (this.length - start > SHORT) {
      wordsOfLong(this.view(start), words, to);
      return;
    }
    this.#reserve(BLOCK_BYTES + END_BYTES);
    const blocks = padMessage(this.#out, this.#view, start, this.length);
    sha256Blocks(this.#view, start, blocks, words, to);
  }

  #reserve(size: number): void {
    if (this.length + size <= this.#out.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#out.length, this.length + size));
    grown.set(this.#out.subarray(0, this.length));
    this.#replace(grown);
  }

  #replace(out: Uint8Array<ArrayBuffer>): void {
    this.#out = out;
    this.#view = new DataView(out.buffer);
  }
}
