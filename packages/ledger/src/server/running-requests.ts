// SPDX-License-Identifier: MIT
import { setTimeout } from "node:timers/promises";

/** The requests that a server is answering. */
export class RunningRequests {
  readonly #running = new Set<Promise<void>>();

  get count(): number {
    return this.#running.size;
  }

  /** @param answered - MUST NOT be rejected */
  add(answered: Promise<void>): void {
    this.#running.add(answered);
    void answered.then(() => this.#running.delete(answered));
  }

  /** Waits until all have been answered, at most so long, in milliseconds. */
  async settle(timeoutMs: number): Promise<void> {
    const waited = new AbortController();
    const timeout = setTimeout(timeoutMs, undefined, { signal: waited.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#running), timeout]);
    waited.abort();
  }
}
