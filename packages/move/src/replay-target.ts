// SPDX-License-Identifier: MIT
import type { Delivery, RevisionEvent } from "@ledger-loader/core";
import type { EventEnd } from "./tally";

/** The result of a delivery: the loader's report of it, or that a channel took it. */
export interface DeliveryEnd {
  /** One per event, in order. */
  readonly events: readonly { readonly event?: RevisionEvent | undefined; readonly outcome: EventEnd }[];
  /** True if it was a source transaction that the ledger's limits spread over several transactions. */
  readonly split: boolean;
}

/** Where a replay's events go: a ledger, or a channel that leads to one. */
export interface ReplayTarget {
  /**
   * Delivers all events and says what became of each delivery, in their order.
   *
   * Throws only when there is no answer; then any of the events may or may not have arrived.
   */
  deliver(deliveries: readonly Delivery[]): Promise<readonly DeliveryEnd[]>;
}
