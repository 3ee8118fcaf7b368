// SPDX-License-Identifier: MIT
import { METRICS, type MetricDefinition, type MetricKey, type MetricLabels, type Metrics } from "./metrics";

/** The `Content-Type` of the exposition. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Upper bounds of the buckets; times in seconds, from a fast batch to a lag of a day. */
const BUCKETS: Readonly<Record<MetricDefinition["unit"], readonly number[]>> = {
  count: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000],
  milliseconds: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200, 86_400],
};

/** One counter's or distribution's values under one set of labels. */
interface Series {
  readonly labels: MetricLabels;
  /** For each bucket, how many values are in it and in no smaller one; the last is for the rest. */
  readonly buckets: number[];
  sum: number;
}

/**
 * Metrics in Prometheus' text format, for workers: `render` is what `/metrics` answers.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export class PrometheusMetrics implements Metrics {
  readonly #labels: MetricLabels;
  readonly #series = new Map<MetricKey, Map<string, Series>>();

  /** @param labels labels of every metric, such as the channel. */
  constructor(labels: MetricLabels = {}) {
    this.#labels = labels;
  }

  record(metric: MetricKey, value: number, labels: MetricLabels = {}): void {
    const { kind, unit } = METRICS[metric];
    const bySet = this.#series.get(metric) ?? new Map<string, Series>();
    this.#series.set(metric, bySet);
    const key = JSON.stringify(Object.entries(labels));
    const bounds = kind === "counter" ? [] : BUCKETS[unit];
    const series = bySet.get(key) ?? { labels, buckets: Array<number>(bounds.length + 1).fill(0), sum: 0 };
    bySet.set(key, series);
    const scaled = unit === "milliseconds" ? value / 1_000 : value;
    const found = bounds.findIndex((bound) => scaled <= bound);
    const bucket = found < 0 ? bounds.length : found;
    series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
    series.sum += scaled;
  }

  flush(): void {
    // Prometheus comes for the figures.
  }

  /** All metrics so far, as Prometheus reads them. */
  render(): string {
    return [...this.#series]
      .map(([key, bySet]) => this.#renderMetric(METRICS[key], [...bySet.values()]))
      .join("");
  }

  #renderMetric(definition: MetricDefinition, all: readonly Series[]): string {
    const name = prometheusName(definition);
    const isCounter = definition.kind === "counter";
    const lines = all.flatMap((series) => {
      const labels = { ...this.#labels, ...series.labels };
      return isCounter
        ? [sample(name, labels, series.sum)]
        : distribution(name, labels, series, BUCKETS[definition.unit]);
    });
    const head = [
      `# HELP ${name} ${escapeHelp(definition.meaning)}`,
      `# TYPE ${name} ${isCounter ? "counter" : "histogram"}`,
    ];
    return [...head, ...lines].map((line) => `${line}\n`).join("");
  }
}

/** The name of a metric in Prometheus: with the unit in base units, and `_total` for counters. */
export function prometheusName({ name, kind, unit }: MetricDefinition): string {
  const words = name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
  return `ledger_loader_${words}${unit === "milliseconds" ? "_seconds" : ""}${kind === "counter" ? "_total" : ""}`;
}

function distribution(
  name: string,
  labels: MetricLabels,
  { buckets, sum }: Series,
  bounds: readonly number[],
): readonly string[] {
  let count = 0;
  const lines = buckets.map((inBucket, i) => {
    count += inBucket;
    return sample(`${name}_bucket`, { ...labels, le: i < bounds.length ? String(bounds[i]) : "+Inf" }, count);
  });
  return [...lines, sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, count)];
}

function sample(name: string, labels: MetricLabels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

function escapeHelp(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
}
