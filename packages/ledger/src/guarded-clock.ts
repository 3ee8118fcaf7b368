// SPDX-License-Identifier: MIT
import { uptime } from "node:os";
import type { Clock } from "./clock";
import { ClockJumpedError } from "./errors";

/** A step of the clock that is taken as it is. Larger ones come from a wrong time server, time zone or date. */
export const CLOCK_STEP_MAX_MS = 600_000;

/** The two sources that guard a clock. Both count milliseconds from any start and are never set. */
export interface GuardedClockOptions {
  /** MAY stand still while the machine sleeps. */
  readonly steady: Clock;
  /** MUST go on while the machine sleeps. Read only where the steady clock does not explain a step. */
  readonly sinceBoot: Clock;
}

/** The clocks of this process, where only the time of day can be set. */
export const PROCESS_CLOCKS: GuardedClockOptions = {
  steady: () => performance.now(),
  sinceBoot: () => uptime() * 1000,
};

/**
 * Guards a clock against steps ahead, because the time of a block cannot be taken back: every later block has that time or
 * a later one.
 *
 * A refused clock is read again when it is back within {@link CLOCK_STEP_MAX_MS} of the time that has passed. Time that the
 * machine slept has passed. Steps back are not refused.
 *
 * @returns a clock that throws ClockJumpedError.
 */
export function guardClock(clock: Clock, { steady, sinceBoot }: GuardedClockOptions): Clock {
  let expected = clock();
  let readAt = steady();
  let slept = sinceBoot() - readAt;
  return () => {
    const now = clock();
    const steadyNow = steady();
    const passed = expected + steadyNow - readAt;
    if (now - passed > CLOCK_STEP_MAX_MS) {
      const sleptNow = sinceBoot() - steadyNow;
      if (now - passed - (sleptNow - slept) > CLOCK_STEP_MAX_MS) throw new ClockJumpedError(passed, now);
      slept = sleptNow;
    }
    // After a step back the higher time stays the expected one, so that the clock may return to it.
    expected = Math.max(now, passed);
    readAt = steadyNow;
    return now;
  };
}
