// SPDX-License-Identifier: MIT
import type { LedgerDirectory } from "./storage/ledger-directory";

/** Facts about ledgers that need no opening of them. */
export interface IdleLedgers {
  /** Of all ledgers, open ones included. */
  readonly ledgerCount: number;
  /** The blocks of ledgers that are not open, by name. */
  readonly blocks: ReadonlyMap<string, number>;
}

/** Counts the ledgers of a directory, and the blocks of at most `max` that are not open, the first ones by name. */
export async function countIdleLedgers(
  directory: LedgerDirectory,
  open: ReadonlyMap<string, unknown>,
  max: number,
): Promise<IdleLedgers> {
  const names = await directory.list();
  const idle = names.filter((name) => !open.has(name)).slice(0, max);
  return { ledgerCount: names.length, blocks: await directory.countBlocks(idle) };
}
