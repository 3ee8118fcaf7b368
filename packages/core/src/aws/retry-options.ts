// SPDX-License-Identifier: MIT

/** How often and how long a call to a channel is tried. */
export interface RetryOptions {
  /** Calls for one message, record or entry at most. */
  readonly attemptsMax: number;
  /** Pause before the second call, in milliseconds. It doubles with each further call, up to 20 s, and varies by half. */
  readonly retryDelayMs: number;
}
