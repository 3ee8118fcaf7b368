// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { SERVER_METRICS } from "./server-metric-table";
import { openServerMetrics } from "./server-metrics";
import { renderServerMetricsReference } from "./server-metrics-reference";

it("The page has every metric that is declared, also before a server is open", async () => {
  const page = await (await openServerMetrics()).render(false);
  for (const { name, kind } of Object.values(SERVER_METRICS)) {
    expect(page).toContain(`# TYPE ${name} ${kind}\n`);
  }
});

it("docs/reference/server-metrics.md describes them (after changing those: UPDATE_DOCS=1)", () => {
  const page = join(__dirname, "../../../../docs/reference/server-metrics.md");
  const expected = renderServerMetricsReference();
  if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(page, expected);
  expect(readFileSync(page, "utf8")).toBe(expected);
});
