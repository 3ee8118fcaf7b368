// SPDX-License-Identifier: MIT
import { METRICS } from "./metrics";
import { prometheusName } from "./prometheus-metrics";

/** The reference page of the metrics, as Markdown. A test compares it with `docs/reference/metrics.md`. */
export function renderMetricsReference(): string {
  const sections = Object.values(METRICS).map((definition) => {
    const { name, kind, unit, labels, meaning } = definition;
    return [
      `## \`${name}\``,
      "",
      meaning,
      "",
      `- \`${prometheusName(definition)}\`, a ${kind === "counter" ? "counter" : "histogram"}. CloudWatch: ${unit === "count" ? "Count" : "Milliseconds"}.`,
      ...(labels.length === 0 ? [] : [`- By ${labels.map((label) => `\`${label}\``).join(", ")}`]),
      "",
    ].join("\n");
  });
  return [
    "# Metrics",
    "",
    "<!-- Generated from packages/core/src/observe/metrics.ts; a test keeps it up to date. -->",
    "",
    "For operators. The loader counts these values. A Lambda function writes CloudWatch's Embedded Metric Format (`EmfMetrics`). A worker answers",
    "`/metrics` in Prometheus' text format (`PrometheusMetrics`), with the names in the lists. Labels hold reasons and results, never ids or content.",
    "",
    "In CloudWatch, metrics have the dimensions `channel`, `ledger` and `loader` (the name of the function) too. A metric with two labels is also kept",
    "with the first label alone, as an alarm must name every dimension.",
    "",
    ...sections,
  ].join("\n");
}
