// SPDX-License-Identifier: MIT
import { type Hash, hashesEqual } from "@ledger-loader/ion";
import type { BlockAddress } from "./address";
import type { Block } from "./block";
import { blockFinding, hashFinding } from "./block-finding";
import type { Finding, FindingRule } from "./finding";

/** The end that the next block must continue. */
export interface ChainTip {
  readonly blockAddress: BlockAddress;
  readonly blockHash: Hash;
  readonly blockTimestamp: string;
}

/** The fields of a block that link it to another. */
export type LinkedBlock = Pick<Block, "blockAddress" | "previousBlockHash" | "blockTimestamp">;

/** Compares a block with the one before: sequence, strand, hash, and as a warning the time. */
export function verifyLink(block: LinkedBlock, previous: ChainTip): Finding[] {
  const { blockAddress, previousBlockHash, blockTimestamp } = block;
  const findings: Finding[] = [];
  const differs = (rule: FindingRule, field: string, expected: string, found: string): void => {
    const message = `Expected ${field} ${expected}, found ${found}`;
    if (expected !== found)
      findings.push(blockFinding(blockAddress, rule, field, message, { expected, found }));
  };
  const expected = previous.blockAddress.sequenceNo + 1;
  differs("sequence", "blockAddress.sequenceNo", `${expected}`, `${blockAddress.sequenceNo}`);
  differs("strand", "blockAddress.strandId", previous.blockAddress.strandId, blockAddress.strandId);
  if (previousBlockHash === undefined || !hashesEqual(previousBlockHash, previous.blockHash)) {
    findings.push(
      hashFinding(blockAddress, "chain-link", "previousBlockHash", previous.blockHash, previousBlockHash),
    );
  }
  if (isEarlier(blockTimestamp, previous.blockTimestamp)) {
    findings.push(
      blockFinding(
        blockAddress,
        "timestamp-order",
        "blockTimestamp",
        "The block is older than the one before it",
        {
          severity: "warning",
          expected: `${previous.blockTimestamp} or later`,
          found: blockTimestamp,
        },
      ),
    );
  }
  return findings;
}

/** True if UTC timestamp `a` lies before `b`; QLDB's have the same precision, so that their texts sort by time. */
function isEarlier(a: string, b: string): boolean {
  return a.length === b.length && a.endsWith("Z") && b.endsWith("Z") && a < b;
}
