// SPDX-License-Identifier: MIT
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, createLoader, encodeEvent, encodeSourceTransaction } from "@ledger-loader/core";
import { aHistory, anEvent, malformedBodies, startLedger, type TestLedger } from "@ledger-loader/testkit";
import {
  createLedgerTarget,
  loadEvents,
  type LoadEventsReport,
  type ReplayTarget,
} from "@ledger-loader/move";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
});
afterAll(async () => {
  await ledger.close();
});

function target(): ReplayTarget {
  return createLedgerTarget(createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() }), {
    retryDelayMs: 1,
  });
}

async function load(lines: readonly string[]): Promise<LoadEventsReport> {
  return loadEvents(Readable.from([Buffer.from(lines.map((line) => `${line}\n`).join(""))]), target());
}

describe("loadEvents", () => {
  it("writes the events of a file, and skips them the second time", async () => {
    const lines = aHistory(["INSERT", "UPDATE", "DELETE"], { id: "twice" }).map(encodeEvent);
    expect(await load(lines)).toMatchObject({ events: 3, written: 3, complete: true, rejectedTotal: 0 });
    expect(await load(lines)).toMatchObject({ written: 0, skipped: { "already-applied": 3 } });
  });

  it("rejects every malformed event with its line and reason, and loads the others", async () => {
    const bad = malformedBodies("Vehicle").filter(({ body }) => !/^\s|\n/.test(body));
    expect(bad.length).toBeGreaterThan(15);
    const lines = bad.flatMap(({ body }, i) => [body, encodeEvent(anEvent({ id: `good-${String(i)}` }))]);
    const report = await load(lines);
    expect(report).toMatchObject({ written: bad.length, complete: true });
    bad.forEach(({ name, reason }, i) => {
      const found = report.rejectedEvents.filter(({ place }) => place === `line ${String(2 * i + 1)}`);
      expect([name, ...new Set(found.map((event) => event.reason))]).toEqual([name, reason]);
    });
    expect(report.rejectedEvents.every(({ place }) => Number(place.slice(5)) % 2 === 1)).toBe(true);
  });

  it("writes a list of events all or nothing", async () => {
    const good = anEvent({ id: "list-1" });
    const gap = anEvent({ id: "list-2", op: "UPDATE", version: 7 });
    const report = await load([encodeSourceTransaction([good, gap])]);
    expect(report).toMatchObject({
      written: 0,
      rejected: { "version-gap": 1, "transaction-rejected": 1 },
      rejectedTotal: 2,
    });
  });

  it("stops when it is asked to, and says that it did", async () => {
    const controller = new AbortController();
    controller.abort();
    const lines = encodeEvent(anEvent({ id: "stopped" }));
    const report = await loadEvents(Readable.from([Buffer.from(lines)]), target(), {
      signal: controller.signal,
    });
    expect(report).toMatchObject({ complete: false, events: 0 });
  });
});
