// SPDX-License-Identifier: MIT
import {
  type DecodedEvent,
  decodeDelivery,
  type Delivery,
  type Loader,
  type PendingDelivery,
  recordKey,
  rejected,
  toReport,
} from "@ledger-loader/core";
import { ItemWriter } from "./item-writer";
import { checkProjections, type DynamoDbProjectionOptions } from "./projection-options";

const CONCURRENCY = 10;

/** An event on its way to its outcome. */
type Pending = PendingDelivery["events"][number];

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
    load: async (deliveries, { onFailure }) => {
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
      return toReport(pending, onFailure);
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

function toPending(delivery: Delivery, { tables }: DynamoDbProjectionOptions): PendingDelivery {
  const { events, atomic } = decodeDelivery(delivery);
  const projected = events.filter(({ event }) => event === undefined || tables[event.table] !== "ignored");
  const { deliveryId, group } = delivery;
  return {
    deliveryId,
    group,
    atomic,
    events: projected.map(toPendingEvent),
    // Items are written one by one.
    split: atomic && projected.length > 1,
  };
}

function toPendingEvent({ event, rejected: refusal }: DecodedEvent): Pending {
  return event === undefined ? { outcome: refusal } : { event };
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
