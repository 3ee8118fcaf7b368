// SPDX-License-Identifier: MIT
import type { Delivery } from "../event/delivery";
import type { Metrics } from "../observe/metrics";
import type { LoadReport } from "./report";

/** Records what became of a batch. */
export function recordReport(
  metrics: Metrics,
  deliveries: readonly Delivery[],
  report: LoadReport,
  durationMs: number,
): void {
  const { counts, failed } = report;
  metrics.record("batches", 1, { result: "loaded" });
  recordDeliveries(metrics, deliveries, durationMs);
  if (counts.written > 0) metrics.record("events", counts.written, { status: "written" });
  const tombstones = countTombstones(report);
  if (tombstones > 0) metrics.record("tombstones", tombstones);
  for (const [reason, count] of Object.entries(counts.skipped)) {
    if (count > 0) metrics.record("events", count, { status: "skipped", reason });
  }
  for (const [reason, count] of Object.entries(counts.rejected)) {
    metrics.record("events", count, { status: "rejected", reason });
  }
  if (failed.length > 0) metrics.record("failed", failed.length);
}

function countTombstones({ deliveries }: LoadReport): number {
  const outcomes = deliveries.flatMap(({ events }) => events.map(({ outcome }) => outcome));
  return outcomes.filter((outcome) => outcome.status === "written" && outcome.tombstone === true).length;
}

/** Records a batch of which nothing is known, as `load` threw. */
export function recordFailure(
  metrics: Metrics,
  deliveries: readonly Delivery[],
  isOutage: boolean,
  durationMs: number,
): void {
  metrics.record("batches", 1, { result: isOutage ? "outage" : "error" });
  recordDeliveries(metrics, deliveries, durationMs);
}

function recordDeliveries(metrics: Metrics, deliveries: readonly Delivery[], durationMs: number): void {
  metrics.record("deliveries", deliveries.length);
  metrics.record("duration", durationMs);
  const sent = deliveries.flatMap(({ sentAtMs }) => sentAtMs ?? []);
  // Clocks differ: a delivery from the future has no negative age.
  if (sent.length > 0) metrics.record("lag", Math.max(0, Date.now() - sent.reduce((a, b) => Math.min(a, b))));
}
