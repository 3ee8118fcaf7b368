// SPDX-License-Identifier: MIT
import { decodeBlock } from "@ledger-loader/journal";
import type { LedgerStorage } from "./storage/storage";
import { JournalReplay } from "./verification/journal-replay";
import {
  type LedgerVerification,
  verifyLedger,
  type VerifyLedgerOptions,
} from "./verification/verify-ledger";

/** The result of deriving a ledger's state again. */
export interface LedgerRebuild {
  /** The findings before: findings of the rule `derived-state` are what was mended. */
  readonly before: LedgerVerification;
  /** The findings afterwards; `undefined` if the journal itself failed, so that nothing was changed. */
  readonly after: LedgerVerification | undefined;
}

/** How a ledger is rebuilt. */
export type RebuildLedgerOptions = Pick<VerifyLedgerOptions, "onProgress">;

/**
 * Derives the current documents, history, indexes and hash tree of a storage from its journal again, in one commit.
 *
 * Other commits wait meanwhile. A journal that fails verification is not followed.
 */
export async function rebuildDerived(
  storage: LedgerStorage,
  options: RebuildLedgerOptions = {},
): Promise<LedgerRebuild> {
  const before = await verifyLedger(storage, options);
  const isSound = before.findings.every(
    ({ rule, severity }) => rule === "derived-state" || severity !== "failed",
  );
  if (!isSound) return { before, after: undefined };
  const { givenIds } = await storage.readDescription();
  await storage.lockHead(async (lock) => {
    const last = lock.head?.sequenceNo ?? -1;
    await lock.rewind();
    const replay = new JournalReplay(storage, givenIds);
    for await (const { ion } of storage.readBlocks(0, last)) await replay.append(lock, decodeBlock(ion), ion);
  });
  return { before, after: await verifyLedger(storage, options) };
}
