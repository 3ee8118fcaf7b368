// SPDX-License-Identifier: MIT
import { LedgerStore, type LedgerStoreOptions } from "@ledger-loader/ledger";
import { dom } from "ion-js";
import type { DocumentStore } from "./document-store";

const LEDGER = "bench";

/** Where a ledger is kept. */
export type LedgerPlace = Pick<LedgerStoreOptions, "dataFolder" | "postgresUrl">;

/** Opens a ledger within this process, and makes it with an indexed table where it is not there yet. */
export async function openLedgerInProcess(place: LedgerPlace): Promise<DocumentStore> {
  const store = await LedgerStore.open(place);
  const known = (await store.listLedgers()).includes(LEDGER);
  if (!known) await store.createLedger(LEDGER, { deletionProtection: false });
  const ledger = await store.open(LEDGER);
  if (!known) {
    await ledger.transact((transaction) => transaction.execute("CREATE TABLE Documents"));
    await ledger.transact((transaction) => transaction.execute("CREATE INDEX ON Documents (vin)"));
  }
  return {
    async insert(documents) {
      const list = new dom.List(documents.map(({ value }) => value));
      await ledger.transact((transaction) => transaction.execute("INSERT INTO Documents ?", list));
    },
    count: (key) =>
      ledger.transact(async (transaction) => {
        const rows = await transaction.execute("SELECT * FROM Documents WHERE vin = ?", new dom.String(key));
        return rows.length;
      }),
    close: () => store.close(),
  };
}
