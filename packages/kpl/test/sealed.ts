// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";

/** Wraps any bytes as an aggregate whose magic number and MD5 hold, whatever the bytes between them say. */
export function sealed(message: Uint8Array): Buffer {
  const digest = createHash("md5").update(message).digest();
  return Buffer.concat([Buffer.from("f3899ac2", "hex"), message, digest]);
}

/** Bytes from hexadecimal digits, spaces ignored. */
export function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(" ", ""), "hex");
}
