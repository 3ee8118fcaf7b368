// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  DeliveriesFailedError,
  type Delivery,
  type Loader,
  type RevisionEvent,
  createLoader,
  encodeEvent,
} from "@ledger-loader/core";
import { createSnsHandler } from "@ledger-loader/sns";
import { aHistory, anEvent, historiesOf, readHistories, startLedger } from "@ledger-loader/testkit";
import type { SNSEvent, SNSHandler } from "aws-lambda";

const aNotification = (...events: readonly (RevisionEvent | string)[]): SNSEvent => ({
  Records: events.map((event, index) => ({
    EventVersion: "1.0",
    EventSource: "aws:sns",
    EventSubscriptionArn: "arn:aws:sns:us-east-1:123456789012:events:0f0f",
    Sns: {
      Type: "Notification",
      MessageId: `m${index}`,
      TopicArn: "arn:aws:sns:us-east-1:123456789012:events",
      Message: typeof event === "string" ? event : encodeEvent(event),
      Timestamp: "2026-01-02T03:04:05.678Z",
      SignatureVersion: "1",
      Signature: "",
      SigningCertUrl: "",
      UnsubscribeUrl: "",
      MessageAttributes: {},
    },
  })),
});

async function withVehicles(work: (loader: Loader, histories: () => Promise<unknown>) => Promise<void>) {
  const ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
  try {
    const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
    await work(loader, () => readHistories(ledger.connect(), "Vehicle"));
  } finally {
    await ledger.close();
  }
}

it("can be a Lambda function's handler as it is, and gives the loader bytes, place and time", async () => {
  const seen: Delivery[] = [];
  const loader: Loader = {
    load: (deliveries) => {
      seen.push(...deliveries);
      return Promise.reject(new Error("seen"));
    },
    close: () => Promise.resolve(),
  };
  const handler: SNSHandler = createSnsHandler(loader);
  await expect(handler(aNotification("{op:"), {} as never, () => undefined)).rejects.toThrow("seen");
  expect(seen).toMatchObject([
    { deliveryId: "m0", body: "{op:", origin: "events/m0", sentAtMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678) },
  ]);
});

it("loads several records of one invocation, and fails it because of one, naming that", async () => {
  await withVehicles(async (loader, histories) => {
    const events = [...aHistory(["INSERT", "UPDATE"], { id: "a" }), anEvent({ id: "b" })];
    const failed = createSnsHandler(loader)(aNotification(events[0]!, "{op:", events[1]!, events[2]!));
    await expect(failed).rejects.toMatchObject({ code: "DELIVERIES_FAILED", deliveryIds: ["m1"] });
    await expect(failed).rejects.toBeInstanceOf(DeliveriesFailedError);
    expect(await histories()).toEqual(historiesOf(events));
  });
});

it("An event without version and position on SNS is refused unless that is allowed", async () => {
  await withVehicles(async (loader, histories) => {
    const unordered = anEvent({ version: undefined });
    await expect(createSnsHandler(loader)(aNotification(unordered))).rejects.toThrow("order-unknown");
    expect(await histories()).toEqual(historiesOf([]));
    await createSnsHandler(loader, { allowUnordered: true })(aNotification(unordered));
    expect(await histories()).toEqual(historiesOf([anEvent()]));
  });
});

it("takes events with a position", async () => {
  await withVehicles(async (loader, histories) => {
    await createSnsHandler(loader)(aNotification(anEvent({ position: [1n] })));
    expect(await histories()).toEqual(historiesOf([anEvent()]));
  });
});
