// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { METRICS, PrometheusMetrics, renderMetricsReference } from "@ledger-loader/core";
import { readFileSync } from "node:fs";
import { join } from "node:path";

describe("PrometheusMetrics", () => {
  it("renders counters with labels, and nothing before there is something", () => {
    const metrics = new PrometheusMetrics({ channel: "sqs" });
    expect(metrics.render()).toBe("");
    metrics.record("parked", 1, { reason: "version-gap" });
    metrics.record("parked", 2, { reason: "version-gap" });
    metrics.record("parked", 1, { reason: "malformed-event" });
    metrics.flush();
    expect(metrics.render()).toBe(
      [
        "# HELP ledger_loader_parked_total Deliveries that were parked, by reason.",
        "# TYPE ledger_loader_parked_total counter",
        'ledger_loader_parked_total{channel="sqs",reason="version-gap"} 3',
        'ledger_loader_parked_total{channel="sqs",reason="malformed-event"} 1',
        "",
      ].join("\n"),
    );
  });

  it("renders distributions as histograms in base units: cumulative, with all values under +Inf", () => {
    const metrics = new PrometheusMetrics();
    for (const ms of [5, 10, 80, 90_000_000]) metrics.record("duration", ms);
    const lines = metrics.render().split("\n");
    expect(lines).toContain("# TYPE ledger_loader_batch_duration_seconds histogram");
    expect(lines).toContain('ledger_loader_batch_duration_seconds_bucket{le="0.01"} 2');
    expect(lines).toContain('ledger_loader_batch_duration_seconds_bucket{le="0.1"} 3');
    expect(lines).toContain('ledger_loader_batch_duration_seconds_bucket{le="86400"} 3');
    expect(lines).toContain('ledger_loader_batch_duration_seconds_bucket{le="+Inf"} 4');
    expect(lines).toContain("ledger_loader_batch_duration_seconds_count 4");
    expect(lines).toContain("ledger_loader_batch_duration_seconds_sum 90000.095");
  });

  it("escapes backslash, quotation mark and line feed in labels", () => {
    const metrics = new PrometheusMetrics({ channel: 'a\\b"c\nd' });
    metrics.record("failed", 1);
    expect(metrics.render()).toContain(String.raw`{channel="a\\b\"c\nd"} 1`);
  });

  it("gives every metric a valid name, and every line the form that Prometheus reads", () => {
    const metrics = new PrometheusMetrics();
    for (const key of Object.keys(METRICS) as (keyof typeof METRICS)[])
      metrics.record(key, 1, { reason: "x" });
    const text = metrics.render();
    expect(text.endsWith("\n")).toBe(true);
    for (const line of text.trimEnd().split("\n")) {
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{(\w+="[^"]*",?)+\} [\d.e+-]+)$/);
    }
  });

  it("and CloudWatch's names are described by docs/reference/metrics.md", () => {
    const page = readFileSync(join(__dirname, "../../../../docs/reference/metrics.md"), "utf8");
    expect(page).toBe(renderMetricsReference());
  });
});
