// SPDX-License-Identifier: MIT
import { METRICS, type MetricDefinition, type MetricKey, type MetricLabels, type Metrics } from "./metrics";

/** Where and under which name CloudWatch gets the figures. */
export interface EmfOptions {
  /** CloudWatch's namespace, 1 to 255 letters, digits and `.-_/#:`. */
  readonly namespace: string;
  /** Dimensions of every metric, such as the channel; each combination of values is a metric that AWS charges for. */
  readonly dimensions?: MetricLabels | undefined;
  /** Takes one document, without newline. Default: a line of standard output, which Lambda sends to CloudWatch Logs. */
  readonly write?: (document: string) => void;
}

/** CloudWatch takes no more values per metric and document. */
const VALUES_MAX = 100;

const UNITS: Readonly<Record<MetricDefinition["unit"], string>> = {
  count: "Count",
  milliseconds: "Milliseconds",
};

/**
 * Metrics in CloudWatch's Embedded Metric Format, for Lambda: one JSON document per batch and set of labels, from which
 * CloudWatch Logs makes metrics without a call to CloudWatch.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export class EmfMetrics implements Metrics {
  readonly #options: EmfOptions;
  /** By labels, as a document has one set of dimensions. */
  #pending = new Map<string, { readonly labels: MetricLabels; readonly values: Map<MetricKey, number[]> }>();

  constructor(options: EmfOptions) {
    this.#options = options;
  }

  record(metric: MetricKey, value: number, labels: MetricLabels = {}): void {
    const key = JSON.stringify(Object.entries(labels));
    const group = this.#pending.get(key) ?? { labels, values: new Map<MetricKey, number[]>() };
    this.#pending.set(key, group);
    const values = group.values.get(metric) ?? [];
    if (METRICS[metric].kind === "counter") group.values.set(metric, [(values[0] ?? 0) + value]);
    else group.values.set(metric, [...values, value]);
  }

  flush(): void {
    const pending = this.#pending;
    this.#pending = new Map();
    for (const { labels, values } of pending.values()) this.#write(labels, values);
  }

  #write(labels: MetricLabels, values: ReadonlyMap<MetricKey, readonly number[]>): void {
    const longest = Math.max(...[...values.values()].map(({ length }) => length));
    for (let from = 0; from < longest; from += VALUES_MAX) {
      const part = [...values].flatMap(([key, all]): [MetricKey, readonly number[]][] => {
        const slice = all.slice(from, from + VALUES_MAX);
        return slice.length === 0 ? [] : [[key, slice]];
      });
      (this.#options.write ?? writeLine)(JSON.stringify(this.#document(labels, part)));
    }
  }

  /** The sets of dimensions under which CloudWatch keeps a value: an alarm must name all of one. */
  #dimensionSets(labels: MetricLabels): readonly (readonly string[])[] {
    const own = Object.keys(this.#options.dimensions ?? {});
    const names = Object.keys(labels);
    return [names, ...withoutLast(names)].map((set) => [...own, ...set]);
  }

  #document(
    labels: MetricLabels,
    values: readonly (readonly [MetricKey, readonly number[]])[],
  ): Readonly<Record<string, unknown>> {
    const dimensions = { ...this.#options.dimensions, ...labels };
    return {
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          {
            Namespace: this.#options.namespace,
            Dimensions: this.#dimensionSets(labels),
            Metrics: values.map(([key]) => ({ Name: METRICS[key].name, Unit: UNITS[METRICS[key].unit] })),
          },
        ],
      },
      ...dimensions,
      ...Object.fromEntries(values.map(([key, all]) => [METRICS[key].name, all.length === 1 ? all[0] : all])),
    };
  }
}

/** The labels but the last, where there are several: an alarm on rejected events asks for no reason. */
function withoutLast(labels: readonly string[]): readonly (readonly string[])[] {
  return labels.length < 2 ? [] : [labels.slice(0, -1)];
}

function writeLine(document: string): void {
  process.stdout.write(`${document}\n`);
}
