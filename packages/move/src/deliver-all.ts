// SPDX-License-Identifier: MIT
import type { TableName } from "@ledger-loader/core";
import type { Consignment, ReplayTarget } from "./replay-target";
import { subjectOf, type RejectedEvent, type Subject, type Tally } from "./tally";

/**
 * A batch is delivered when it holds this many events: enough for a few sessions to fill their transactions, few enough that
 * progress is seen, a checkpoint is fresh and a request to stop is heard within seconds…
 */
const BATCH_EVENTS = 400;
/** …or about this many bytes of content: the bound on memory for large documents. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** A consignment on its way. */
export interface Parcel extends Consignment {
  /** About how many bytes of memory it holds. */
  readonly bytes: number;
  /** What its events are about, where that is known of events that could not be made, too. */
  readonly subjects?: readonly Subject[];
}

/** What the delivery of a stream may be told. */
export interface DeliverOptions {
  readonly tally: Tally;
  /** Stops after the batch under way. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every batch with the last consignment that was delivered: what has come so far is done. */
  readonly onBatch?: (last: Parcel) => Promise<void>;
  /** Called for every rejected event, with the event's place in its consignment. */
  readonly onRejected?:
    ((rejected: RejectedEvent, consignment: Consignment, index: number) => void) | undefined;
  readonly batchEvents?: number | undefined;
}

/**
 * Delivers a stream batch by batch and counts how every event ended. The stream is read no faster than the target
 * takes it. Returns whether the stream was delivered to its end.
 */
export async function deliverAll(
  parcels: AsyncIterable<Parcel>,
  target: ReplayTarget,
  options: DeliverOptions,
): Promise<boolean> {
  const courier = new Courier(target, options);
  const batchEvents = options.batchEvents ?? BATCH_EVENTS;
  let batch: Parcel[] = [];
  let events = 0;
  let bytes = 0;
  for await (const parcel of parcels) {
    if (options.signal?.aborted === true) return false;
    batch.push(parcel);
    events += parcel.content.events.length;
    bytes += parcel.bytes;
    if (events < batchEvents && bytes < BATCH_BYTES) continue;
    await courier.deliver(batch);
    batch = [];
    events = bytes = 0;
  }
  if (options.signal?.aborted === true) return false;
  await courier.deliver(batch);
  return true;
}

class Courier {
  readonly #target: ReplayTarget;
  readonly #options: DeliverOptions;
  readonly #prepared = new Set<TableName>();

  constructor(target: ReplayTarget, options: DeliverOptions) {
    this.#target = target;
    this.#options = options;
  }

  async deliver(batch: readonly Parcel[]): Promise<void> {
    const last = batch.at(-1);
    if (last === undefined) return;
    await this.#prepare(batch);
    const ends = await this.#target.deliver(batch);
    batch.forEach((parcel, i) => {
      if (ends[i]?.split === true) this.#options.tally.addSplit();
      parcel.content.events.forEach(({ event }, j) => {
        const end = ends[i]?.events[j];
        if (end === undefined) throw new Error(`the target said nothing about event ${j} of ${parcel.place}`);
        const rejected = this.#options.tally.add(parcel.place, parcel.subjects?.[j] ?? subjectOf(event), end);
        if (rejected !== undefined) this.#options.onRejected?.(rejected, parcel, j);
      });
    });
    await this.#options.onBatch?.(last);
  }

  async #prepare(batch: readonly Parcel[]): Promise<void> {
    if (this.#target.prepare === undefined) return;
    const tables = new Set(
      batch.flatMap(({ content }) => content.events.flatMap(({ event }) => event?.table ?? [])),
    );
    const fresh = [...tables].filter((table) => !this.#prepared.has(table));
    if (fresh.length === 0) return;
    await this.#target.prepare(fresh);
    for (const table of fresh) this.#prepared.add(table);
  }
}
