// SPDX-License-Identifier: MIT
import type { JournalExport, VerificationProgress } from "@ledger-loader/export";
import type { Digest } from "@ledger-loader/journal";
import type { LedgerDirectory } from "../storage/ledger-directory";
import type { GivenId, LedgerDescription, LedgerStorage } from "../storage/storage";
import { AbandonedFilling, orAbandoned } from "./abandoned-filling";
import { BlockAppender } from "./block-appender";
import { extendLedger, type RestorePass } from "./extend-ledger";
import { describeRestored, type LedgerRestoration } from "./ledger-restoration";
import { requireStart } from "./restore-refused-error";
import { verifiedPass } from "./verified-pass";

/** How a ledger is restored. */
export interface RestoreLedgerOptions {
  /** Digests that are trusted: each is checked, those of earlier blocks of an extended ledger too. */
  readonly digests?: readonly Digest[];
  /**
   * Ids of tables and indexes that blocks of Amazon QLDB do not tell: of tables that never had a document, and of indexes. They are
   * kept in the ledger's description. Default: such ids are made up.
   */
  readonly givenIds?: readonly GivenId[];
  /** Told how much of the export was read. */
  readonly onProgress?: (progress: VerificationProgress) => void;
}

/** The parts of a new ledger that the export lacks. */
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
  { digests = [], givenIds = [], onProgress }: RestoreLedgerOptions = {},
): Promise<LedgerRestoration> {
  const options: RestorePass = { source, digests, onProgress, givenIds };
  const isThere = (await directory.list()).includes(ledger.name);
  return orAbandoned(() =>
    isThere ? extendNamed(directory, ledger.name, options) : create(directory, ledger, options),
  );
}

async function create(
  directory: LedgerDirectory,
  ledger: NewLedger,
  options: RestorePass,
): Promise<LedgerRestoration> {
  requireStart(ledger.name, options.source.range);
  let restoration: LedgerRestoration | undefined;
  await directory.create(ledger.name, async (storage) => {
    restoration = await fill(storage, ledger, options);
  });
  if (restoration === undefined) throw new Error("Expected a directory to fill the storage that it creates.");
  return restoration;
}

async function fill(
  storage: LedgerStorage,
  ledger: NewLedger,
  options: RestorePass,
): Promise<LedgerRestoration> {
  const { givenIds } = options;
  const appender = new BlockAppender(storage, givenIds);
  const result = await verifiedPass(options, (block) => appender.add(block));
  const { firstBlock } = result;
  if (!result.isRestorable || firstBlock === undefined) throw new AbandonedFilling(result);
  await appender.flush();
  const { strandId } = firstBlock.blockAddress;
  const creationTime = Date.parse(firstBlock.blockTimestamp);
  const kept = givenIds.length === 0 ? {} : { givenIds };
  await storage.writeDescription({ ...ledger, strandId, creationTime, ...kept });
  return describeRestored(storage, 0, result, appender.replay);
}

async function extendNamed(
  directory: LedgerDirectory,
  name: string,
  options: RestorePass,
): Promise<LedgerRestoration> {
  const storage = await directory.open(name);
  if (storage === undefined) throw new Error("Expected a ledger that is listed to be there.");
  try {
    return await extendLedger(storage, options);
  } finally {
    await storage.close();
  }
}
