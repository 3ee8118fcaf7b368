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
}
