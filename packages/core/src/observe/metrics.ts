// SPDX-License-Identifier: MIT

/** One metric: from it come what Prometheus and CloudWatch are told, and the reference page. */
export interface MetricDefinition {
  /** The name in CloudWatch. */
  readonly name: string;
  /** `counter`: values are added up. `distribution`: values are spread over buckets. */
  readonly kind: "counter" | "distribution";
  readonly unit: "count" | "milliseconds";
  /** The labels its values may carry. Labels hold words of this project, never ids or content. */
  readonly labels: readonly string[];
  /** The meaning: one sentence. */
  readonly meaning: string;
}

function metric(definition: MetricDefinition): MetricDefinition {
  return definition;
}

/** All metrics of the loader, in the order of the reference page. */
export const METRICS = {
  events: metric({
    name: "Events",
    kind: "counter",
    unit: "count",
    labels: ["status", "reason"],
    meaning: "Events by how they ended.",
  }),
  tombstones: metric({
    name: "Tombstones",
    kind: "counter",
    unit: "count",
    labels: [],
    meaning: "Recorded deletions of missing records, counted as written too.",
  }),
  batches: metric({
    name: "Batches",
    kind: "counter",
    unit: "count",
    labels: ["result"],
    meaning: "Batches by result: `loaded`, `outage` when the ledger gave no answer, or `error`.",
  }),
  deliveries: metric({
    name: "BatchSize",
    kind: "distribution",
    unit: "count",
    labels: [],
    meaning: "Deliveries per batch.",
  }),
  failed: metric({
    name: "FailedDeliveries",
    kind: "counter",
    unit: "count",
    labels: [],
    meaning: "Deliveries that were not applied, or held back behind such, parked ones included.",
  }),
  duration: metric({
    name: "BatchDuration",
    kind: "distribution",
    unit: "milliseconds",
    labels: [],
    meaning: "How long a batch took to load.",
  }),
  lag: metric({
    name: "Lag",
    kind: "distribution",
    unit: "milliseconds",
    labels: [],
    meaning: "Age of the oldest delivery of a batch when it had been loaded, since its channel accepted it.",
  }),
  retries: metric({
    name: "Retries",
    kind: "counter",
    unit: "count",
    labels: ["cause"],
    meaning:
      "Repeated work: `conflict` (a transaction rerun), `failure` (tried again as it was), `isolation` (tried again in smaller parts), `outage` (a batch, once more).",
  }),
  parked: metric({
    name: "Parked",
    kind: "counter",
    unit: "count",
    labels: ["reason"],
    meaning: "Deliveries that were parked, by reason.",
  }),
  parkingFailures: metric({
    name: "ParkingFailures",
    kind: "counter",
    unit: "count",
    labels: [],
    meaning: "Deliveries that a dead-letter sink did not take.",
  }),
} as const;

/** A metric, by its key in {@link METRICS}. */
export type MetricKey = keyof typeof METRICS;

/** Label names with values that are not empty. Values MUST be words of this project, such as reasons; never ids or content. */
export type MetricLabels = Readonly<Record<string, string>>;

/** Where the loader's figures go. Implementations MUST NOT throw: figures are not worth a batch. */
export interface Metrics {
  /** Adds a value: to a counter, or to a distribution as one observation. */
  record(metric: MetricKey, value: number, labels?: MetricLabels): void;
  /** Says that a batch is over; what was recorded MAY be sent now. */
  flush(): void;
}

/** Metrics that nobody looks at. */
export const noMetrics: Metrics = { record: () => undefined, flush: () => undefined };
