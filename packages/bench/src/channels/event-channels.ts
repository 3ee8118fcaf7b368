// SPDX-License-Identifier: MIT
import { type RevisionEvent, createEvent, encodeEvent } from "@ledger-loader/core";
import { createEventBridgeHandler, type EventBridgeFunction } from "@ledger-loader/eventbridge";
import { createKinesisHandler } from "@ledger-loader/kinesis";
import { aggregate } from "@ledger-loader/kpl";
import { createMskHandler, type KafkaEvent } from "@ledger-loader/msk";
import { createSnsHandler, type SnsHandler } from "@ledger-loader/sns";
import { createSqsHandler, type SqsHandler } from "@ledger-loader/sqs";
import { vehicle } from "../vehicle";
import { defineChannel, type Channel } from "./channel";
import { toKinesisEvent } from "./kinesis-event";

const ARN = "arn:aws:service:us-east-1:000000000000";
const SENT_AT_MS = Date.UTC(2026, 0, 1);

/** The channels that carry this project's own events. */
export const eventChannels: readonly Channel[] = [
  defineChannel({
    name: "sqs",
    createHandler: createSqsHandler,
    toInput: (vehicles) => ({ Records: vehicles.map(toSqsRecord) }),
  }),
  defineChannel({
    name: "sns",
    createHandler: (loader) => createSnsHandler(loader),
    toInput: (vehicles) => ({ Records: vehicles.map(toSnsRecord) }),
    single: true,
  }),
  defineChannel({
    name: "kinesis",
    createHandler: createKinesisHandler,
    toInput: (vehicles) => toKinesisEvent(vehicles.map(toBytes)),
  }),
  defineChannel({
    name: "kinesis, aggregated",
    createHandler: createKinesisHandler,
    toInput: (vehicles) => {
      const records = vehicles.map((n) => ({ partitionKey: toId(n), data: toBytes(n) }));
      return toKinesisEvent([...aggregate(records)].map(({ data }) => data));
    },
  }),
  defineChannel({
    name: "msk",
    createHandler: (loader) => createMskHandler(loader),
    toInput: (vehicles) => ({ records: { "events-0": vehicles.map(toKafkaRecord) } }),
  }),
  defineChannel({
    name: "eventbridge",
    createHandler: (loader) => createEventBridgeHandler(loader),
    toInput: ([n = 0]) => toBusEvent(n),
    single: true,
  }),
];

function toId(n: number): string {
  return `vehicle-${n}`;
}

function toEvent(n: number): RevisionEvent {
  return createEvent({ op: "INSERT", table: "Vehicle", id: toId(n), version: 0, data: vehicle(n) });
}

function toBody(n: number): string {
  return encodeEvent(toEvent(n));
}

function toBytes(n: number): Buffer {
  return Buffer.from(toBody(n));
}

function toSqsRecord(n: number): Parameters<SqsHandler>[0]["Records"][number] {
  return {
    messageId: toMessageId(n),
    receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
    body: toBody(n),
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: String(SENT_AT_MS),
      SenderId: "AIDAIENQZJOLO23YVJ4VO",
      ApproximateFirstReceiveTimestamp: String(SENT_AT_MS + 5),
    },
    messageAttributes: {},
    md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
    eventSource: "aws:sqs",
    eventSourceARN: `${ARN}:events`,
    awsRegion: "us-east-1",
  };
}

function toSnsRecord(n: number): Parameters<SnsHandler>[0]["Records"][number] {
  return {
    EventSource: "aws:sns",
    EventVersion: "1.0",
    EventSubscriptionArn: `${ARN}:events:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55`,
    Sns: {
      Type: "Notification",
      MessageId: toMessageId(n),
      TopicArn: `${ARN}:events`,
      Message: toBody(n),
      Timestamp: new Date(SENT_AT_MS).toISOString(),
      SignatureVersion: "1",
      Signature: "EXAMPLE",
      SigningCertUrl: "https://sns.us-east-1.amazonaws.com/SimpleNotificationService.pem",
      UnsubscribeUrl: "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
      MessageAttributes: {},
    },
  };
}

function toKafkaRecord(n: number): KafkaEvent["records"][string][number] {
  return {
    topic: "events",
    partition: 0,
    offset: n,
    timestamp: SENT_AT_MS,
    timestampType: "CREATE_TIME",
    key: Buffer.from(toId(n)).toString("base64"),
    value: toBytes(n).toString("base64"),
    headers: [],
  };
}

/** As this project's publisher sends it. */
function toBusEvent(n: number): Parameters<EventBridgeFunction>[0] {
  return {
    version: "0",
    id: toMessageId(n),
    "detail-type": "RevisionEvent",
    source: "ledger-loader",
    account: "000000000000",
    time: new Date(SENT_AT_MS).toISOString(),
    region: "us-east-1",
    resources: [],
    detail: { op: "INSERT", table: "Vehicle", event: toBody(n) },
  };
}

function toMessageId(n: number): string {
  return `059f36b4-87a3-44ab-83d2-${String(n).padStart(12, "0")}`;
}
