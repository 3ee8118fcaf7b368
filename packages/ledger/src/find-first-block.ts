// SPDX-License-Identifier: MIT
import { decodeBlock } from "@ledger-loader/journal";
import type { EmbeddedLedger } from "./embedded-ledger";

/** The first block that is not before a time; the journal's times never go back. */
export async function findFirstBlock(ledger: EmbeddedLedger, time: number): Promise<number> {
  const head = await ledger.readHead();
  let [low, high] = [0, head === undefined ? 0 : head.sequenceNo + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const block = await ledger.readBlock(middle);
    if (block === undefined || blockTime(block.ion) >= time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The time of a block, in milliseconds since 1970. */
export function blockTime(ion: Uint8Array): number {
  return Date.parse(decodeBlock(ion).blockTimestamp);
}
