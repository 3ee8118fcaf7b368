// SPDX-License-Identifier: MIT
import type { Delivery, LoadReport, Loader } from "@ledger-loader/core";
import { KafkaConsumerStalledError } from "./errors";

/** How one call of a loader is watched over. */
export interface Supervision {
  readonly topic: string;
  readonly partition: number;
  /** Raised when the partition is given up or the consumer stops. */
  readonly signal: AbortSignal;
  /** Tells the group that this member lives; throws when the group wants something else. */
  readonly heartbeat: () => Promise<void>;
  readonly heartbeatIntervalMs: number;
  /** After this time the loader is asked to give up, after twice this time it counts as stalled. */
  readonly loadTimeoutMs: number;
}

/**
 * Loads deliveries while heartbeats go on, since KafkaJS sends none for a handler that is at work, and would on several
 * brokers send them for one that hangs: the time that loading may take is bounded here.
 *
 * @throws KafkaConsumerStalledError if loading neither ends in time nor when it is asked to; what the loader throws.
 */
export async function superviseLoad(
  loader: Loader,
  deliveries: readonly Delivery[],
  supervision: Supervision,
): Promise<LoadReport> {
  const { topic, partition, loadTimeoutMs } = supervision;
  const giveUp = new AbortController();
  const onEnd = (): void => {
    giveUp.abort();
  };
  // Not `AbortSignal.any`: in Node.js 20 a signal that lives long remembers every signal that was made from it.
  supervision.signal.addEventListener("abort", onEnd);
  if (supervision.signal.aborted) onEnd();
  const heartbeats = setInterval(() => {
    // The group is rebalancing: whoever waits for the ledger must not keep the other members waiting.
    supervision.heartbeat().catch(onEnd);
  }, supervision.heartbeatIntervalMs);
  const patience = setTimeout(onEnd, loadTimeoutMs);
  let stall: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    stall = setTimeout(() => {
      reject(new KafkaConsumerStalledError(topic, partition, 2 * loadTimeoutMs));
    }, 2 * loadTimeoutMs);
  });
  try {
    const options = { onFailure: "block-group", signal: giveUp.signal } as const;
    return await Promise.race([loader.load(deliveries, options), stalled]);
  } finally {
    supervision.signal.removeEventListener("abort", onEnd);
    clearInterval(heartbeats);
    clearTimeout(patience);
    clearTimeout(stall);
  }
}
