// SPDX-License-Identifier: MIT
import {
  type BodyReader,
  type DeliveryContent,
  InvalidEventError,
  decodeEvents,
  rejected,
} from "@ledger-loader/core";
import { deliverAll, sourceDelivery, type OnRejected, type SourceDelivery } from "./deliver-all";
import { readEventEntries, type EventEntry } from "./event-file";
import type { ReplayTarget } from "./replay-target";
import { Tally, type TallyReport } from "./tally";

/** The options of {@link loadEvents}. */
export interface LoadEventsOptions {
  /** Reads an entry in place of `decodeEvents`: a mapping. */
  readonly read?: BodyReader | undefined;
  /** Stops after the batch under way. */
  readonly signal?: AbortSignal;
  /** Called now and then with the number of events that have ended. */
  readonly onProgress?: (events: number) => void;
  readonly onRejected?: OnRejected;
}

/** The result of a file of events. */
export interface LoadEventsReport extends TallyReport {
  /** `false` after an interruption: what follows was not read. */
  readonly complete: boolean;
  readonly elapsedMs: number;
}

/**
 * Delivers a file of events: see {@link readEventEntries} for what it may hold.
 *
 * An entry that is no event is rejected with its place, and the others go on.
 */
export async function loadEvents(
  chunks: AsyncIterable<Uint8Array>,
  target: ReplayTarget,
  options: LoadEventsOptions = {},
): Promise<LoadEventsReport> {
  const started = Date.now();
  const tally = new Tally();
  const complete = await deliverAll(
    deliveriesOf(readEventEntries(chunks), options.read ?? decodeEvents),
    target,
    {
      tally,
      signal: options.signal,
      onRejected: options.onRejected,
      onBatch: () => {
        options.onProgress?.(tally.events);
        return Promise.resolve();
      },
    },
  );
  return { ...tally.report(), complete, elapsedMs: Date.now() - started };
}

async function* deliveriesOf(
  entries: AsyncIterable<EventEntry>,
  read: BodyReader,
): AsyncGenerator<SourceDelivery> {
  for await (const { place, body } of entries) yield sourceDelivery(place, decode(body, read), body.length);
}

function decode(body: string | Uint8Array, read: BodyReader): DeliveryContent {
  try {
    return read(body);
  } catch (error) {
    if (!(error instanceof InvalidEventError)) throw error;
    return { events: [{ rejected: rejected(error.reason, error.message) }], atomic: false };
  }
}
