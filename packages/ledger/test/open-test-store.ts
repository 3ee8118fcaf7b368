// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dom, dumpText, load } from "ion-js";
import { newUniqueId } from "../src/unique-id";
import { type EmbeddedLedger, LedgerStore, type LedgerStoreOptions } from "../src/index";

/** A store in a folder of its own with one ledger in it; all of it is gone after `close`. */
export interface TestStore {
  readonly store: LedgerStore;
  readonly ledger: EmbeddedLedger;
  readonly dataFolder: string;
  /** The one ledger's file. */
  readonly file: string;
  /** Closes the store and opens it again. */
  reopen(): Promise<EmbeddedLedger>;
  close(): Promise<void>;
}

export async function openTestStore(options: Partial<LedgerStoreOptions> = {}): Promise<TestStore> {
  const dataFolder = await mkdtemp(join(tmpdir(), "ledger-store-"));
  // A database may be shared by several test stores.
  const [name, place] = options.postgresUrl === undefined ? ["test", { dataFolder }] : [newUniqueId(), {}];
  let store = await LedgerStore.open({ ...place, ...options });
  let ledger = await store.createLedger(name, { deletionProtection: false });
  return {
    get store() {
      return store;
    },
    get ledger() {
      return ledger;
    },
    dataFolder,
    file: join(dataFolder, "test.ledger"),
    async reopen() {
      await store.close();
      store = await LedgerStore.open({ ...place, ...options });
      ledger = await store.open(name);
      return ledger;
    },
    async close() {
      await store.close();
      await rm(dataFolder, { recursive: true });
    },
  };
}

/** Runs one statement in a transaction of its own; values and rows are Ion text. */
export async function query(
  ledger: EmbeddedLedger,
  statement: string,
  ...values: string[]
): Promise<string[]> {
  const rows = await ledger.transact((transaction) => transaction.execute(statement, ...values.map(ion)));
  return rows.map((row) => dumpText(row));
}

/** An Ion value from its text. */
export function ion(text: string): dom.Value {
  const value = load(text);
  if (value === null) throw new Error("Expected one Ion value in the text, found none.");
  return value;
}
