// SPDX-License-Identifier: MIT
import { type Ledger, makeReceipts, type ReceiptSink, type ReceiptSource } from "@ledger-loader/core";
import type { DeliveryEnd, ReplayTarget } from "../replay-target";

/** The parts with which {@link withReceipts} keeps receipts. */
export interface ReceiptTargetOptions {
  readonly sink: ReceiptSink;
  /** The ledger that the target writes to. */
  readonly ledger: Ledger;
  /** The name of the source in receipts: the file. */
  readonly sourceName: string;
}

/** Makes a target that keeps a receipt of every event that it delivers to a ledger, rejected ones included. */
export function withReceipts(
  target: ReplayTarget,
  { sink, ledger, sourceName }: ReceiptTargetOptions,
): ReplayTarget {
  return {
    async deliver(deliveries) {
      const ends = await target.deliver(deliveries);
      const ended = ends.map((end, i) =>
        toSource(`${deliveries[i]?.deliveryId ?? ""} of ${sourceName}`, end),
      );
      const receipts = await makeReceipts(ended, ledger);
      if (receipts.length > 0) await sink.write(receipts);
      return ends;
    },
  };
}

function toSource(source: string, { events }: DeliveryEnd): ReceiptSource {
  return {
    source,
    // A ledger publishes nothing.
    events: events.flatMap(({ event, outcome }) =>
      outcome.status === "published" ? [] : [{ event, outcome }],
    ),
  };
}
