// SPDX-License-Identifier: MIT
import { decodeBlock } from "@ledger-loader/journal";
import type { LedgerDirectory } from "../storage/ledger-directory";
import type { LedgerStorage } from "../storage/storage";
import { JournalReplay } from "../verification/journal-replay";
import { BlockAppender } from "./block-appender";
import { readJournalEnd } from "./journal-end";
import { describeRestored } from "./ledger-restoration";
import type { RedactionPlan } from "./redaction-plan";
import { AbandonedFilling, type Attempt, fillNew, holdsRedacted } from "./restore-attempt";
import { requireNext, requireStrand } from "./restore-refused-error";
import { type PassInput, type PassOptions, verifiedPass } from "./verified-pass";

/**
 * Appends an export to a ledger, all of it or nothing.
 *
 * Where the export records redactions of revisions whose data the ledger holds, the whole ledger is written again.
 *
 * @throws RestoreRefusedError if the export does not begin where the ledger ends.
 */
export async function extendLedger(
  directory: LedgerDirectory,
  storage: LedgerStorage,
  input: PassInput,
  redactions: RedactionPlan,
): Promise<Attempt> {
  const description = await storage.readDescription();
  requireStrand(description.name, description.strandId, input.source.strandId);
  const continues = await readJournalEnd(storage, description, input.digests);
  requireNext(description.name, input.source.range, continues?.tip.blockAddress.sequenceNo ?? -1);
  const pass = { ...input, redactions, continues };
  return (await holdsRedacted(storage, redactions))
    ? writeAgain(directory, storage, pass)
    : appendTo(storage, pass);
}

async function appendTo(storage: LedgerStorage, options: PassOptions): Promise<Attempt> {
  const replay = new JournalReplay(storage);
  let attempt: Attempt | undefined;
  try {
    const result = await storage.lockHead(async (lock) => {
      const passed = await verifiedPass(options, (block) => replay.append(lock, block));
      if (!passed.isRestorable) attempt = { restoration: { report: passed.report, restored: undefined } };
      else if (passed.redactions.size > options.redactions.size) attempt = { redactions: passed.redactions };
      if (attempt !== undefined) throw new AbandonedFilling();
      return passed;
    });
    return { restoration: await describeRestored(storage, blocksBefore(options), result, replay.notes) };
  } catch (error) {
    if (error instanceof AbandonedFilling && attempt !== undefined) return attempt;
    throw error;
  }
}

async function writeAgain(
  directory: LedgerDirectory,
  old: LedgerStorage,
  options: PassOptions,
): Promise<Attempt> {
  const count = blocksBefore(options);
  const description = await old.readDescription();
  return fillNew(directory, description.name, async (storage) => {
    await storage.writeDescription(description);
    const appender = new BlockAppender(storage);
    for await (const { ion } of old.readBlocks(0, count - 1)) {
      await appender.add(options.redactions.apply(decodeBlock(ion)));
    }
    const result = await verifiedPass(options, (block) => appender.add(block));
    await appender.flush();
    if (!result.isRestorable) return { restoration: { report: result.report, restored: undefined } };
    // The new storage takes the old one's name once this returns.
    await old.close();
    return { restoration: await describeRestored(storage, count, result, appender.replay.notes) };
  });
}

function blocksBefore({ continues }: PassOptions): number {
  return continues === undefined ? 0 : continues.tip.blockAddress.sequenceNo + 1;
}
