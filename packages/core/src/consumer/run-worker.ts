// SPDX-License-Identifier: MIT
import { pause } from "../aws/backoff";
import type { Consumer } from "./consumer";
import { DrainTimeoutError } from "../errors";
import { startHealthServer, type HealthOptions } from "./health-server";
import { silentLogger, type Logger } from "../observe/logger";

/** The parts of a worker, and how it ends. */
export interface WorkerOptions {
  readonly consumer: Consumer;
  /** Where it answers `/health` and `/metrics`. Default: nowhere. */
  readonly health?: HealthOptions | undefined;
  /** How long it may take to finish what is under way, in milliseconds. @defaultValue `25_000` */
  readonly drainTimeoutMs?: number;
  /** Another way to ask it to end. */
  readonly signal?: AbortSignal | undefined;
  /** Who sends SIGTERM and SIGINT. @defaultValue `process` */
  readonly signals?: SignalSource;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
}

/** As much of `process` as is needed. */
export interface SignalSource {
  on(event: "SIGTERM" | "SIGINT", listener: () => void): unknown;
  off(event: "SIGTERM" | "SIGINT", listener: () => void): unknown;
}

/** Kubernetes kills 30 s after SIGTERM, ECS too. */
const DRAIN_TIMEOUT_MS = 25_000;

/**
 * Runs a consumer until SIGTERM or SIGINT, then lets it finish and acknowledge what is under way.
 *
 * A second signal ends the process as usual. What was not finished in time comes back to another worker.
 *
 * @throws DrainTimeoutError if the consumer does not end in time, and what the consumer throws.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { consumer, logger = silentLogger, signals = process, drainTimeoutMs = DRAIN_TIMEOUT_MS } = options;
  const server = options.health === undefined ? undefined : await startHealthServer(options.health);
  const stop = new AbortController();
  const end = (): void => {
    forget();
    server?.drain();
    logger.info({ drainTimeoutMs }, "worker drains");
    stop.abort();
  };
  const forget = (): void => {
    signals.off("SIGTERM", end);
    signals.off("SIGINT", end);
    options.signal?.removeEventListener("abort", end);
  };
  signals.on("SIGTERM", end);
  signals.on("SIGINT", end);
  options.signal?.addEventListener("abort", end);
  if (options.signal?.aborted === true) end();
  try {
    await runUntilDrained(consumer, stop.signal, drainTimeoutMs);
    logger.info({}, "worker ended");
  } finally {
    forget();
    await server?.close();
  }
}

async function runUntilDrained(consumer: Consumer, signal: AbortSignal, timeoutMs: number): Promise<void> {
  const over = new AbortController();
  const running = consumer.run(signal);
  try {
    await Promise.race([running, deadline(signal, timeoutMs, over.signal)]);
  } finally {
    over.abort();
  }
}

/** Throws when the time after the signal is over; never returns. */
async function deadline(signal: AbortSignal, timeoutMs: number, over: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => {
      resolve();
    });
  });
  if (!(await pause(timeoutMs, over))) return new Promise<never>(() => undefined);
  throw new DrainTimeoutError(timeoutMs);
}
