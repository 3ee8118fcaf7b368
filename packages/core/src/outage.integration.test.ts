// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type DeadLetter,
  LedgerUnavailableError,
  type Loader,
  PrometheusMetrics,
  createLoader,
  parkFailures,
  retryOutages,
} from "@ledger-loader/core";
import { aHistory, anEvent, readHistories, startLedger, type TestLedger } from "@ledger-loader/testkit";
import { setTimeout as pause } from "node:timers/promises";
import { aDelivery } from "../test/letters";

let ledger: TestLedger;
let metrics: PrometheusMetrics;
let parked: DeadLetter[];

beforeEach(async () => {
  ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
  metrics = new PrometheusMetrics();
  parked = [];
});
afterEach(() => ledger.close());

/** A worker's loader: it waits for the ledger, and parks the rest at once. */
function workerLoader(): Loader {
  const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter(), metrics });
  const sink = {
    park: (letters: readonly DeadLetter[]) => {
      parked.push(...letters);
      return Promise.resolve();
    },
  };
  const waiting = retryOutages(loader, { delayMs: 20, delayMaxMs: 100, metrics });
  return parkFailures(waiting, { sink, channel: "sqs", waitMs: 0, metrics });
}

describe("In an outage of the ledger, a worker's loader", () => {
  it("keeps the batch until the ledger is back, parks the bad event and loads the good ones", async () => {
    await ledger.stop();
    const good = aHistory(["INSERT", "UPDATE"]);
    const loading = workerLoader().load(
      [aDelivery("bad", "{op:"), ...good.map((event, i) => aDelivery(String(i), [event]))],
      { onFailure: "continue" },
    );
    // The driver has retries of its own; the second outage that is counted is one of the worker's.
    while (!/result="outage"\} [2-9]/.test(metrics.render())) await pause(20);
    expect(parked).toEqual([]);
    await ledger.restart();
    expect((await loading).failed).toEqual([]);
    expect(parked.map(({ deliveryId }) => deliveryId)).toEqual(["bad"]);
    const histories = await readHistories(ledger.connect(), "Vehicle");
    expect([...histories.values()].map((revisions) => revisions.length)).toEqual([2]);
    expect(metrics.render()).toMatch(/ledger_loader_retries_total\{cause="outage"\} [1-9]/);
    expect(metrics.render()).toMatch(/ledger_loader_batches_total\{result="outage"\} [1-9]/);
    expect(metrics.render()).toContain('ledger_loader_batches_total{result="loaded"} 1');
    expect(metrics.render()).toContain('ledger_loader_parked_total{reason="malformed-event"} 1');
  });

  it("gives up when it is told to stop, and has parked nothing", async () => {
    await ledger.stop();
    const stop = new AbortController();
    const loading = workerLoader().load([aDelivery("good", [anEvent()])], {
      onFailure: "continue",
      signal: stop.signal,
    });
    setTimeout(() => {
      stop.abort();
    }, 60);
    await expect(loading).rejects.toThrow(LedgerUnavailableError);
    expect(parked).toEqual([]);
  });
});

describe("Metrics of a batch", () => {
  it("count events by outcome, deliveries, duration and lag", async () => {
    const loader = workerLoader();
    const event = anEvent();
    const sentAtMs = Date.now() - 2_000;
    const batch = [aDelivery("1", [event], { sentAtMs }), aDelivery("2", [event])];
    await loader.load(batch, { onFailure: "continue" });
    const lagMaxSeconds = (Date.now() - sentAtMs) / 1000;
    const text = metrics.render();
    expect(text).toContain('ledger_loader_events_total{status="written"} 1');
    expect(text).toContain('ledger_loader_events_total{status="skipped",reason="already-applied"} 1');
    expect(text).toContain("ledger_loader_batch_size_sum 2");
    expect(text).toContain("ledger_loader_batch_duration_seconds_count 1");
    const [, lag] = /^ledger_loader_lag_seconds_sum (\S+)$/m.exec(text) ?? [];
    expect(Number(lag)).toBeGreaterThanOrEqual(2);
    expect(Number(lag)).toBeLessThanOrEqual(lagMaxSeconds);
  });
});
