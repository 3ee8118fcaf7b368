// SPDX-License-Identifier: MIT
import type { DeliveryContent, TableName } from "@ledger-loader/core";
import type { EventEnd } from "./tally";

/** What is delivered together: the events of one place of the source. */
export interface Consignment {
  /** Where in the source, for people: `block 12`, `line 3`. Unique within a call. */
  readonly place: string;
  readonly content: DeliveryContent;
}

/** What became of a consignment. */
export interface ConsignmentEnd {
  /** How each of its events ended, in order. */
  readonly events: readonly EventEnd[];
  /** Whether it was a source transaction that the ledger's limits spread over several transactions. */
  readonly split: boolean;
}

/** Where a replay's events go: a ledger, or a channel that leads to one. */
export interface ReplayTarget {
  /** Makes ready what writing to these tables needs; called once for each table, before its first event. */
  prepare?(tables: readonly TableName[]): Promise<void>;
  /**
   * Delivers all events and says what became of each consignment, in their order.
   *
   * Throws only when there is no answer; then any of the events may or may not have arrived.
   */
  deliver(consignments: readonly Consignment[]): Promise<readonly ConsignmentEnd[]>;
}
