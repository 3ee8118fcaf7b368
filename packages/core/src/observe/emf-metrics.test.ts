// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { EmfMetrics, METRICS } from "@ledger-loader/core";

interface EmfDocument {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

function start(dimensions?: Record<string, string>): { metrics: EmfMetrics; documents: () => EmfDocument[] } {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const metrics = new EmfMetrics({ namespace: "LedgerLoader", write, dimensions });
  return { metrics, documents: () => lines.map((line) => JSON.parse(line) as EmfDocument) };
}

/** The rules of the specification, as far as a document alone can break them. */
function violationsOf({ _aws, ...root }: EmfDocument): string[] {
  const problems: string[] = [];
  if (!Number.isSafeInteger(_aws.Timestamp)) problems.push("Timestamp");
  for (const { Namespace, Dimensions, Metrics } of _aws.CloudWatchMetrics) {
    if (!/^[\w.\-/#:]{1,255}$/.test(Namespace)) problems.push("Namespace");
    if (Metrics.length === 0 || Metrics.length > 100) problems.push("Metrics");
    for (const set of Dimensions) {
      if (set.length > 30) problems.push("too many dimensions");
      for (const name of set) {
        const value = root[name];
        if (typeof value !== "string" || value.length === 0 || value.length > 1024)
          problems.push(`dimension ${name}`);
      }
    }
    for (const { Name, Unit } of Metrics) {
      const value = root[Name];
      const values: unknown[] = Array.isArray(value) ? value : [value];
      if (values.length > 100 || values.some((each) => typeof each !== "number"))
        problems.push(`metric ${Name}`);
      if (!["Count", "Milliseconds"].includes(Unit)) problems.push(`unit of ${Name}`);
    }
  }
  return problems;
}

describe("EmfMetrics", () => {
  it("writes one document per set of labels, with counters added up", () => {
    const { metrics, documents } = start({ channel: "sqs" });
    metrics.record("events", 2, { status: "written" });
    metrics.record("events", 3, { status: "written" });
    metrics.record("events", 1, { status: "rejected", reason: "version-gap" });
    metrics.record("duration", 12.5);
    metrics.record("deliveries", 6);
    metrics.flush();
    expect(documents()).toMatchObject([
      { channel: "sqs", status: "written", Events: 5 },
      { channel: "sqs", status: "rejected", reason: "version-gap", Events: 1 },
      { channel: "sqs", BatchDuration: 12.5, BatchSize: 6 },
    ]);
    expect(documents()[1]!._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: "LedgerLoader",
        // The second set is for alarms, which must name every dimension.
        Dimensions: [
          ["channel", "status", "reason"],
          ["channel", "status"],
        ],
        Metrics: [{ Name: "Events", Unit: "Count" }],
      },
    ]);
  });

  it("keeps to the specification, with every metric and more values than one document may hold", () => {
    const { metrics, documents } = start();
    for (const key of Object.keys(METRICS) as (keyof typeof METRICS)[]) {
      for (let i = 0; i < 250; i++) metrics.record(key, i);
    }
    metrics.flush();
    expect(documents().flatMap(violationsOf)).toEqual([]);
    expect(documents().flatMap(({ Lag }) => Lag)).toEqual(Array.from({ length: 250 }, (_, i) => i));
    expect(documents().map(({ Parked }) => Parked)).toEqual([(249 * 250) / 2, undefined, undefined]);
  });

  it("writes nothing where nothing was recorded since the last time", () => {
    const { metrics, documents } = start();
    metrics.flush();
    metrics.record("failed", 1);
    metrics.flush();
    metrics.flush();
    expect(documents()).toHaveLength(1);
  });
});
