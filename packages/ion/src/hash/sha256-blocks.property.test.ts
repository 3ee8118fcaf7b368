// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { sha256, sha256OfPair, toHash } from "./hash";
import { BLOCK_BYTES, END_BYTES, HASH_WORDS, padMessage, sha256Blocks } from "./sha256-blocks";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const byNode = (message: Uint8Array): string => createHash("sha256").update(message).digest("hex");

/** The hash of a message that stands at `start` in a buffer full of other bytes. */
function hashAt(message: Uint8Array, start: number): string {
  const bytes = new Uint8Array(start + message.length + BLOCK_BYTES + END_BYTES).fill(0xa5);
  bytes.set(message, start);
  const view = new DataView(bytes.buffer);
  const words = new Int32Array(2 * HASH_WORDS);
  const blocks = padMessage(bytes, view, start, start + message.length);
  sha256Blocks(view, start, blocks, words, HASH_WORDS);
  return hex(toHash(words, HASH_WORDS));
}

describe("SHA-256 of short messages", () => {
  // FIPS 180-4, appendix B of FIPS 180-2.
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
  ])("is that of the standard: %s", (text, expected) => {
    expect(hashAt(Buffer.from(text), 0)).toBe(expected);
  });

  it("equals that of Node.js for every length up to four blocks", () => {
    for (let length = 0; length <= 4 * BLOCK_BYTES; length++) {
      const message = Uint8Array.from({ length }, (_, i) => i * 7 + length);
      expect(hashAt(message, length % 5)).toBe(byNode(message));
    }
  });

  it("equals that of Node.js for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (message) => {
        expect(hashAt(message, 3)).toBe(byNode(message));
        expect(hex(sha256(message))).toBe(byNode(message));
      }),
    );
  });

  it("equals that of Node.js for pairs of hashes", () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(hash, hash, (a, b) => {
        expect(hex(sha256OfPair(a, b))).toBe(byNode(Buffer.concat([a, b])));
      }),
    );
  });
});
