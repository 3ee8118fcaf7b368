// SPDX-License-Identifier: MIT
import type { JournalEnd } from "@ledger-loader/export";
import { type Digest, decodeBlock, rootPlan } from "@ledger-loader/journal";
import { readDigest } from "../commit/merkle-nodes";
import { StoreUnreadableError } from "../errors";
import type { LedgerDescription, LedgerStorage } from "../storage/storage";

/**
 * Reads what verifying an export needs of the journal that the export continues; `undefined` before the first block.
 *
 * @param supplied - the digests that were supplied: those of the strand are computed from the stored journal.
 * @throws StoreUnreadableError if the newest block is missing.
 */
export async function readJournalEnd(
  storage: LedgerStorage,
  { strandId, name }: LedgerDescription,
  supplied: readonly Digest[],
): Promise<JournalEnd | undefined> {
  const head = await storage.readHead();
  if (head === undefined) return undefined;
  const { sequenceNo, blockHash } = head;
  const stored = await storage.readBlock(sequenceNo);
  if (stored === undefined) throw new StoreUnreadableError(name, `block ${sequenceNo} is missing`);
  const { blockTimestamp } = decodeBlock(stored.ion);
  const plan = rootPlan(sequenceNo + 1);
  const hashes = await storage.readMerkleNodes(plan);
  const inJournal = supplied.filter(
    ({ tipAddress }) => tipAddress.strandId === strandId && tipAddress.sequenceNo <= sequenceNo,
  );
  return {
    tip: { blockAddress: { strandId, sequenceNo }, blockHash, blockTimestamp },
    nodes: hashes.map((hash, at) => ({ ...(plan[at] ?? { level: 0, index: 0 }), hash })),
    digests: await Promise.all(inJournal.map(({ tipAddress }) => recompute(storage, tipAddress))),
  };
}

async function recompute(storage: LedgerStorage, tipAddress: Digest["tipAddress"]): Promise<Digest> {
  return { tipAddress, hash: await readDigest(storage, tipAddress.sequenceNo + 1) };
}
