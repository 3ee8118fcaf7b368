// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeEvents } from "@ledger-loader/core";
import { decodeUndelivered } from "./undelivered-message";

const EVENT = `{op:"INSERT",table:"Vehicle",id:"v1",version:0,data:{color:"red"}}`;

const RULE_EVENT = {
  version: "0",
  id: "6f87d04b-9f74-4f04-a780-7acf4b0a9b38",
  "detail-type": "RevisionEvent",
  source: "ledger-loader",
  account: "123456789012",
  time: "2026-11-21T10:00:00Z",
  region: "eu-west-1",
  resources: [],
  detail: { op: "INSERT", table: "Vehicle", event: EVENT },
};
const SNS_EVENT = { Records: [{ EventSource: "aws:sns", EventVersion: "1.0", Sns: { Message: EVENT } }] };

/** Lambda's record of an invocation that it gave up. */
const gaveUp = (requestPayload: unknown): object => ({
  version: "1.0",
  timestamp: "2026-11-21T10:00:00.000Z",
  requestContext: { requestId: "e4b46cbf", condition: "RetriesExhausted", approximateInvokeCount: 3 },
  requestPayload,
  responseContext: { statusCode: 200, executedVersion: "1", functionError: "Unhandled" },
  responsePayload: { errorType: "LedgerUnavailableError" },
});

describe("decodeUndelivered", () => {
  it.each([
    ["what EventBridge could not hand to Lambda", RULE_EVENT],
    ["an event of EventBridge that Lambda gave up", gaveUp(RULE_EVENT)],
    ["an event of the Java loader that Lambda gave up", gaveUp({ ...RULE_EVENT, detail: javaEvent() })],
    ["a notification of SNS that Lambda gave up", gaveUp(SNS_EVENT)],
  ])("finds the event in %s", (_, message) => {
    const { events } = decodeUndelivered(JSON.stringify(message)) ?? { events: [] };
    expect(events.map(({ event }) => [event?.table, event?.version])).toEqual([["Vehicle", 0]]);
  });

  it.each([
    ["what EventBridge could not hand to Lambda", (detail: string) => inDetail(RULE_EVENT, detail)],
    ["what Lambda gave up", (detail: string) => inDetail(gaveUp(RULE_EVENT), detail)],
  ])("reads the numbers of %s exactly", (_, message) => {
    const event = `{"op":"INSERT","table":"T","id":"1","version":0,"data":{"a":12345678901234567891,"b":1e400,"c":1.50}}`;
    const [decoded] = decodeUndelivered(message(event))?.events ?? [];
    expect(decoded?.event).toEqual({ ...decodeEvents(event).events[0]?.event, numbersByValue: true });
  });

  it("finds the event of EventBridge in a notification of SNS that Lambda gave up", () => {
    const [record] = SNS_EVENT.Records;
    const Sns = { Message: JSON.stringify(RULE_EVENT) };
    const { events } = decodeUndelivered(JSON.stringify(gaveUp({ Records: [{ ...record, Sns }] })))!;
    expect(events[0]?.event?.table).toBe("Vehicle");
  });

  it.each([
    ["an event", EVENT],
    ["an event that looks like one", JSON.stringify({ ...javaEvent(), data: gaveUp(SNS_EVENT) })],
    ["an invocation by somebody else", JSON.stringify(gaveUp({ Records: [{ s3: {} }] }))],
    ["something that is no object", `["detail-type"]`],
    ["broken JSON", `{"requestPayload":`],
  ])("leaves %s alone", (_, body) => {
    expect(decodeUndelivered(body)).toBeUndefined();
  });
});

/** The message with another detail, as text: numbers in it need not be doubles. */
function inDetail(message: object, detail: string): string {
  return JSON.stringify(message).replace(JSON.stringify(RULE_EVENT.detail), () => detail);
}

function javaEvent(): object {
  return { op: "INSERT", table: "Vehicle", id: "v1", version: 0, data: { color: "red" } };
}
