// SPDX-License-Identifier: MIT

/** The long-running side of a channel that can be polled. */
export interface Consumer {
  /**
   * Takes deliveries from the channel and loads them, until the signal is raised.
   *
   * Then it MUST take nothing more, finish and acknowledge what is under way, and return; what it does not finish MUST
   * come back. MUST throw when it cannot go on, such as for missing rights.
   */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Whether there may be deliveries that stood in the channel before and were not taken yet: what is in a shard of which the
   * end was not seen, is held by a consumer that may be gone, or in a topic whose group was not joined yet. Absent: the consumer
   * takes what there is at once.
   */
  readonly isCatchingUp?: () => boolean;
}
