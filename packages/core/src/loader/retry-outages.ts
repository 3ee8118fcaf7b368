// SPDX-License-Identifier: MIT
import { backoffMs, pause } from "../aws/backoff";
import { LedgerUnavailableError } from "../errors";
import type { Loader } from "./loader";
import { silentLogger, type Logger } from "../observe/logger";
import { noMetrics, type Metrics } from "../observe/metrics";
import { OutageLog } from "../observe/outage-log";

/** How an outage of the ledger is waited out. */
export interface OutageOptions {
  /** Pause before the second attempt, in milliseconds; it doubles each time. @defaultValue `200` */
  readonly delayMs?: number;
  /** The longest pause, in milliseconds. @defaultValue `30_000` */
  readonly delayMaxMs?: number;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
  /** @defaultValue nobody looks at them */
  readonly metrics?: Metrics;
}

const DELAY_MS = 200;
const DELAY_MAX_MS = 30_000;

const TEXTS = { away: "ledger does not answer: batches wait", back: "ledger answers again" };

/**
 * Makes a loader that waits out an outage of the ledger and loads the batch again, for workers: as long as it takes, or
 * until the `signal` given to `load` is raised; then it throws, as it does without this.
 *
 * Not for Lambda, where the channel redelivers and waiting is paid for.
 */
export function retryOutages(loader: Loader, options: OutageOptions = {}): Loader {
  const {
    delayMs = DELAY_MS,
    delayMaxMs = DELAY_MAX_MS,
    logger = silentLogger,
    metrics = noMetrics,
  } = options;
  // One for all batches: they find the ledger away, and back, together.
  const outage = new OutageLog(logger, TEXTS);
  return {
    load: async (deliveries, loadOptions) => {
      for (let attempt = 1; ; attempt++) {
        try {
          const report = await loader.load(deliveries, loadOptions);
          outage.succeeded();
          return report;
        } catch (error) {
          const { signal } = loadOptions;
          if (!(error instanceof LedgerUnavailableError) || signal?.aborted === true) throw error;
          outage.failed({ attempt, deliveries: deliveries.length, error: error.code });
          metrics.record("retries", 1, { cause: "outage" });
          if (!(await pause(backoffMs(attempt, { delayMs, delayMaxMs }), signal))) throw error;
        }
      }
    },
    close: () => loader.close(),
  };
}
