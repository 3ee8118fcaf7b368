// SPDX-License-Identifier: MIT
import { hasFailed } from "../loader/hold-back";
import type { Loader } from "../loader/loader";
import type { Ledger } from "../ledger/ledger";
import { makeReceipts, type ReceiptSink } from "./load-receipt";

/** Where receipts are kept, and what they are made with. */
export interface ReceiptOptions {
  readonly sink: ReceiptSink;
  /** The loader's ledger: block addresses and hashes are read there. */
  readonly ledger: Ledger;
  /** The time. @defaultValue the clock */
  readonly now?: () => Date;
}

/**
 * Makes a loader that keeps a receipt of every event that its channel need not deliver again: applied, skipped or parked.
 *
 * The receipts are kept before `load` returns, and so before the channel acknowledges anything: a crash may repeat a receipt and
 * never loses one. What failed has its receipt when it was delivered again. The loader MUST have been made with `tellRevisions`.
 *
 * `load` throws what the sink throws: then the batch must be delivered again.
 */
export function keepReceipts(
  loader: Loader,
  { sink, ledger, now = () => new Date() }: ReceiptOptions,
): Loader {
  return {
    load: async (deliveries, options) => {
      const report = await loader.load(deliveries, options);
      const ended = report.deliveries.flatMap((each, i) => {
        if (hasFailed(each) || each.heldBack) return [];
        const { deliveryId, parked, events } = each;
        return [{ source: deliveries[i]?.origin ?? deliveryId, parked, events }];
      });
      const receipts = await makeReceipts(ended, ledger, now());
      if (receipts.length > 0) await sink.write(receipts);
      return report;
    },
    close: () => loader.close(),
  };
}
