// SPDX-License-Identifier: MIT
import type { JournalExport, VerificationProgress } from "@ledger-loader/export";
import type { Digest } from "@ledger-loader/journal";
import type { LedgerDirectory } from "../storage/ledger-directory";
import type { LedgerDescription } from "../storage/storage";
import { BlockAppender } from "./block-appender";
import { extendLedger } from "./extend-ledger";
import { describeRestored, type LedgerRestoration } from "./ledger-restoration";
import type { RedactionPlan } from "./redaction-plan";
import { type Attempt, fillNew, holdsRedacted, withKnownRedactions } from "./restore-attempt";
import { requireStart } from "./restore-refused-error";
import { type PassInput, type PassOptions, verifiedPass } from "./verified-pass";

/** How a ledger is restored. */
export interface RestoreLedgerOptions {
  /** Digests that are trusted: each is checked, those of earlier blocks of an extended ledger too. */
  readonly digests?: readonly Digest[];
  /** Told how much of the export was read. Begins again where redactions make a second pass necessary. */
  readonly onProgress?: (progress: VerificationProgress) => void;
}

/** What the export does not tell of a new ledger. */
export type NewLedger = Omit<LedgerDescription, "strandId" | "creationTime">;

/**
 * Restores a ledger from an export, or extends a ledger by an export, block by block as they were written.
 *
 * Verifies while it reads. The ledger is there, or longer, when all blocks are safely stored, and not before. A crash leaves
 * nothing that counts: the restoration begins again. A ledger of this name MUST NOT be open.
 *
 * @throws RestoreRefusedError if the export does not fit.
 */
export async function restoreLedger(
  directory: LedgerDirectory,
  ledger: NewLedger,
  source: JournalExport,
  { digests = [], onProgress }: RestoreLedgerOptions = {},
): Promise<LedgerRestoration> {
  const input: PassInput = { source, digests, onProgress };
  const isThere = (await directory.list()).includes(ledger.name);
  return withKnownRedactions((redactions) =>
    isThere
      ? extendNamed(directory, ledger.name, input, redactions)
      : create(directory, ledger, { ...input, redactions, continues: undefined }),
  );
}

async function create(directory: LedgerDirectory, ledger: NewLedger, options: PassOptions): Promise<Attempt> {
  requireStart(ledger.name, options.source.range);
  return fillNew(directory, ledger.name, async (storage) => {
    const appender = new BlockAppender(storage);
    const result = await verifiedPass(options, (block) => appender.add(block));
    const { report, redactions, firstBlock } = result;
    if (!result.isRestorable || firstBlock === undefined) {
      return { restoration: { report, restored: undefined } };
    }
    await appender.flush();
    if (await holdsRedacted(storage, redactions)) return { redactions };
    const { strandId } = firstBlock.blockAddress;
    const creationTime = Date.parse(firstBlock.blockTimestamp);
    await storage.writeDescription({ ...ledger, strandId, creationTime });
    return { restoration: await describeRestored(storage, 0, result, appender.replay.notes) };
  });
}

async function extendNamed(
  directory: LedgerDirectory,
  name: string,
  input: PassInput,
  redactions: RedactionPlan,
): Promise<Attempt> {
  const storage = await directory.open(name);
  if (storage === undefined) throw new Error("Expected a ledger that is listed to be there.");
  try {
    return await extendLedger(directory, storage, input, redactions);
  } finally {
    await storage.close();
  }
}
