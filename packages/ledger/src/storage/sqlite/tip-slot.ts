// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import type { AcknowledgedTip } from "../storage";

/** As long as a page of memory and as most disks' blocks, so that writing one slot never touches the other. */
export const SLOT_BYTES = 4096;

const LAYOUT =
  /^(ledger-loader-tip 1 block ([0-9]{1,16}) time (-?[0-9]{1,16}) hash ([0-9a-f]{64})) sha256 ([0-9a-f]{64}) *\n$/;

/** One line of text with a checksum, padded to {@link SLOT_BYTES}. */
export function encodeTipSlot({ sequenceNo, blockHash, blockTime }: AcknowledgedTip): Buffer {
  const hash = Buffer.from(blockHash).toString("hex");
  const content = `ledger-loader-tip 1 block ${sequenceNo} time ${blockTime} hash ${hash}`;
  return Buffer.from(`${content} sha256 ${checksum(content)}`.padEnd(SLOT_BYTES - 1) + "\n", "latin1");
}

/** Returns `undefined` for a slot that is damaged, or was half written. */
export function decodeTipSlot(slot: Uint8Array): AcknowledgedTip | undefined {
  const [, content, sequenceNo, blockTime, hash, sum] =
    LAYOUT.exec(Buffer.from(slot).toString("latin1")) ?? [];
  if (content === undefined || hash === undefined || checksum(content) !== sum) return undefined;
  return {
    sequenceNo: Number(sequenceNo),
    blockHash: Buffer.from(hash, "hex"),
    blockTime: Number(blockTime),
  };
}

function checksum(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
