// SPDX-License-Identifier: MIT
import timers from "node:timers/promises";
import type { Random } from "../ledger/random";
import type { VirtualTime } from "./virtual-time";

interface TimerOptions {
  readonly signal?: AbortSignal;
}

/**
 * How long a timer of negative length takes. KafkaJS 2.2.4 has one for each connection that sets itself again and again and
 * does nothing: at the millisecond that Node.js gives it, most of a simulation would be that.
 */
const LATE_MS = 1_000;

/**
 * Puts the timers of code that runs for long under virtual time while `work` is done: `setTimeout`, that of
 * `node:timers/promises` too, `setInterval`, `Date.now`, `performance.now`, and the jitter that it takes from
 * `Math.random`. Nothing else of it is replaced.
 */
export async function withVirtualTimers(
  time: VirtualTime,
  random: Random,
  work: () => Promise<void>,
): Promise<void> {
  const { setTimeout: realSleep } = timers;
  const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
  const { now: realNow } = Date;
  const { random: realRandom } = Math;
  const sleep = async (ms = 0, value?: unknown, { signal }: TimerOptions = {}): Promise<unknown> => {
    await sleepUnlessAborted(time, ms, signal);
    return value;
  };
  Object.assign(timers, { setTimeout: sleep });
  Object.assign(globalThis, virtualTimers(time));
  Object.assign(performance, { now: () => time.elapsedMs });
  Date.now = () => time.nowMs;
  Math.random = () => random.next();
  try {
    await work();
  } finally {
    Object.assign(timers, { setTimeout: realSleep });
    Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
    Reflect.deleteProperty(performance, "now");
    Date.now = realNow;
    Math.random = realRandom;
  }
}

/** The replacements of the global functions; timers that were set before can still be cleared. */
function virtualTimers(
  time: VirtualTime,
): Pick<typeof globalThis, "clearTimeout" | "clearInterval"> & Record<"setTimeout" | "setInterval", Start> {
  const { clearTimeout: realClear } = globalThis;
  const clear = (timer: unknown): void => {
    if (timer instanceof VirtualTimer) timer.cancel();
    else realClear(timer as NodeJS.Timeout | undefined);
  };
  const start =
    (repeats: boolean): Start =>
    (work, ms = 0, ...args) =>
      new VirtualTimer(
        time,
        () => {
          work(...args);
        },
        ms,
        repeats,
      );
  return {
    setTimeout: start(false),
    clearTimeout: clear,
    setInterval: start(true),
    clearInterval: clear,
  };
}

type Start = (
  work: (...args: readonly unknown[]) => void,
  ms?: number,
  ...args: readonly unknown[]
) => unknown;

class VirtualTimer {
  cancel: () => void = () => undefined;

  constructor(time: VirtualTime, work: () => void, ms: number, repeats: boolean) {
    const start = (): void => {
      this.cancel = time.schedule(ms < 0 ? LATE_MS : ms, () => {
        // Set first, as the work may clear it.
        if (repeats) start();
        work();
      });
    };
    start();
  }
}

function sleepUnlessAborted(time: VirtualTime, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(Object.assign(new Error("The operation was aborted"), { name: "AbortError" }));
    };
    if (signal?.aborted === true) {
      abort();
      return;
    }
    signal?.addEventListener("abort", abort, { once: true });
    void time.sleep(ms).then(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
  });
}
