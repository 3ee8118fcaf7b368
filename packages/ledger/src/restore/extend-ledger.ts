// SPDX-License-Identifier: MIT
import type { GivenId, LedgerStorage } from "../storage/storage";
import { JournalReplay } from "../verification/journal-replay";
import { AbandonedFilling } from "./abandoned-filling";
import { readJournalEnd } from "./journal-end";
import { describeRestored, type LedgerRestoration } from "./ledger-restoration";
import { requireNext, requireStrand } from "./restore-refused-error";
import { type PassOptions, verifiedPass } from "./verified-pass";

/** A pass that restores. */
export interface RestorePass extends PassOptions {
  /** Ids that the blocks do not tell. */
  readonly givenIds: readonly GivenId[];
}

/**
 * Appends an export to a ledger in one commit.
 *
 * @throws RestoreRefusedError if the export does not begin where the ledger ends.
 * @throws AbandonedFilling if the export is not sound or lacks blocks.
 */
export async function extendLedger(storage: LedgerStorage, options: RestorePass): Promise<LedgerRestoration> {
  const { source, digests } = options;
  const description = await storage.readDescription();
  requireStrand(description.name, description.strandId, source.strandId);
  const continues = await readJournalEnd(storage, description, digests);
  const head = continues?.tip.blockAddress.sequenceNo ?? -1;
  requireNext(description.name, source.range, head);
  const givenIds = [...(description.givenIds ?? []), ...options.givenIds];
  const replay = new JournalReplay(storage, givenIds);
  const result = await storage.lockHead(async (lock) => {
    // Another process may have committed meanwhile.
    requireNext(description.name, source.range, lock.head?.sequenceNo ?? -1);
    const passed = await verifiedPass({ ...options, continues }, (block) => replay.append(lock, block));
    if (!passed.isRestorable) throw new AbandonedFilling(passed);
    // Before the blocks are safe: an id that is kept and not used does no harm.
    if (options.givenIds.length > 0) await storage.writeDescription({ ...description, givenIds });
    return passed;
  });
  return describeRestored(storage, head + 1, result, replay);
}
