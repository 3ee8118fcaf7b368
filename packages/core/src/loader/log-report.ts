// SPDX-License-Identifier: MIT
import type { LogFields, Logger } from "../observe/logger";
import type { RecordNaming } from "../observe/record-name";
import type { DeliveryReport, EventReport, LoadReport } from "./report";

/** A rejection that may come again: the same event is tried again until it can be applied or is parked. */
interface KnownRejection {
  readonly reason: string;
  readonly sinceMs: number;
  tries: number;
}

/** Rejections that are remembered at most; the oldest is forgotten, and logged once more if it comes again. */
const KNOWN_MAX = 10_000;

/**
 * Logs what became of the events of batches: one line per outcome other than a document written, and one summary. Never content.
 *
 * An event that is rejected again for the same reason has its further lines at `debug`, and so has a batch of nothing else. When it is
 * applied after all, a line says after how many tries.
 */
export class ReportLog {
  readonly #logger: Logger;
  readonly #naming: RecordNaming;
  readonly #known = new Map<string, KnownRejection>();

  constructor(logger: Logger, naming: RecordNaming) {
    this.#logger = logger;
    this.#naming = naming;
  }

  /** Logs one batch. */
  log(report: LoadReport, durationMs: number): void {
    let changes = report.deliveries.length === 0 ? 1 : 0;
    for (const delivery of report.deliveries) {
      for (const [index, event] of delivery.events.entries()) {
        if (this.#logOutcome(delivery, event, index)) changes += 1;
      }
    }
    this.#logger[changes > 0 ? "info" : "debug"](summaryOf(report, durationMs), "batch loaded");
  }

  /** Returns false for a rejection that was logged before. */
  #logOutcome({ deliveryId }: DeliveryReport, { event, outcome }: EventReport, index: number): boolean {
    const fields = { deliveryId, ...this.#identityOf(event), ...outcome };
    const key = `${deliveryId}\n${index}`;
    if (outcome.status === "rejected") return this.#logRejection(key, fields, outcome.reason);
    const again = this.#settle(key);
    if (outcome.status === "skipped") this.#logger.info({ ...fields, ...again }, "event skipped");
    // Common with sources whose load has just begun; otherwise ids that do not fit look like this.
    else if (outcome.tombstone === true)
      this.#logger.info({ ...fields, ...again }, "deletion recorded of what is not there");
    else if (again !== undefined) this.#logger.info({ ...fields, ...again }, "event written after retries");
    return true;
  }

  #logRejection(key: string, fields: LogFields, reason: string): boolean {
    const known = this.#known.get(key);
    if (known?.reason === reason) {
      known.tries += 1;
      this.#logger.debug({ ...fields, tries: known.tries }, "event rejected");
      return false;
    }
    this.#logger.warn(fields, "event rejected");
    this.#known.delete(key);
    this.#known.set(
      key,
      known === undefined ? newRejection(reason) : { ...known, reason, tries: known.tries + 1 },
    );
    const [oldest] = this.#known.keys();
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.#known.delete(oldest);
    return true;
  }

  /** Forgets that an event was rejected; returns how often and since when it was. */
  #settle(key: string): LogFields | undefined {
    const known = this.#known.get(key);
    if (known === undefined) return undefined;
    this.#known.delete(key);
    return { rejections: known.tries, afterMs: Math.round(performance.now() - known.sinceMs) };
  }

  #identityOf(event: EventReport["event"]): LogFields {
    if (event === undefined) return {};
    const { op, table, version } = event;
    return { op, table, id: this.#naming(event), version };
  }
}

function newRejection(reason: string): KnownRejection {
  return { reason, sinceMs: performance.now(), tries: 1 };
}

function summaryOf(report: LoadReport, durationMs: number): LogFields {
  const { written, skipped, rejected, writtenWithoutId } = report.counts;
  return {
    deliveries: report.deliveries.length,
    failed: report.failed.length,
    split: report.deliveries.filter(({ split }) => split).length,
    written,
    writtenWithoutId,
    skipped,
    rejected,
    durationMs: Math.round(durationMs),
  };
}
