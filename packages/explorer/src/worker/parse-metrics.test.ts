// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { PrometheusMetrics } from "@ledger-loader/core";
import { parseMetrics, quantile, sumBy } from "./parse-metrics";

describe("What a worker answers at /metrics", () => {
  const metrics = new PrometheusMetrics({ channel: 'a "b"\\c' });
  const read = (): ReturnType<typeof parseMetrics> => parseMetrics(metrics.render());

  it("is read as it was written", () => {
    metrics.record("events", 3, { status: "written" });
    metrics.record("events", 2, { status: "rejected", reason: "version-gap" });
    metrics.record("events", 1, { status: "rejected", reason: "malformed-event" });
    expect(sumBy(read(), "ledger_loader_events_total", "status")).toEqual(
      new Map([
        ["written", 3],
        ["rejected", 3],
      ]),
    );
    expect(read()[0]?.labels).toEqual({ channel: 'a "b"\\c', status: "written" });
  });

  it("gives the lag of what came between two readings", () => {
    metrics.record("lag", 100_000);
    const before = read();
    expect(quantile([before, before], "ledger_loader_lag_seconds", 0.5)).toBeUndefined();
    for (const ms of [40, 45, 48, 900]) metrics.record("lag", ms);
    expect(quantile([before, read()], "ledger_loader_lag_seconds", 0.5)).toBe(0.05);
    expect(quantile([before, read()], "ledger_loader_lag_seconds", 0.95)).toBe(1);
  });
});
