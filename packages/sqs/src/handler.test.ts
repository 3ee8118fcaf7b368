// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  type Delivery,
  type DeliveryReport,
  type LoadOptions,
  type Loader,
  type Outcome,
  rejected,
} from "@ledger-loader/core";
import { createSqsHandler } from "@ledger-loader/sqs";
import type { SQSHandler, SQSRecord } from "aws-lambda";

const FIFO = "arn:aws:sqs:us-east-1:000000000000:events.fifo";
const STANDARD = "arn:aws:sqs:us-east-1:000000000000:events";

const aRecord = (messageId: string, eventSourceARN: string, body: string, group?: string): SQSRecord => ({
  messageId,
  receiptHandle: `handle-${messageId}`,
  body,
  attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: "1763690000000",
    SenderId: "000000000000",
    ApproximateFirstReceiveTimestamp: "1763690000001",
    ...(group !== undefined && { MessageGroupId: group }),
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN,
  awsRegion: "us-east-1",
});

/** A loader that remembers what it was given and answers as it is told. */
class RecordingLoader implements Loader {
  deliveries: readonly Delivery[] = [];
  options: LoadOptions | undefined;
  readonly #failing: ReadonlySet<string>;

  constructor(...failing: string[]) {
    this.#failing = new Set(failing);
  }

  load(deliveries: readonly Delivery[], options: LoadOptions) {
    this.deliveries = deliveries;
    this.options = options;
    const reports = deliveries.map(({ deliveryId }): DeliveryReport => {
      const failed = this.#failing.has(deliveryId);
      const outcome: Outcome = failed ? rejected("version-gap", "", true) : { status: "written" };
      return { deliveryId, events: [{ outcome }], split: false, heldBack: false };
    });
    const failed = reports.filter(({ deliveryId }) => this.#failing.has(deliveryId));
    const skipped = { "already-applied": 0, superseded: 0, "missing-document": 0 };
    const counts = { written: reports.length - failed.length, skipped, rejected: {}, writtenWithoutId: 0 };
    return Promise.resolve({ deliveries: reports, failed, counts });
  }

  close() {
    return Promise.resolve();
  }
}

describe("createSqsHandler", () => {
  it("can be a Lambda function's handler as it is", () => {
    const handler: SQSHandler = createSqsHandler(new RecordingLoader());
    expect(handler).toBeInstanceOf(Function);
  });

  it("gives the loader what parking and metrics need: bytes, place and times", async () => {
    const loader = new RecordingLoader();
    await createSqsHandler(loader)({ Records: [aRecord("m1", STANDARD, "{op:")] });
    expect(loader.deliveries).toMatchObject([
      {
        body: "{op:",
        origin: "events/m1",
        sentAtMs: 1_763_690_000_000,
        firstReceivedAtMs: 1_763_690_000_001,
      },
    ]);
  });

  it("names the failed messages, and only those", async () => {
    const handler = createSqsHandler(new RecordingLoader("b", "d"));
    const Records = ["a", "b", "c", "d"].map((id) => aRecord(id, FIFO, "{}", "g"));
    expect(await handler({ Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "d" }],
    });
  });

  it("acknowledges a batch without failures with an empty list", async () => {
    const handler = createSqsHandler(new RecordingLoader());
    expect(await handler({ Records: [aRecord("a", FIFO, "{}", "g")] })).toEqual({ batchItemFailures: [] });
  });

  it("gives FIFO messages their group, and standard messages none even where they have one", async () => {
    const loader = new RecordingLoader();
    await createSqsHandler(loader)({
      Records: [
        aRecord("a", FIFO, "{}", "g"),
        aRecord("b", STANDARD, "{}"),
        aRecord("c", STANDARD, "{}", "tenant"),
      ],
    });
    expect(loader.options).toEqual({ onFailure: "block-group" });
    expect(loader.deliveries.map(({ deliveryId, group }) => [deliveryId, group])).toEqual([
      ["a", "g"],
      ["b", undefined],
      ["c", undefined],
    ]);
  });

  it("leaves decoding to the loader, so that a bad body fails alone", async () => {
    const loader = new RecordingLoader();
    await createSqsHandler(loader)({
      Records: [
        aRecord("a", FIFO, "{op:", "g"),
        aRecord("b", FIFO, `{"op":"DELETE","table":"T","id":1,"version":2}`, "h"),
      ],
    });
    const [bad, good] = loader.deliveries;
    expect(() => bad!.decode()).toThrow("Ion or JSON");
    expect(good!.decode()).toMatchObject({
      atomic: false,
      events: [{ event: { op: "DELETE", version: 2 } }],
    });
  });
});
