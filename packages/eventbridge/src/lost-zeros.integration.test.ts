// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  createLoader,
  decodeMessage,
  type Delivery,
  type Loader,
  type LoadReport,
} from "@ledger-loader/core";
import { createEventBridgeHandler, decodeEventBridgeLetter } from "@ledger-loader/eventbridge";
import { startLedger, type TestLedger } from "@ledger-loader/testkit";

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
});
afterAll(() => ledger.close());

function anEventAsJson(id: string, data: string): string {
  return `{"op":"INSERT","table":"Vehicle","id":"${id}","version":0,"data":${data}}`;
}

/** A loader that keeps its reports. */
function watched(reports: LoadReport[]): Loader {
  const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
  return {
    load: async (deliveries, options) => {
      const report = await loader.load(deliveries, options);
      reports.push(report);
      return report;
    },
    close: () => loader.close(),
  };
}

async function outcomeOf(delivery: Pick<Delivery, "decode">): Promise<unknown> {
  const { deliveries } = await watched([]).load([{ deliveryId: "1", ...delivery }], {
    onFailure: "continue",
  });
  return deliveries[0]?.events[0]?.outcome;
}

/** The outcome of a detail as Lambda's runtime hands it over: parsed. */
async function overEventBridge(json: string): Promise<unknown> {
  const reports: LoadReport[] = [];
  await createEventBridgeHandler(watched(reports))(JSON.parse(json) as object).catch(() => undefined);
  return reports[0]?.deliveries[0]?.events[0]?.outcome;
}

describe("An event that came over a queue and comes again over EventBridge, whose numbers Lambda has parsed,", () => {
  it.each([
    ["price", `{"price":1.50}`],
    ["whole", `{"price":2.0}`],
    ["exponent", `{"price":1.5e3}`],
    ["deep", `{"lines":[{"price":10.00},{"price":0.0}],"n":7}`],
  ])("is already applied: %s", async (id, data) => {
    const json = anEventAsJson(id, data);
    expect(await outcomeOf({ decode: () => decodeMessage(json) })).toMatchObject({ status: "written" });
    expect(await overEventBridge(json)).toMatchObject({ status: "skipped", reason: "already-applied" });
    // What was parked is the parsed detail, written as JSON again.
    const letter = JSON.stringify(JSON.parse(json));
    expect(await outcomeOf({ decode: () => decodeEventBridgeLetter(letter) })).toMatchObject({
      reason: "already-applied",
    });
  });

  it("conflicts if it has another value", async () => {
    const decode = () => decodeMessage(anEventAsJson("other", `{"price":1.50}`));
    expect(await outcomeOf({ decode })).toMatchObject({ status: "written" });
    const again = await overEventBridge(anEventAsJson("other", `{"price":1.51}`));
    expect(again).toMatchObject({ status: "rejected", reason: "conflicting-revision" });
  });

  it("conflicts if it came as text, which is exact, in another form", async () => {
    const decode = () => decodeMessage(anEventAsJson("text", `{"price":1.50}`));
    expect(await outcomeOf({ decode })).toMatchObject({ status: "written" });
    const asText = (data: string) => JSON.stringify({ event: anEventAsJson("text", data) });
    expect(await overEventBridge(asText(`{"price":1.5}`))).toMatchObject({ reason: "conflicting-revision" });
    expect(await overEventBridge(asText(`{"price":1.50}`))).toMatchObject({ reason: "already-applied" });
  });
});
