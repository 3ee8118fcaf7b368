// SPDX-License-Identifier: MIT
import { LedgerAnswerError } from "../errors";
import type { RevisionEvent } from "../event/event";
import { holdBack, type OnFailure } from "./hold-back";
import { SKIP_REASONS, type Outcome, type RejectReason, type SkipReason } from "../event/outcome";

/** The end of one event. */
export interface EventReport {
  /** The event; absent where there was none to decode. */
  readonly event?: RevisionEvent | undefined;
  readonly outcome: Outcome;
}

/** The end of one delivery. */
export interface DeliveryReport {
  readonly deliveryId: string;
  readonly group?: string | undefined;
  /** One per event, in order. An undecodable delivery has one. */
  readonly events: readonly EventReport[];
  /** True if a source transaction was written in more than one ledger transaction. */
  readonly split: boolean;
  /** True if the delivery itself was applied, but must be handed back for the sake of its group's order. */
  readonly heldBack: boolean;
  /** True if it could not be applied and is safe in a dead-letter sink; then it is not among the failed ones. */
  readonly parked?: boolean | undefined;
}

/** How many events ended how. */
export interface LoadCounts {
  readonly written: number;
  readonly skipped: Readonly<Record<SkipReason, number>>;
  readonly rejected: Readonly<Partial<Record<RejectReason, number>>>;
  /** Events that were written without an id: a redelivery will write them again. */
  readonly writtenWithoutId: number;
}

/** The result of a batch: every delivery with its outcomes, in the order of the batch. */
export interface LoadReport {
  readonly deliveries: readonly DeliveryReport[];
  /** The deliveries that must be redelivered, in the order of the batch. */
  readonly failed: readonly DeliveryReport[];
  readonly counts: LoadCounts;
}

/** A delivery on its way to its report. */
export interface PendingDelivery {
  readonly deliveryId: string;
  readonly group?: string | undefined;
  readonly atomic: boolean;
  readonly events: readonly { readonly event?: RevisionEvent; outcome?: Outcome }[];
  split: boolean;
}

/** The report of a batch in which every event has its outcome. */
export function toReport(pending: readonly PendingDelivery[], onFailure: OnFailure): LoadReport {
  const ended = pending.map(({ deliveryId, group, events, split }) => ({
    deliveryId,
    group,
    events: events.map(toEventReport),
    split,
  }));
  const { deliveries, failed } = holdBack(ended, onFailure);
  return { deliveries, failed, counts: countOutcomes(deliveries) };
}

function toEventReport({ event, outcome }: PendingDelivery["events"][number]): EventReport {
  if (outcome === undefined)
    throw new LedgerAnswerError("an outcome for every event", "an event without one");
  return { event, outcome };
}

function countOutcomes(deliveries: readonly DeliveryReport[]): LoadCounts {
  const skipped = Object.fromEntries(SKIP_REASONS.map((reason) => [reason, 0])) as Record<SkipReason, number>;
  const rejected: Partial<Record<RejectReason, number>> = {};
  let written = 0;
  let writtenWithoutId = 0;
  for (const { event, outcome } of deliveries.flatMap(({ events }) => events)) {
    switch (outcome.status) {
      case "written":
        written++;
        if (event?.id === undefined) writtenWithoutId++;
        break;
      case "skipped":
        skipped[outcome.reason]++;
        break;
      case "rejected":
        rejected[outcome.reason] = (rejected[outcome.reason] ?? 0) + 1;
        break;
    }
  }
  return { written, skipped, rejected, writtenWithoutId };
}
