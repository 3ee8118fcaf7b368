// SPDX-License-Identifier: MIT
import { DeliveriesFailedError } from "../errors";
import type { LoadReport } from "./report";

/**
 * Ends a handler on a channel that cannot report part of a batch: throws if any delivery must be redelivered.
 *
 * @throws DeliveriesFailedError naming each failed delivery and the reasons found.
 */
export function throwIfFailed(report: LoadReport): void {
  if (report.failed.length === 0) return;
  const reasons = new Set<string>();
  for (const { events, heldBack } of report.failed) {
    if (heldBack) reasons.add("held-back");
    for (const { outcome } of events) if (outcome.status === "rejected") reasons.add(outcome.reason);
  }
  const deliveryIds = report.failed.map(({ deliveryId }) => deliveryId);
  throw new DeliveriesFailedError(deliveryIds, [...reasons]);
}
