// SPDX-License-Identifier: MIT
import {
  type Delivery,
  type DeliveryContent,
  type DeliveryReport,
  type Loader,
  type RetryOptions,
  backoffMs,
  pause,
} from "@ledger-loader/core";
import type { ReplayTarget } from "./replay-target";

/** The options of {@link createLedgerTarget}. */
export interface LedgerTargetOptions {
  /** Calls for events that failed in a way that a retry can help. Default: 4. */
  readonly attemptsMax?: number;
  /** Pause before the second call, in milliseconds; it doubles each time, up to 20 s, and varies by half. Default: 200. */
  readonly retryDelayMs?: number;
}

const RETRY_DELAY_MAX_MS = 20_000;

/**
 * Writes events into a ledger through a loader, which packs many into one transaction and, made with `createTables`,
 * creates the tables and indexes that are missing.
 */
export function createLedgerTarget(loader: Loader, options: LedgerTargetOptions = {}): ReplayTarget {
  const { attemptsMax = 4, retryDelayMs = 200 } = options;
  return {
    async deliver(deliveries) {
      const parts = deliveries.map((delivery) => splitIndependent(delivery.decode()));
      const reports = await loadWithRetries(loader, parts.flat().map(toDelivery), {
        attemptsMax,
        retryDelayMs,
      });
      let next = 0;
      return parts.map((contents) => {
        const own = contents.flatMap(() => reports.get(String(next++)) ?? []);
        return { events: own.flatMap(({ events }) => events), split: own.some(({ split }) => split) };
      });
    },
  };
}

/**
 * Independent events are delivered one by one, so that a retry repeats only what failed: what was written would
 * be found already applied, and the report would no longer say who wrote it.
 */
function splitIndependent(content: DeliveryContent): readonly DeliveryContent[] {
  return content.atomic ? [content] : content.events.map((event) => ({ events: [event], atomic: false }));
}

function toDelivery(content: DeliveryContent, index: number): Delivery {
  return { deliveryId: String(index), decode: () => content };
}

async function loadWithRetries(
  loader: Loader,
  deliveries: readonly Delivery[],
  { attemptsMax, retryDelayMs }: RetryOptions,
): Promise<ReadonlyMap<string, DeliveryReport>> {
  const reports = new Map<string, DeliveryReport>();
  let left = deliveries;
  for (let attempt = 1; left.length > 0 && attempt <= attemptsMax; attempt++) {
    if (attempt > 1)
      await pause(backoffMs(attempt - 1, { delayMs: retryDelayMs, delayMaxMs: RETRY_DELAY_MAX_MS }));
    const report = await loader.load(left, { onFailure: "continue" });
    for (const delivery of report.deliveries) reports.set(delivery.deliveryId, delivery);
    const failing = new Set(report.failed.filter(canRetryHelp).map(({ deliveryId }) => deliveryId));
    left = left.filter(({ deliveryId }) => failing.has(deliveryId));
  }
  return reports;
}

/** A gap is not filled by waiting here: what fills it would have come before. */
function canRetryHelp({ events }: DeliveryReport): boolean {
  return events.some(
    ({ outcome }) => outcome.status === "rejected" && outcome.retryable && outcome.reason !== "version-gap",
  );
}
