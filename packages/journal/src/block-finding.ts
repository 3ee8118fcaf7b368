// SPDX-License-Identifier: MIT
import { type Hash, formatHash } from "@ledger-loader/ion";
import type { BlockAddress } from "./address";
import type { Finding, FindingRule } from "./finding";

/** A finding about a block: `failed` unless the details say otherwise. */
export function blockFinding(
  blockAddress: BlockAddress,
  rule: FindingRule,
  field: string,
  message: string,
  details: Partial<Finding>,
): Finding {
  return {
    rule,
    severity: "failed",
    message: `Block ${blockAddress.sequenceNo}: ${message}.`,
    blockAddress,
    field,
    ...details,
  };
}

/** A finding about a hash that is not the one which the content gives. */
export function hashFinding(
  blockAddress: BlockAddress,
  rule: FindingRule,
  field: string,
  expected: Hash | undefined,
  found: Hash | undefined,
): Finding {
  return blockFinding(blockAddress, rule, field, `${field} is not the hash that the block's content gives`, {
    expected: expected && formatHash(expected),
    found: found === undefined ? "no hash" : formatHash(found),
  });
}
