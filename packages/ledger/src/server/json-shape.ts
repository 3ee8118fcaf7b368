// SPDX-License-Identifier: MIT
import { badRequest } from "./aws-error";

/** QLDB's requests nest six deep at most. */
const DEPTH_MAX = 32;

/** Room for a parameter for every second character of the longest statement. Parsing so many takes about 30 ms. */
const VALUES_MAX = 200_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT] = [0x5b, 0x7b, 0x5d, 0x7d];

/**
 * Looks at the shape of a JSON text as its bytes arrive, so that it can be parsed at one go later: parsing holds up
 * everybody, and takes long for many values and for deep ones.
 */
export class JsonShape {
  #depth = 0;
  #values = 0;
  #inString = false;
  #escaped = false;

  /**
   * Looks at the next bytes.
   *
   * @throws AwsError if the text has too many values or nests too deep
   */
  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      if (this.#inString) at = this.#skipString(bytes, at);
      else this.#addToken(bytes[at]);
    }
    if (this.#depth > DEPTH_MAX) {
      throw badRequest(`Expected a JSON body nested at most ${DEPTH_MAX} deep, found a deeper one.`);
    }
    if (this.#values > VALUES_MAX) {
      throw badRequest(
        `Expected a JSON body of at most ${VALUES_MAX} values, found more: send several requests.`,
      );
    }
  }

  /** @returns where the string ends, or the bytes do */
  #skipString(bytes: Uint8Array, start: number): number {
    let escaped = this.#escaped;
    let at = start;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        break;
      }
    }
    this.#escaped = escaped;
    return at;
  }

  #addToken(byte: number | undefined): void {
    if (byte === QUOTE) this.#inString = true;
    else if (byte === COMMA) this.#values += 1;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      this.#values += 1;
      this.#depth += 1;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#depth -= 1;
  }
}
