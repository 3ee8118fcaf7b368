// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "./event";
import type { Outcome, RejectReason, SkipReason } from "./outcome";

/** What became of one event. */
export interface EventReport {
  /** The event; absent where there was none to decode. */
  readonly event?: RevisionEvent;
  readonly outcome: Outcome;
}

/** What became of one delivery. */
export interface DeliveryReport {
  readonly deliveryId: string;
  readonly group?: string;
  /** One per event, in order. An undecodable delivery has one. */
  readonly events: readonly EventReport[];
  /** Whether a source transaction was written in more than one ledger transaction. */
  readonly split: boolean;
  /** Whether the delivery itself was applied, but must be handed back for the sake of its group's order. */
  readonly heldBack: boolean;
}

/** How many events ended how. */
export interface LoadCounts {
  readonly written: number;
  readonly skipped: Readonly<Record<SkipReason, number>>;
  readonly rejected: Readonly<Partial<Record<RejectReason, number>>>;
  /** Events that were written without an id: a redelivery will write them again. */
  readonly writtenWithoutId: number;
}

/** What became of a batch: every delivery with its outcomes, in the order of the batch. */
export interface LoadReport {
  readonly deliveries: readonly DeliveryReport[];
  /** The deliveries that must be redelivered, in the order of the batch. */
  readonly failed: readonly DeliveryReport[];
  readonly counts: LoadCounts;
}
