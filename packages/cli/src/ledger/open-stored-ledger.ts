// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger } from "@ledger-loader/core";
import { type EmbeddedLedger, LedgerNotFoundError, LedgerStore } from "@ledger-loader/ledger";
import { requireLedgerFolder } from "./ledger-place";
import { toLedgerPort, withStoreErrors } from "./stored-ledger";

/** The purpose for which a ledger of a data folder is opened. */
export interface StoredLedgerUse {
  readonly data: string;
  readonly ledgerName: string;
  /**
   * `write` makes a ledger that is missing, and its folder. `change` writes and refuses a missing ledger. `judge` changes nothing and takes a missing ledger for an empty
   * one. `read` changes nothing and refuses a missing ledger.
   */
  readonly use: "write" | "change" | "judge" | "read";
  readonly occRetries: number;
  /** Told that the ledger was made. Default: nobody is. */
  readonly note?: (text: string) => void;
}

/** Runs `work` with a ledger of a data folder, opened in this process, and closes it. No server may use the folder meanwhile. */
export async function withStoredLedger<T>(
  use: StoredLedgerUse,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const isMissing = use.use === "judge" && !(await hasLedger(use));
  if (!isMissing) return withStore(use, work);
  const { ledgerName, occRetries } = use;
  return inEmptyFolder((data) => withStore({ data, ledgerName, occRetries, use: "write" }, work));
}

async function withStore<T>(use: StoredLedgerUse, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const { data: dataFolder, occRetries } = use;
  if (use.use === "read" || use.use === "change") await requireLedgerFolder(dataFolder);
  const store = await LedgerStore.open({ dataFolder, readOnly: use.use === "read" || use.use === "judge" });
  try {
    const embedded = await openOrCreate(store, use);
    return await withStoreErrors(() => work(toLedgerPort(embedded, occRetries)));
  } finally {
    await store.close();
  }
}

async function openOrCreate(
  store: LedgerStore,
  { ledgerName, use, note }: StoredLedgerUse,
): Promise<EmbeddedLedger> {
  if (use !== "write" || (await store.listLedgers()).includes(ledgerName)) return store.open(ledgerName);
  const embedded = await store.createLedger(ledgerName);
  note?.(`created ledger ${ledgerName} in ${store.place}`);
  return embedded;
}

async function hasLedger({ data: dataFolder, ledgerName }: StoredLedgerUse): Promise<boolean> {
  try {
    await requireLedgerFolder(dataFolder);
  } catch {
    // There is nothing to judge upon, and nothing is made.
    return false;
  }
  const store = await LedgerStore.open({ dataFolder, readOnly: true });
  try {
    await store.open(ledgerName);
    return true;
  } catch (error) {
    if (error instanceof LedgerNotFoundError) return false;
    throw error;
  } finally {
    await store.close();
  }
}

async function inEmptyFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "ledger-loader-dry-run-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
