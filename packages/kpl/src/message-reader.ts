// SPDX-License-Identifier: MIT
import { WIRE_TYPE } from "./format";

/** The bytes are no protobuf message. Internal: {@link deaggregate} turns it into its answer. */
export class MalformedMessageError extends Error {}

/** A varint of 64 bits takes at most ten bytes of seven bits each. */
const VARINT_BYTES_MAX = 10;
const TAG_MAX = 0xffff_ffff;

/**
 * Reads a protobuf message from bytes that nobody vouches for.
 *
 * Every read moves forward or throws {@link MalformedMessageError}, and none reaches beyond the end, so a reader's loop
 * always ends. Byte strings are views of the input.
 */
export class MessageReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Reads a field's number and wire type. */
  readTag(): { readonly field: number; readonly wireType: number } {
    const tag = this.readVarint();
    if (tag > TAG_MAX || tag < 8) throw new MalformedMessageError(`no field has the tag ${tag}`);
    return { field: tag >>> 3, wireType: tag & 7 };
  }

  /** Reads an unsigned integer. Above 2^53 it is only approximately right, which is enough to see that it is too large. */
  readVarint(): number {
    let value = 0;
    for (let i = 0; i < VARINT_BYTES_MAX; i++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new MalformedMessageError("the message ends within an integer");
      if (byte < 0x80) return value + byte * 2 ** (7 * i);
      value += (byte & 0x7f) * 2 ** (7 * i);
    }
    throw new MalformedMessageError(`an integer has more than ${VARINT_BYTES_MAX} bytes`);
  }

  /** Reads a length and that many bytes. */
  readBytes(): Uint8Array {
    return this.#take(this.readVarint());
  }

  /** Passes over the value of a field that the reader does not know. */
  skip(wireType: number): void {
    switch (wireType) {
      case WIRE_TYPE.varint:
        this.readVarint();
        return;
      case WIRE_TYPE.fixed64:
        this.#take(8);
        return;
      case WIRE_TYPE.bytes:
        this.readBytes();
        return;
      case WIRE_TYPE.fixed32:
        this.#take(4);
        return;
      default:
        throw new MalformedMessageError(`the wire type ${wireType} is not in use`);
    }
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new MalformedMessageError("a value reaches beyond the message");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
