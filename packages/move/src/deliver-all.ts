// SPDX-License-Identifier: MIT
import type { Delivery, DeliveryContent, RevisionEvent } from "@ledger-loader/core";
import type { DeliveryEnd, ReplayTarget } from "./replay-target";
import { subjectOf, type RejectedEvent, type Subject, type Tally } from "./tally";

/**
 * A batch is delivered when it holds this many events: enough for a few sessions to fill their transactions, few enough that
 * progress is seen, a checkpoint is fresh and a request to stop is heard within seconds…
 */
const BATCH_EVENTS = 400;
/** …or about this many bytes of content: the bound on memory for large documents. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** A delivery of a file or an export: its id is its place there, for people: `block 12`, `line 3`. */
export interface SourceDelivery extends Delivery {
  /** How many events it holds. */
  readonly events: number;
  /** About how many bytes of memory it holds. */
  readonly bytes: number;
  /** The subjects of its events, where they are known of events that could not be made, too. */
  readonly subjects?: readonly Subject[];
}

/** Called for every rejected event; without the event where none could be made. */
export type OnRejected = (rejected: RejectedEvent, event: RevisionEvent | undefined) => void;

/** The options of a stream's delivery. */
export interface DeliverOptions<D extends SourceDelivery> {
  readonly tally: Tally;
  /** Stops after the batch under way. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every batch with its last delivery: what has come so far is done. */
  readonly onBatch?: (last: D) => Promise<void>;
  readonly onRejected?: OnRejected | undefined;
  readonly batchEvents?: number | undefined;
}

/** A delivery whose content is at hand. */
export function sourceDelivery(place: string, content: DeliveryContent, bytes: number): SourceDelivery {
  return { deliveryId: place, decode: () => content, events: content.events.length, bytes };
}

/**
 * Delivers a stream batch by batch and counts how every event ended. The stream is read no faster than the target
 * takes it. Returns whether the stream was delivered to its end.
 */
export async function deliverAll<D extends SourceDelivery>(
  deliveries: AsyncIterable<D>,
  target: ReplayTarget,
  options: DeliverOptions<D>,
): Promise<boolean> {
  const batchEvents = options.batchEvents ?? BATCH_EVENTS;
  let batch: D[] = [];
  let events = 0;
  let bytes = 0;
  for await (const delivery of deliveries) {
    if (options.signal?.aborted === true) return false;
    batch.push(delivery);
    events += delivery.events;
    bytes += delivery.bytes;
    if (events < batchEvents && bytes < BATCH_BYTES) continue;
    await deliverBatch(batch, target, options);
    batch = [];
    events = bytes = 0;
  }
  if (options.signal?.aborted === true) return false;
  await deliverBatch(batch, target, options);
  return true;
}

async function deliverBatch<D extends SourceDelivery>(
  batch: readonly D[],
  target: ReplayTarget,
  { tally, onBatch, onRejected }: DeliverOptions<D>,
): Promise<void> {
  const last = batch.at(-1);
  if (last === undefined) return;
  const ends = await target.deliver(batch);
  batch.forEach((delivery, i) => {
    count(delivery, ends[i], tally, onRejected);
  });
  await onBatch?.(last);
}

function count(
  { deliveryId: place, events, subjects }: SourceDelivery,
  end: DeliveryEnd | undefined,
  tally: Tally,
  onRejected: OnRejected | undefined,
): void {
  if (end?.events.length !== events) throw new Error(`the target did not answer for every event of ${place}`);
  if (end.split) tally.addSplit();
  end.events.forEach(({ event, outcome }, i) => {
    const rejected = tally.add(place, subjects?.[i] ?? subjectOf(event), outcome);
    if (rejected !== undefined) onRejected?.(rejected, event);
  });
}
