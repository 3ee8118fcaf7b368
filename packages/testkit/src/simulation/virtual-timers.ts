// SPDX-License-Identifier: MIT
import timers from "node:timers/promises";
import type { Random } from "../random";
import type { VirtualTime } from "./virtual-time";

interface TimerOptions {
  readonly signal?: AbortSignal;
}

/**
 * Puts the timers of code that runs for long under virtual time while `work` is done: `setTimeout` of
 * `node:timers/promises`, `setInterval`, `performance.now`, and the jitter that it takes from `Math.random`. Nothing else of it is replaced.
 */
export async function withVirtualTimers(
  time: VirtualTime,
  random: Random,
  work: () => Promise<void>,
): Promise<void> {
  const { setTimeout: realSleep } = timers;
  const { setInterval: realInterval, clearInterval: realClear } = globalThis;
  const { random: realRandom } = Math;
  const intervals = new Map<unknown, { isCleared: boolean }>();
  const sleep = async (ms = 0, value?: unknown, { signal }: TimerOptions = {}): Promise<unknown> => {
    await sleepUnlessAborted(time, ms, signal);
    return value;
  };
  const interval = (beat: () => void, ms: number): unknown => {
    const state = { isCleared: false };
    intervals.set(state, state);
    void repeat(time, beat, ms, state);
    return state;
  };
  const clear = (timer: unknown): void => {
    const state = intervals.get(timer);
    if (state === undefined) realClear(timer as NodeJS.Timeout);
    else state.isCleared = true;
  };
  Object.assign(timers, { setTimeout: sleep });
  Object.assign(globalThis, { setInterval: interval, clearInterval: clear });
  Object.assign(performance, { now: () => time.elapsedMs });
  Math.random = () => random.next();
  try {
    await work();
  } finally {
    Object.assign(timers, { setTimeout: realSleep });
    Object.assign(globalThis, { setInterval: realInterval, clearInterval: realClear });
    Reflect.deleteProperty(performance, "now");
    Math.random = realRandom;
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

async function repeat(
  time: VirtualTime,
  beat: () => void,
  ms: number,
  state: { readonly isCleared: boolean },
): Promise<void> {
  for (;;) {
    await time.sleep(ms);
    if (state.isCleared) return;
    beat();
  }
}
