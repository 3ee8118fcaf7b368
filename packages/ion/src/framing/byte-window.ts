// SPDX-License-Identifier: MIT

const INITIAL_CAPACITY = 64 * 1024;

/**
 * The part of a byte stream that is still needed: bytes are appended at its end and consumed at its start.
 *
 * Its memory is bounded by the largest stretch that is held at once, not by the length of the stream.
 */
export class ByteWindow {
  /** Backing store; only `[start, end)` holds stream content. Replaced when it grows: MUST NOT be kept. */
  bytes: Uint8Array = new Uint8Array(INITIAL_CAPACITY);
  start = 0;
  end = 0;
  /** Position in the stream of the byte at `start`. */
  offset = 0;

  /** Bytes held. */
  get length(): number {
    return this.end - this.start;
  }

  append(chunk: Uint8Array): void {
    if (this.end + chunk.length > this.bytes.length) this.#makeRoom(chunk.length);
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }

  consume(count: number): void {
    this.start += count;
    this.offset += count;
  }

  #makeRoom(count: number): void {
    const needed = this.length + count;
    // Doubling keeps the copying linear even if the stream arrives byte by byte.
    const target = needed * 2 > this.bytes.length ? new Uint8Array(needed * 2) : this.bytes;
    target.set(this.bytes.subarray(this.start, this.end));
    this.end -= this.start;
    this.start = 0;
    this.bytes = target;
  }
}
