// SPDX-License-Identifier: MIT
import { SERVER_METRICS, type ServerMetricDefinition } from "./server-metric-table";

/** The reference page of a ledger server's metrics, as Markdown. A test compares it with `docs/reference/server-metrics.md`. */
export function renderServerMetricsReference(): string {
  return [
    "# Metrics of a ledger server",
    "",
    "<!-- Generated from packages/cli/src/serve/server-metric-table.ts; a test keeps it up to date. -->",
    "",
    "For operators. `ledger serve --health-port PORT` answers `/metrics` in Prometheus' text format. It has these metrics, and those of the process",
    "that [prom-client](https://github.com/siimon/prom-client) collects: `process_cpu_seconds_total`, `process_resident_memory_bytes`,",
    "`nodejs_eventloop_lag_p99_seconds` and others. What to watch: [run a ledger on a server](../guides/run-a-ledger-on-a-server.md).",
    "",
    ...Object.values(SERVER_METRICS).map(describe),
  ].join("\n");
}

function describe({ name, kind, labels, meaning }: ServerMetricDefinition): string {
  return [
    `## \`${name}\``,
    "",
    meaning,
    "",
    `- ${kind}${labels.length === 0 ? "" : ` by ${labels.map((label) => `\`${label}\``).join(", ")}`}`,
    "",
  ].join("\n");
}
