// SPDX-License-Identifier: MIT
import type { Comparison } from "./benchmark";

/** Median and range of some samples. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Summarizes samples. There MUST be at least one. */
export function summarize(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted.length % 2 === 1 ? upper : sorted[middle - 1];
  const min = sorted[0];
  const max = sorted.at(-1);
  if (upper === undefined || lower === undefined || min === undefined || max === undefined) {
    throw new Error("Expected at least one sample, found none: a benchmark has measured nothing.");
  }
  return { median: (lower + upper) / 2, min, max };
}

/** The ratio of subject and baseline, round by round: what slows down the machine in one round slows down both. */
export function ratiosOf({ subject, baseline, ratio = divide }: Comparison): readonly number[] {
  if (subject.samples.length !== baseline.samples.length) {
    throw new Error(
      `Expected as many samples of ${subject.name} as of ${baseline.name}, found ${subject.samples.length} and ` +
        `${baseline.samples.length}.`,
    );
  }
  return subject.samples.map((sample, round) => ratio(sample, baseline.samples[round] ?? NaN));
}

/** True if the median of the ratio, or of the subject, reaches its aim; `undefined` where there is no aim. */
export function reachesAim(comparison: Comparison): boolean | undefined {
  const { aim } = comparison;
  if (aim === undefined) return undefined;
  const { median } = summarize(aim.of === "subject" ? comparison.subject.samples : ratiosOf(comparison));
  return "atLeast" in aim ? median >= aim.atLeast : median <= aim.atMost;
}

function divide(subject: number, baseline: number): number {
  return subject / baseline;
}
