// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";

/** Spreads keys over shards and partitions: a number from 0 up to, not including, 1. */
export function hashOf(key: string): number {
  return createHash("md5").update(key).digest().readUInt32BE(0) / 2 ** 32;
}
