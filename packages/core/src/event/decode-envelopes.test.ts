// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeEvents, decodeMessage, encodeEvent } from "@ledger-loader/core";
import { anEvent } from "@ledger-loader/testkit";

const EVENT = encodeEvent(anEvent());

/** A notification as AWS documents it, with fields changed or (by `undefined`) left out. */
const aNotification = (fields: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    Type: "Notification",
    MessageId: "dc1e94d9-56c5-5e96-808d-cc7f68faa162",
    TopicArn: "arn:aws:sns:eu-central-1:111122223333:events.fifo",
    SequenceNumber: "10000000000000003000",
    Message: EVENT,
    Timestamp: "2026-01-02T03:04:05.678Z",
    UnsubscribeURL: "https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe",
    ...fields,
  });

const JSON_EVENT = `{"op":"INSERT","table":"T","id":"v1","version":0,"data":{"v":0}}`;

/** The message that EventBridge gives a queue that is a rule's target. */
const anEnvelope = (fields: Readonly<Record<string, unknown>>): object => ({
  version: "0",
  id: "7bf73129-1428-4cd3-a780-95db273d1602",
  "detail-type": "LedgerLoadEvent",
  source: "app",
  account: "123456789012",
  time: "2026-11-28T12:37:06Z",
  region: "us-east-1",
  resources: [],
  detail: JSON.parse(JSON_EVENT) as object,
  ...fields,
});

describe("A message in envelopes of SNS and EventBridge", () => {
  it.each([
    ["a notification of a FIFO topic", aNotification()],
    [
      "a notification of a standard topic, with signature and attributes",
      aNotification({
        TopicArn: "arn:aws-cn:sns:cn-north-1:111122223333:events",
        SequenceNumber: undefined,
        SignatureVersion: "1",
        Signature: "EXAMPLE",
        MessageAttributes: { group: { Type: "String", Value: "g" } },
      }),
    ],
    ["a notification that SNS replays from its archive", aNotification({ Replayed: true })],
    ["an event as it is", EVENT],
  ])("returns the events of %s", (_name, body) => {
    expect(decodeMessage(body)).toEqual(decodeEvents(EVENT));
  });

  it.each([
    ["a text field event, as our publisher sends it", { op: "INSERT", table: "Vehicle", event: EVENT }],
    ["the event itself", JSON.parse(JSON_EVENT) as object],
    ["a list events", { events: [JSON.parse(JSON_EVENT) as object] }],
  ])("unwraps what a rule of EventBridge has put into the queue, with %s in its detail", (_name, detail) => {
    const body = JSON.stringify(anEnvelope({ detail }));
    const expected = "event" in detail ? decodeEvents(EVENT) : decodeEvents(JSON_EVENT);
    expect(decodeMessage(body)).toEqual(expected);
    expect(decodeMessage(aNotification({ Message: body }))).toEqual(expected);
  });

  it("reads numbers in EventBridge's envelope exactly", () => {
    const event = `{"op":"INSERT","table":"T","id":12345678901234567890123,"version":0,"data":{"a":1.20}}`;
    const body = JSON.stringify(anEnvelope({ detail: "?" })).replace(`"?"`, event);
    expect(decodeMessage(body)).toEqual(decodeEvents(event));
  });

  it.each([
    ["an op", { op: "INSERT" }],
    ["no source", { source: undefined }],
    ["no detail", { detail: undefined }],
    ["no event in its detail", { detail: { orderId: 4 } }],
  ])("rejects what looks like EventBridge's envelope and has %s", (_name, fields) => {
    const [decoded] = decodeMessage(JSON.stringify(anEnvelope(fields))).events;
    expect(decoded?.rejected?.reason).toBe("malformed-event");
  });

  it("names the detail of an envelope that is no object", () => {
    expect(() => decodeMessage(JSON.stringify(anEnvelope({ detail: null })))).toThrow(/the detail/);
  });

  it("reads numbers in a wrapped event exactly", () => {
    const body = `{"op":"INSERT","table":"T","id":12345678901234567890123,"version":0,"data":{}}`;
    expect(decodeMessage(aNotification({ Message: body }))).toEqual(decodeEvents(body));
  });

  it("keeps several events and source transactions that were published as one message", () => {
    const transaction = `[${EVENT},${EVENT}]`;
    expect(decodeMessage(aNotification({ Message: transaction }))).toMatchObject({ atomic: true });
  });

  it("takes an event that holds the fields of a notification for an event", () => {
    const data = JSON.parse(aNotification({ Message: "not an event" })) as object;
    const inside = JSON.stringify({ op: "INSERT", table: "Mail", id: "1", version: 0, data });
    expect(decodeMessage(inside).events[0]?.event?.table).toBe("Mail");
    const beside = JSON.stringify({ ...data, op: "INSERT", table: "Mail", id: "1", version: 0, data: {} });
    expect(decodeMessage(beside)).toEqual(decodeEvents(beside));
  });

  it.each([
    ["another type", { Type: "Alert" }],
    ["no type", { Type: undefined }],
    ["no message id", { MessageId: undefined }],
    ["a topic that is none", { TopicArn: "arn:aws:sqs:eu-central-1:111122223333:events" }],
    ["a topic in text", { TopicArn: "see arn:aws:sns:eu-central-1:111122223333:events" }],
    ["a message that is not text", { Message: { op: "DELETE" } }],
  ])("does not unwrap what has %s: it is no event either, and rejected", (_name, fields) => {
    const [decoded] = decodeMessage(aNotification(fields)).events;
    expect(decoded?.rejected?.reason).toBe("malformed-event");
  });

  it.each([
    ["a notification", aNotification()],
    ["two notifications", aNotification({ Message: aNotification() })],
    ["a notification, as bytes with a byte order mark", Buffer.from(`\uFEFF${aNotification()}`)],
    [
      "an event of EventBridge in a notification",
      aNotification({ Message: JSON.stringify(anEnvelope({ detail: { event: EVENT } })) }),
    ],
  ])("is decoded where it is in %s, as where it went from topic to topic", (_name, body) => {
    expect(decodeMessage(body)).toEqual(decodeEvents(EVENT));
    if (typeof body === "string")
      expect(decodeMessage(aNotification({ Message: body }))).toEqual(decodeEvents(EVENT));
  });

  it("is no event where it is in more envelopes than a message goes through", () => {
    let body = aNotification();
    for (let more = 0; more < 5; more++) body = aNotification({ Message: body });
    expect(decodeMessage(body).events[0]?.rejected?.detail).toMatch(/found a notification of SNS/);
  });

  it("says of a subscription that waits for confirmation what to do", () => {
    const body = aNotification({
      Type: "SubscriptionConfirmation",
      SubscribeURL: "https://sns.amazonaws.com/?Token=secret",
    });
    expect(() => decodeMessage(body)).toThrow(/SubscribeURL/);
    expect(() => decodeMessage(body)).not.toThrow(/secret/);
  });
});
