// SPDX-License-Identifier: MIT
import type { Loader, RejectReason } from "@ledger-loader/core";

/** Counts what a loader reports, delivery by delivery, while it works as before. */
export class OutcomeTally {
  written = 0;
  skipped = 0;
  /** Rejections, those of redelivered messages included. */
  rejected = 0;
  /** Why a delivery was last rejected. */
  readonly reasons = new Map<string, RejectReason>();

  /** The loader, with every report counted. */
  watch(loader: Loader): Loader {
    return {
      load: async (deliveries, options) => {
        const report = await loader.load(deliveries, options);
        for (const { deliveryId, events } of report.deliveries) {
          for (const { outcome } of events) {
            this[outcome.status] += 1;
            if (outcome.status === "rejected") this.reasons.set(deliveryId, outcome.reason);
          }
        }
        return report;
      },
      close: () => loader.close(),
    };
  }
}
