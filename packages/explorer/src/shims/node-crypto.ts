// SPDX-License-Identifier: MIT
import { sha256 } from "@noble/hashes/sha2";

/** Takes the place of Node.js' `hash` for the one call that the packages make: SHA-256 as a string with a character per byte. */
export function hash(algorithm: string, bytes: Uint8Array, encoding: string): string {
  if (algorithm !== "sha256" || encoding !== "binary") {
    throw new Error(
      `Expected SHA-256 as a binary string, found ${algorithm} as ${encoding}: extend this shim.`,
    );
  }
  return String.fromCharCode(...sha256(bytes));
}
