// SPDX-License-Identifier: MIT
import {
  type Delivery,
  DriverLedger,
  TableMapperRevisionWriter,
  createLoader,
  decodeEvents,
  throwIfFailed,
} from "@ledger-loader/core";
import { readSourceTransactions, type SourceTransaction } from "./source-transactions";

/** The largest transaction of the history changes 114 documents; QLDB took 40. */
export const DOCUMENTS_PER_TRANSACTION_MAX = 150;

/** What was loaded. */
export interface LoadedHistory {
  readonly transactions: number;
  readonly revisions: number;
}

/** Loads the real history into a ledger, one source transaction per ledger transaction, in its original order. */
export async function loadHistory(endpoint: string, ledgerName: string): Promise<LoadedHistory> {
  const transactions = await readSourceTransactions();
  const loader = createLoader({
    ledger: new DriverLedger({ ledgerName, endpoint }),
    // The products' ids become a field of their own in every document.
    writer: new TableMapperRevisionWriter({ "*": "productId" }),
    createTables: true,
    limits: { documentsMax: DOCUMENTS_PER_TRANSACTION_MAX },
  });
  try {
    for (const transaction of transactions) {
      throwIfFailed(await loader.load([toDelivery(transaction)], { onFailure: "continue" }));
    }
  } finally {
    await loader.close();
  }
  return {
    transactions: transactions.length,
    revisions: transactions.reduce((sum, { eventCount }) => sum + eventCount, 0),
  };
}

function toDelivery({ commit, body }: SourceTransaction): Delivery {
  return { deliveryId: commit, decode: () => decodeEvents(body) };
}
