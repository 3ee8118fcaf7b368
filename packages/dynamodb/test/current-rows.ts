// SPDX-License-Identifier: MIT
import type { Ledger } from "@ledger-loader/core";
import { dom, dumpText } from "ion-js";

/** The documents of a table as Ion text, without the field that the loader adds, sorted. */
export async function currentRows(
  ledger: { connect(): Ledger },
  table: string,
  idField = "oldDocumentId",
): Promise<readonly string[]> {
  const rows = await ledger
    .connect()
    .transact((transaction) => transaction.execute(`SELECT * FROM "${table}"`));
  return rows
    .map((row) => {
      const fields = row.fields().filter(([name]) => name !== idField);
      return dumpText(new dom.Struct([...fields]));
    })
    .toSorted();
}
