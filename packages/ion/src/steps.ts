// SPDX-License-Identifier: MIT

/** Work that yields between its steps, so that others can have their turn, and ends with a result. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Runs work to its end, without a pause. */
export function runAtOnce<T>(steps: Steps<T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/**
 * Runs work to its end, with a pause between its steps.
 *
 * @param rest - waits until the work may continue
 */
export async function runInTurns<T>(steps: Steps<T>, rest: () => Promise<void>): Promise<T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    await rest();
  }
}
