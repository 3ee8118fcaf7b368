// SPDX-License-Identifier: MIT

/** How fast something was done, by several at a time. */
export interface SessionFigures {
  readonly perSecond: number;
  /** Milliseconds of one time. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Does something `count` times, by `sessions` that each begin the next time when the last one has ended.
 *
 * @param work - is told which session it is, and how many times were begun before
 */
export async function inSessions(
  sessions: number,
  count: number,
  work: (session: number, at: number) => Promise<void>,
): Promise<SessionFigures> {
  const taken: number[] = [];
  let begun = 0;
  const run = async (session: number): Promise<void> => {
    while (begun < count) {
      const at = begun++;
      const before = performance.now();
      await work(session, at);
      taken.push(performance.now() - before);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: sessions }, (_, session) => run(session)));
  const seconds = (performance.now() - start) / 1000;
  taken.sort((a, b) => a - b);
  return { perSecond: count / seconds, p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) };
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}
