// SPDX-License-Identifier: MIT

/** Runs asynchronous work one at a time, in the order of the calls. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when all earlier work has ended, however it ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    // The next in line waits for the end, not for success; the caller gets the failure, and the result, which is not kept.
    this.#last = result.then(ignore, ignore);
    return result;
  }
}

function ignore(): undefined {
  return undefined;
}
