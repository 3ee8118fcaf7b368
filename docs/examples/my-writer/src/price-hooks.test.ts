// SPDX-License-Identifier: MIT
// #region hooks
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Outcome, type RevisionEvent, createEvent, createLoader } from "@ledger-loader/core";
import { readHistories, startLedger, type TestLedger } from "@ledger-loader/testkit";
import { PriceWriter } from "./price-writer";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startLedger({ tables: { Product: ["oldDocumentId"] } });
});
afterAll(() => ledger.close());

test("a price keeps what it was before, and a price of nothing is refused", async () => {
  const lamp = { table: "Product", id: "lamp" };
  const outcomes = await load([
    createEvent({ ...lamp, op: "INSERT", version: 0, data: { price: 20 } }),
    createEvent({ ...lamp, op: "UPDATE", version: 1, data: { price: 25 } }),
    createEvent({ ...lamp, op: "UPDATE", version: 2, data: { price: 0 } }),
  ]);
  expect(outcomes).toMatchObject([
    { status: "written" },
    { status: "written" },
    { status: "rejected", reason: "refused-by-writer" },
  ]);
  const histories = await readHistories(ledger.connect(), "Product");
  expect(histories.get('"lamp"')).toEqual(["{price:20}", "{price:25,priceBefore:20}"]);
});

async function load(events: readonly RevisionEvent[]): Promise<(Outcome | undefined)[]> {
  const loader = createLoader({ ledger: ledger.connect(), writer: new PriceWriter() });
  const deliveries = events.map((event, i) => ({
    deliveryId: String(i),
    decode: () => ({ events: [{ event }], atomic: false }),
  }));
  const report = await loader.load(deliveries, { onFailure: "continue" });
  return report.deliveries.map((delivery) => delivery.events[0]?.outcome);
}
// #endregion
