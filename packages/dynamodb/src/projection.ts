// SPDX-License-Identifier: MIT
import {
  type DecodedEvent,
  type Delivery,
  type DeliveryContent,
  type DeliveryReport,
  InvalidEventError,
  type LoadCounts,
  type LoadReport,
  type Loader,
  type Outcome,
  type RejectReason,
  type RevisionEvent,
  SKIP_REASONS,
  type SkipReason,
  recordKey,
  rejected,
} from "@ledger-loader/core";
import { ItemWriter } from "./item-writer";
import { checkProjections, type DynamoDbProjectionOptions } from "./projection-options";

const CONCURRENCY = 10;

/** An event on its way to its outcome. */
interface Pending {
  readonly event?: RevisionEvent;
  outcome?: Outcome;
}

/**
 * Makes a loader that writes to tables of DynamoDB instead of a ledger: the other direction, for any channel that carries a
 * ledger's revisions, such as `createQldbStreamHandler` over its journal stream.
 *
 * Items hold the record's id, the version and the fields that are named, and no others; a deleted record has no item, and
 * one whose revision was redacted keeps its id and version alone. Each write is conditional on the version, deletions are
 * remembered as tombstones: duplicates and any order end in the latest revision of each record, without waiting for gaps.
 *
 * @throws ConfigurationError if a field has the name of the key or the version.
 */
export function createDynamoDbProjection(options: DynamoDbProjectionOptions): Loader {
  checkProjections(options);
  const writer = new ItemWriter(options);
  return {
    load: async (deliveries) => {
      const pending = deliveries.map((delivery) => toPending(delivery, options));
      const lanes = [...toLanes(pending.flatMap(({ events }) => events)).values()];
      const { concurrency = CONCURRENCY } = options;
      const workers = Array.from({ length: Math.min(concurrency, lanes.length) }, async () => {
        for (let lane = lanes.pop(); lane !== undefined; lane = lanes.pop())
          await writeLane(lane, writer, options);
      });
      // All of them, so that nothing is still being written when an error is thrown.
      const ended = await Promise.allSettled(workers);
      for (const each of ended) if (each.status === "rejected") throw each.reason;
      return toReport(pending);
    },
    close: () => Promise.resolve(),
  };
}

async function writeLane(
  lane: readonly Pending[],
  writer: ItemWriter,
  { tables }: DynamoDbProjectionOptions,
): Promise<void> {
  for (const pending of lane) {
    const { event } = pending;
    const projection = event && Object.hasOwn(tables, event.table) ? tables[event.table] : undefined;
    if (event === undefined || projection === "ignored") continue;
    pending.outcome =
      projection === undefined
        ? rejected(
            "not-mapped",
            `Expected a projection of table ${event.table}, found none. Name it, or as "ignored".`,
          )
        : await writer.write(event, projection);
  }
}

interface PendingDelivery {
  readonly deliveryId: string;
  readonly atomic: boolean;
  readonly events: readonly Pending[];
}

function toPending(delivery: Delivery, { tables }: DynamoDbProjectionOptions): PendingDelivery {
  const { events, atomic } = decode(delivery);
  const projected = events.filter(({ event }) => event === undefined || tables[event.table] !== "ignored");
  return { deliveryId: delivery.deliveryId, atomic, events: projected.map(toPendingEvent) };
}

function toPendingEvent({ event, rejected: refusal }: DecodedEvent): Pending {
  return event === undefined ? { outcome: refusal } : { event };
}

function decode(delivery: Delivery): DeliveryContent {
  try {
    return delivery.decode();
  } catch (error) {
    // Other errors may repeat parts of the body in their message.
    const refusal =
      error instanceof InvalidEventError
        ? rejected(error.reason, error.message)
        : rejected("malformed-event", "Expected a decodable delivery, found none. Correct it at its source.");
    return { atomic: false, events: [{ rejected: refusal }] };
  }
}

/** Events of one record one after the other; those without a record alone. */
function toLanes(events: readonly Pending[]): ReadonlyMap<string, Pending[]> {
  const lanes = new Map<string, Pending[]>();
  for (const [i, pending] of events.entries()) {
    if (pending.event === undefined) continue;
    const key = recordKey(pending.event) ?? `without id ${i}`;
    lanes.set(key, [...(lanes.get(key) ?? []), pending]);
  }
  return lanes;
}

function toReport(pending: readonly PendingDelivery[]): LoadReport {
  const counts = {
    written: 0,
    skipped: Object.fromEntries(SKIP_REASONS.map((reason) => [reason, 0])) as Record<SkipReason, number>,
    rejected: {} as Partial<Record<RejectReason, number>>,
    writtenWithoutId: 0,
  } satisfies LoadCounts;
  const deliveries = pending.map(({ deliveryId, atomic, events }): DeliveryReport => {
    const reports = events.flatMap(({ event, outcome }) =>
      outcome ? [{ ...(event && { event }), outcome }] : [],
    );
    for (const { outcome } of reports) {
      if (outcome.status === "written") counts.written++;
      else if (outcome.status === "skipped") counts.skipped[outcome.reason]++;
      else counts.rejected[outcome.reason] = (counts.rejected[outcome.reason] ?? 0) + 1;
    }
    return { deliveryId, events: reports, split: atomic && events.length > 1, heldBack: false };
  });
  const failed = deliveries.filter(({ events }) =>
    events.some(({ outcome }) => outcome.status === "rejected"),
  );
  return { deliveries, failed, counts };
}
