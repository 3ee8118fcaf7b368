// SPDX-License-Identifier: MIT
// #region contract
import { describeRevisionWriter, startLedger } from "@ledger-loader/testkit";
import { Decimal } from "ion-js";
import { PriceWriter } from "./price-writer";

describeRevisionWriter("PriceWriter", {
  makeWriter: () => new PriceWriter(),
  openLedger: async () => {
    const ledger = await startLedger();
    const connection = ledger.connect();
    return { transact: (work) => connection.transact(work), close: () => ledger.close() };
  },
  table: "Product",
  document: (id, n) => ({ name: id, price: new Decimal(100 + n, -2) }),
});
// #endregion
