// SPDX-License-Identifier: MIT

/** The pause after the first receive. */
export const RETRY_DELAY_SECONDS = 10;
/** Receives that are assumed for a queue that does not tell: the fewest that AWS advises for a function's queue. */
const RECEIVES_ASSUMED = 5;
/** Beyond it, doubling changes nothing. */
const DOUBLINGS_MAX = 30;

/** The settings of a queue that decide when a failed message comes back, and how often. */
export interface QueueRetries {
  readonly visibilityTimeoutSeconds: number;
  /** `maxReceiveCount` of the redrive policy; `Infinity` for a queue without one. */
  readonly receivesMax: number;
}

/** Stands for a queue whose settings cannot be read. The time-out is the longest pause. */
export const ASSUMED_RETRIES: QueueRetries = {
  visibilityTimeoutSeconds: 900,
  receivesMax: RECEIVES_ASSUMED,
};

/**
 * The pause after a receive: it doubles each time.
 *
 * @param receives - How often the message was received, from 1.
 */
export function backoffSeconds(receives: number, firstSeconds: number, maxSeconds: number): number {
  const doublings = Math.min(DOUBLINGS_MAX, Math.max(0, receives - 1));
  return Math.min(maxSeconds, firstSeconds * 2 ** doublings);
}

/**
 * The seconds after which a function's failed message is to come back: 10, 20, 40, … up to the queue's visibility time-out.
 *
 * `undefined` for the second half of the receives that the queue allows: these messages come back when the visibility
 * time-out is over, so that an outage of an hour does not use up all receives in minutes.
 */
export function soonerSeconds(
  receives: number,
  { visibilityTimeoutSeconds, receivesMax }: QueueRetries,
): number | undefined {
  if (receives > receivesMax / 2) return undefined;
  return backoffSeconds(receives, RETRY_DELAY_SECONDS, visibilityTimeoutSeconds);
}

/** How long a message that fails each time stays in the queue before it goes to the dead-letter queue, in seconds. */
export function retryWindowSeconds(queue: QueueRetries): number {
  const { visibilityTimeoutSeconds, receivesMax } = queue;
  if (receivesMax === Infinity) return Infinity;
  // The last receive has no pause after it.
  const pauses = Array.from(
    { length: receivesMax - 1 },
    (_, index) => soonerSeconds(index + 1, queue) ?? visibilityTimeoutSeconds,
  );
  return pauses.reduce((sum, seconds) => sum + seconds, 0);
}
