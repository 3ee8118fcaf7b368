// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { seededRandom } from "../ledger/random";
import type { SqsFunction } from "./sqs-event-source";

/** How often a function crashes, from 0 (never) to 1 (always). */
export interface SqsFaults {
  readonly seed: number;
  /** The function ends before it did anything. Default: 0. */
  readonly crashBeforeRate?: number;
  /** The function did all its work, but its answer never arrives: everything it wrote is delivered again. Default: 0. */
  readonly crashAfterRate?: number;
}

/** Thrown in place of the end of the function's process. */
export class SimulatedCrashError extends LedgerLoaderError {
  readonly code = "SIMULATED_CRASH";
}

/** Wraps a function so that it crashes now and then, before its work or between its commit and its answer. */
export function withSqsFaults(handler: SqsFunction, faults: SqsFaults): SqsFunction {
  const random = seededRandom(faults.seed);
  return async (event) => {
    const crashesBefore = random.chance(faults.crashBeforeRate ?? 0);
    const crashesAfter = random.chance(faults.crashAfterRate ?? 0);
    if (crashesBefore)
      throw new SimulatedCrashError("The function crashed before its work, as it was asked to.");
    const response = await handler(event);
    if (crashesAfter)
      throw new SimulatedCrashError("The function crashed after its work, as it was asked to.");
    return response;
  };
}
