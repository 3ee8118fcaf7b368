// SPDX-License-Identifier: MIT
import { createHash, randomUUID } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const length = 22;

/** Makes a new id as QLDB's are: 128 random bits (a version 4 UUID) in base62, always 22 characters. */
export function newUniqueId(): string {
  return toBase62(Buffer.from(randomUUID().replaceAll("-", ""), "hex"));
}

/**
 * Makes the id of something that a transaction created and that only its statements' text names: a table, an index.
 *
 * It follows from the transaction's id, so that replaying the journal gives the same id again.
 */
export function derivedUniqueId(transactionId: string, kind: "table" | "index", ordinal: number): string {
  const hash = createHash("sha256").update(`${kind}:${transactionId}:${ordinal}`).digest();
  return toBase62(hash.subarray(0, 16));
}

function toBase62(bytes: Uint8Array): string {
  // Four 32-bit words divided by 62 over and over: several times faster than BigInt, and ids are made per document.
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  let a = view.getUint32(0);
  let b = view.getUint32(4);
  let c = view.getUint32(8);
  let d = view.getUint32(12);
  let text = "";
  for (let i = 0; i < length; i++) {
    let rest = a % 62;
    a = (a - rest) / 62;
    rest = rest * 4294967296 + b;
    b = Math.floor(rest / 62);
    rest = (rest % 62) * 4294967296 + c;
    c = Math.floor(rest / 62);
    rest = (rest % 62) * 4294967296 + d;
    d = Math.floor(rest / 62);
    text = alphabet.charAt(rest % 62) + text;
  }
  return text;
}
