// SPDX-License-Identifier: MIT

/** One value of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads what a worker answers at `/metrics`. */
export function parseMetrics(text: string): readonly Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, labels: parseLabels(labels), value: Number(value) }];
  });
}

function parseLabels(text: string): Readonly<Record<string, string>> {
  const pairs = text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g);
  return Object.fromEntries([...pairs].map(([, name = "", value = ""]) => [name, unescape(value)]));
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}

/** The sum of the samples of a name, by one of their labels. */
export function sumBy(samples: readonly Sample[], name: string, label: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const sample of samples) {
    if (sample.name !== name) continue;
    const key = sample.labels[label] ?? "";
    sums.set(key, (sums.get(key) ?? 0) + sample.value);
  }
  return sums;
}

/**
 * The upper bound of the bucket with this part of all values between two readings, in seconds. `undefined` without a value between
 * them.
 *
 * @param part - 0.5 for the median
 */
export function quantile(
  [before, now]: readonly [before: readonly Sample[], now: readonly Sample[]],
  name: string,
  part: number,
): number | undefined {
  const old = sumBy(before, `${name}_bucket`, "le");
  const counts = [...sumBy(now, `${name}_bucket`, "le")].map(([bound, count]) => ({
    bound: bound === "+Inf" ? Infinity : Number(bound),
    count: count - (old.get(bound) ?? 0),
  }));
  const total = Math.max(0, ...counts.map(({ count }) => count));
  if (total === 0) return undefined;
  return counts.find(({ count }) => count >= part * total)?.bound;
}
