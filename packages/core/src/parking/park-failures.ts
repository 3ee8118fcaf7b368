// SPDX-License-Identifier: MIT
import type { DeadLetter, DeadLetterSink } from "./dead-letter";
import type { Delivery } from "../event/delivery";
import { ParkingFailedError } from "./parking-failed-error";
import { recordKey } from "../event/event";
import { watchDecoding, type DecodedContents } from "./letter-events";
import { holdBack } from "../loader/hold-back";
import type { Loader, LoadOptions } from "../loader/loader";
import { silentLogger, type LogFields, type Logger } from "../observe/logger";
import { noMetrics, type Metrics } from "../observe/metrics";
import { OutageLog } from "../observe/outage-log";
import { recordNaming, type RecordNaming } from "../observe/record-name";
import { ParkingMemory } from "./parking-memory";
import type { DeliveryReport, EventReport, LoadReport } from "../loader/report";
import { causeOfFailure, findCause, rejectionsOf, type Rejection } from "./rejections";

/** Where and when failed deliveries are parked. */
export interface ParkOptions {
  readonly sink: DeadLetterSink;
  /** The channel's name; a letter keeps it, so that a redrive finds the decoder. */
  readonly channel: string;
  /**
   * How long a delivery that a retry can help may fail before it is parked, in milliseconds, from when the channel first
   * handed it out or else from when this loader first saw it fail. 0: at once.
   */
  readonly waitMs: number;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
  /** How log lines show the ids of records. @defaultValue as they are */
  readonly naming?: RecordNaming;
  /** @defaultValue nobody looks at them */
  readonly metrics?: Metrics;
  /** The time in milliseconds since 1970. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/**
 * Makes a loader that parks what it cannot apply, so that it neither clogs the channel nor gets lost.
 *
 * - Rejected for good (no retry can help): parked at once.
 * - Rejected for now (a missing predecessor, a missing table): reported as failed, and parked once it has failed for
 *   `waitMs`. A later revision of a record of which one is parked is parked behind it without waiting.
 * - An outage of the ledger parks nothing: `load` throws, as without parking.
 *
 * What was parked is no longer reported as failed, and no longer holds back its group. While the sink does not take a
 * letter, its delivery stays failed: it is lost in no case. A delivery of several independent events is parked as a
 * whole; those that were applied are recognized when it is redriven.
 *
 * `close` waits for letters that are being parked.
 */
export function parkFailures(loader: Loader, options: ParkOptions): Loader {
  const parker = new Parker(options);
  return {
    load: async (deliveries, loadOptions) => {
      const contents = watchDecoding(deliveries);
      const report = await loader.load(contents.watched, loadOptions);
      return parker.park(contents, report, loadOptions);
    },
    close: async () => {
      await parker.settle();
      await loader.close();
    },
  };
}

/** A delivery that is to be parked, with its place in the batch. */
interface Candidate {
  readonly index: number;
  readonly report: DeliveryReport;
  readonly letter: DeadLetter;
}

const TEXTS = {
  away: "parking failed: the deliveries stay failed",
  back: "letters are parked again",
  level: "error",
} as const;

class Parker {
  readonly #options: ParkOptions;
  readonly #memory = new ParkingMemory();
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #naming: RecordNaming;
  readonly #outage: OutageLog;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: ParkOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#metrics = options.metrics ?? noMetrics;
    this.#naming = options.naming ?? recordNaming("plain");
    this.#outage = new OutageLog(this.#logger, TEXTS);
  }

  async park(contents: DecodedContents, report: LoadReport, { onFailure }: LoadOptions): Promise<LoadReport> {
    const nowMs = this.#options.now?.() ?? Date.now();
    this.#freeRecords(report);
    const candidates = report.deliveries.flatMap((each, index) => {
      const delivery = contents.watched[index];
      const candidate = delivery && this.#toCandidate(delivery, each, nowMs);
      if (candidate === undefined) return [];
      const events = contents.eventsOf(index);
      return [{ index, report: each, letter: { ...candidate, events } }];
    });
    if (candidates.length === 0) return report;
    const parked = await this.#send(candidates);
    const parkedNow = new Set(parked.map(({ index }) => index));
    const deliveries = report.deliveries.map((each, index) =>
      parkedNow.has(index) ? { ...each, parked: true } : each,
    );
    return { ...report, ...holdBack(deliveries, onFailure) };
  }

