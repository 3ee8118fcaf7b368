// SPDX-License-Identifier: MIT
// #region contract
import { Decimal } from "@ledger-loader/core";
import { describeRevisionWriter, openMemoryLedger } from "@ledger-loader/testkit";
import { PriceWriter } from "./price-writer";

describeRevisionWriter("PriceWriter", {
  makeWriter: () => new PriceWriter(),
  openLedger: async () => {
    const ledger = await openMemoryLedger();
    const connection = ledger.connect();
    return { transact: (work) => connection.transact(work), close: () => ledger.close() };
  },
  table: "Product",
  document: (id, n) => ({ name: id, price: new Decimal(100 + n, -2) }),
});
// #endregion
