// SPDX-License-Identifier: MIT
import { hashesEqual } from "@ledger-loader/ion";
import type { AcceptedLoss, AcknowledgedTip, Head, MissingCommits } from "./storage";

/**
 * Compares a journal with the record of what was acknowledged. The journal may be longer: a crash can come between a commit
 * and its record.
 *
 * @param hashAtTip - the hash of the journal's block at the tip's number, if the journal has one.
 */
export function findMissing(
  tip: AcknowledgedTip | undefined,
  head: Head | undefined,
  hashAtTip: Uint8Array | undefined,
): MissingCommits | undefined {
  if (tip === undefined) return undefined;
  const journalEnd = head?.sequenceNo ?? -1;
  if (hashAtTip === undefined) return { tip, journalEnd, count: tip.sequenceNo - journalEnd };
  return hashesEqual(hashAtTip, tip.blockHash) ? undefined : { tip, journalEnd, count: undefined };
}

/** The missing commits, as a part of a sentence. */
export function describeMissing({ tip, journalEnd, count }: MissingCommits): string {
  const { sequenceNo } = tip;
  if (count === undefined) return `another block ${sequenceNo}: this is another journal`;
  const end = journalEnd < 0 ? "no block" : `block ${journalEnd} as its last`;
  const missing =
    count === 1
      ? `1 acknowledged commit is missing, block ${sequenceNo}`
      : `${count} acknowledged commits are missing, blocks ${journalEnd + 1} to ${sequenceNo}`;
  return `${end}: ${missing}`;
}

/** The newest block that was acknowledged, as a part of a sentence. */
export function describeTip({ sequenceNo, blockTime }: AcknowledgedTip): string {
  return `block ${sequenceNo} of ${toText(blockTime)}`;
}

/**
 * The record of a loss that somebody accepts.
 *
 * @param acceptedAt - in milliseconds since 1970
 */
export function toAcceptedLoss({ tip, journalEnd }: MissingCommits, acceptedAt: number): AcceptedLoss {
  return {
    acceptedAt,
    journalEnd,
    lastBlock: tip.sequenceNo,
    lastBlockTime: tip.blockTime,
    lastBlockHash: Buffer.from(tip.blockHash).toString("hex"),
  };
}

/** A loss that somebody has accepted, as a sentence without its full stop. */
export function describeLoss({ acceptedAt, journalEnd, lastBlock, lastBlockTime }: AcceptedLoss): string {
  const blocks =
    lastBlock === journalEnd + 1 ? `Block ${lastBlock}` : `Blocks ${journalEnd + 1} to ${lastBlock}`;
  return `${blocks}, up to ${toText(lastBlockTime)}, had been lost when this was accepted on ${toText(acceptedAt)}`;
}

function toText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