  /** Waits until the sink has taken or refused what it is being given. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  /** The letter of a delivery that is to be parked now. */
  #toCandidate(delivery: Delivery, report: DeliveryReport, nowMs: number): DeadLetter | undefined {
    const key = keyOf(delivery);
    const rejections = rejectionsOf(report);
    if (rejections.length === 0) {
      if (!report.heldBack) this.#memory.forget(key);
      return undefined;
    }
    const sinceMs = delivery.firstReceivedAtMs ?? this.#memory.failedAt(key, nowMs);
    const mustWait = nowMs - sinceMs < this.#options.waitMs && !rejections.some((each) => this.#isLost(each));
    if (mustWait) return undefined;
    const letter = toLetter(delivery, report, this.#options.channel, nowMs);
    if (letter === undefined) {
      this.#logger.error(
        logFieldsOf(delivery),
        "delivery cannot be parked: its channel does not give its bytes",
      );
      return undefined;
    }
    for (const { event } of rejections) this.#parkRecord(event);
    return letter;
  }

  /** True if waiting is of no use: rejected for good, or behind a revision that is parked. */
  #isLost({ event, outcome }: Rejection): boolean {
    const key = event && recordKey(event);
    const isBehindParked =
      outcome.reason === "version-gap" && key !== undefined && this.#memory.isParked(key);
    return !outcome.retryable || isBehindParked;
  }

  /** The record that a person must look at, as log lines name it. */
  #recordOf(report: DeliveryReport): LogFields {
    const event = findCause(rejectionsOf(report))?.event;
    return event === undefined ? {} : { table: event.table, id: this.#naming(event), version: event.version };
  }

  #parkRecord(event: EventReport["event"]): void {
    const key = event?.version === undefined ? undefined : recordKey(event);
    if (key !== undefined) this.#memory.parkRecord(key);
  }

  #freeRecords(report: LoadReport): void {
    for (const { event, outcome } of report.deliveries.flatMap(({ events }) => events)) {
      const key = outcome.status === "written" && event !== undefined ? recordKey(event) : undefined;
      if (key !== undefined) this.#memory.freeRecord(key);
    }
  }

  async #track(parking: Promise<void>): Promise<void> {
    this.#underWay.add(parking);
    try {
      await parking;
    } finally {
      this.#underWay.delete(parking);
    }
  }

  /** Parks what the sink takes, and returns that. */
  async #send(candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
    let parked = candidates;
    try {
      await this.#track(this.#options.sink.park(candidates.map(({ letter }) => letter)));
      this.#outage.succeeded();
    } catch (error) {
      const unparked = error instanceof ParkingFailedError ? new Set(error.unparked) : undefined;
      parked = unparked === undefined ? [] : candidates.filter(({ letter }) => !unparked.has(letter));
      const found = error instanceof Error ? error.name : typeof error;
      const failed = candidates.length - parked.length;
      this.#metrics.record("parkingFailures", failed);
      this.#outage.failed({ error: found, failed });
    }
    for (const { letter, report } of parked) {
      this.#memory.forget(keyOf(letter));
      this.#metrics.record("parked", 1, { reason: letter.reason });
      this.#logger.warn({ ...this.#recordOf(report), ...logFieldsOf(letter) }, "delivery parked");
    }
    this.#metrics.flush();
    return parked;
  }
}

function toLetter(
  delivery: Delivery,
  report: DeliveryReport,
  channel: string,
  parkedAtMs: number,
): DeadLetter | undefined {
  const { deliveryId, origin = deliveryId, body, beside, sentAtMs } = delivery;
  const cause = causeOfFailure(report);
  if (body === undefined || cause === undefined) return undefined;
  return {
    channel,
    origin,
    deliveryId,
    body,
    beside,
    ...cause,
    sentAtMs,
    parkedAtMs,
  };
}

function keyOf({ origin, deliveryId }: Pick<Delivery, "origin" | "deliveryId">): string {
  return `${origin ?? deliveryId}\n${deliveryId}`;
}

function logFieldsOf(of: Delivery | DeadLetter): Readonly<Record<string, unknown>> {
  const { deliveryId, origin } = of;
  if (!("reason" in of)) return { deliveryId, origin };
  const { channel, reason, retryable, waitingFor } = of;
  return { channel, deliveryId, origin, reason, retryable, waitingForVersion: waitingFor?.version };
}
