// SPDX-License-Identifier: MIT
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** After requests of so many bytes it is worth it: less does not matter to a process of Node.js. */
const WORTHWHILE_BYTES = 32 * 1024 * 1024;

/** How long there must have been no large request, in milliseconds. */
const IDLE_MS = 5000;

/**
 * Gives the memory of large requests back once no more of them come.
 *
 * V8 collects garbage while it allocates. A server that has nothing to do after an attack would keep all that was
 * garbage at its end, for hours.
 */
export class IdleCollector {
  readonly #idleMs: number;
  readonly #collect = readCollect();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(idleMs: number = IDLE_MS) {
    this.#idleMs = idleMs;
  }

  /** Says that a request of so many bytes has been received. */
  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < WORTHWHILE_BYTES) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#bytes = 0;
      this.#collect();
    }, this.#idleMs).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}

/** V8's own function, which it shows only when it is told to. */
function readCollect(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
