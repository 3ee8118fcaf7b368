// SPDX-License-Identifier: MIT
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How often it looks, in milliseconds. */
const LOOK_MS = 5000;

/** A process has little to do that has used at most this part of one processor since the last look. */
const IDLE_PART = 0.2;

/** From so much on it is worth it, in bytes: less does not matter to a process of Node.js. */
const WORTHWHILE_BYTES = 64 * 1024 * 1024;

/** So many looks pass until the next collection, and twice as many each time: open transactions end within 30 s. */
const FIRST_PAUSE_LOOKS = 7;

/**
 * Gives memory back while the server has little to do.
 *
 * V8 collects garbage while it allocates. A server that is idle after an attack would keep all that was garbage at its
 * end, for hours.
 */
export class IdleCollector {
  readonly #collect = readCollect();
  readonly #timer: NodeJS.Timeout;
  #processorTime: NodeJS.CpuUsage = process.cpuUsage();
  #lookedAt = performance.now();
  readonly #readWaiting: () => number;
  /** The memory that is surely in use, in bytes: what the last collection left, or less. Unknown before the first one. */
  #needed = 0;
  /** The part of it that waited for clients. */
  #waiting = 0;
  #looksToWait = 0;
  #pauseLooks = FIRST_PAUSE_LOOKS;

  /**
   * @param readWaiting - the bytes that wait for clients to go on: V8 does not notice when they are let go
   * @param lookMs - how often it looks, in milliseconds
   */
  constructor(readWaiting: () => number, lookMs: number = LOOK_MS) {
    this.#readWaiting = readWaiting;
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs).unref();
  }

  #look(): void {
    const isBusy = this.#isBusy();
    if (isBusy) this.#pauseLooks = FIRST_PAUSE_LOOKS;
    this.#looksToWait = isBusy ? 0 : Math.max(0, this.#looksToWait - 1);
    const held = readHeldBytes();
    this.#needed = Math.min(this.#needed, held);
    const letGo = Math.max(0, this.#waiting - this.#readWaiting());
    if (isBusy || this.#looksToWait > 0 || held - this.#needed + letGo <= WORTHWHILE_BYTES) return;
    this.#looksToWait = this.#pauseLooks;
    this.#pauseLooks *= 2;
    this.#collect();
    this.#needed = readHeldBytes();
    this.#waiting = this.#readWaiting();
  }

  /** True if it has used more of a processor since the last look. On a busy machine looks come late. */
  #isBusy(): boolean {
    const { user, system } = process.cpuUsage(this.#processorTime);
    const passedMs = performance.now() - this.#lookedAt;
    this.#processorTime = process.cpuUsage();
    this.#lookedAt = performance.now();
    return (user + system) / 1000 > IDLE_PART * passedMs;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function readHeldBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** V8's own function, which it shows only when it is told to. */
function readCollect(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
