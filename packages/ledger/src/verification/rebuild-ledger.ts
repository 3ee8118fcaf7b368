// SPDX-License-Identifier: MIT
import { decodeBlock } from "@ledger-loader/journal";
import type { GivenId, LedgerStorage, StoredBlock } from "../storage/storage";
import { JournalReplay } from "./journal-replay";

/** Blocks that are stored in one go. */
const groupSize = 256;

/**
 * Fills an empty storage from a journal: current documents, history, indexes and hash tree all follow from it.
 *
 * @param givenIds - as in the description of the ledger.
 * @returns how many blocks there were.
 * @throws JournalReplayError if a block does not follow from those before it; what came before it is stored.
 */
export async function rebuildLedger(
  target: LedgerStorage,
  blocks: AsyncIterable<StoredBlock>,
  givenIds: readonly GivenId[] = [],
): Promise<number> {
  const replay = new JournalReplay(target, givenIds);
  let count = 0;
  const store = (group: readonly StoredBlock[]): Promise<void> =>
    target.lockHead(async (lock) => {
      for (const { ion } of group) await replay.append(lock, decodeBlock(ion), ion);
    });
  let group: StoredBlock[] = [];
  for await (const block of blocks) {
    count += 1;
    group.push(block);
    if (group.length < groupSize) continue;
    await store(group);
    group = [];
  }
  await store(group);
  return count;
}
