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

/** What was loaded. */
export interface LoadedHistory {
  /** Edits of the source. */
  readonly edits: number;
  readonly revisions: number;
}

/**
 * Loads the real history into a ledger through the official driver.
 *
 * The loader is given all of it at once: it packs revisions of different products into one transaction and keeps the
 * order of each product's revisions.
 */
export async function loadHistory(endpoint: string, ledgerName: string): Promise<LoadedHistory> {
  const transactions = await readSourceTransactions();
  const deliveries = transactions.flatMap(toDeliveries);
  const loader = createLoader({
    ledger: new DriverLedger({ ledgerName, endpoint }),
    // The products' ids become a field of their own in every document.
    writer: new TableMapperRevisionWriter({ "*": "productId" }),
    createTables: true,
  });
  try {
    throwIfFailed(await loader.load(deliveries, { onFailure: "continue" }));
  } finally {
    await loader.close();
  }
  return { edits: transactions.length, revisions: deliveries.length };
}

function toDeliveries({ commit, events }: SourceTransaction): readonly Delivery[] {
  return events.map((event, place) => ({
    deliveryId: `${commit}-${place}`,
    decode: () => decodeEvents(event),
  }));
}
