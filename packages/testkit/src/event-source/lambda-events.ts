// SPDX-License-Identifier: MIT
import { transcodeToBinary } from "@ledger-loader/ion";

/** A function of a channel and the event with which AWS would invoke it. */
export interface LambdaEventCase {
  /** Unique among the cases. */
  readonly name: string;
  /** The function's name, where several cases are of one. Default: the name of the case. */
  readonly example?: string;
  /** The event of the channel that inserts one document into `table`. */
  readonly toEvent: (table: string) => unknown;
  /** The function's answer when everything was applied. */
  readonly answer: unknown;
  /** Its needs in addition to the ledger's settings. */
  readonly environment?: (table: string) => Readonly<Record<string, string>>;
  /** Files that are deployed beside the function, by name. */
  readonly files?: (table: string) => Readonly<Record<string, string>>;
}

const ACCOUNT = "123456789012";
const SENT_AT_MS = 1_700_000_000_000;

function anInsert(table: string): string {
  return JSON.stringify({ op: "INSERT", table, id: "1N4", version: 0, data: { VIN: "1N4", year: 2011 } });
}

/** A record of a QLDB journal stream; the values of its hashes do not matter here. */
function aRevisionDetails(table: string): Uint8Array {
  const hash = "{{vJFOcsNRM14gsIBSEnwPhMVgRAWf/4EUW5gPYbtmDv0=}}";
  return transcodeToBinary(`{
    qldbStreamArn: "arn:aws:qldb:us-east-1:${ACCOUNT}:stream/vehicles/17CR7ArZ1AMHgHOeOk6G9C",
    recordType: "REVISION_DETAILS",
    payload: {
      tableInfo: { tableName: "${table}", tableId: "1SUXCa3wwV0GD7kV78RbSg" },
      revision: {
        blockAddress: { strandId: "HbD9IggL584EPHmfwjmVz0", sequenceNo: 3 },
        hash: ${hash},
        data: { VIN: "1N4", year: 2011 },
        metadata: { id: "D35qd3e2prnJYmtKW6kok1", version: 0, txTime: 2019-12-11T07:20:51.245Z, txId: "0007KbqoyqAIch6XRbQ4iA" },
      },
    },
  }`);
}

/** The notification in which SNS wraps an event, on its way to a queue. */
function aNotification(table: string): string {
  return JSON.stringify({
    Type: "Notification",
    MessageId: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
    TopicArn: `arn:aws:sns:us-east-1:${ACCOUNT}:events`,
    Message: anInsert(table),
    Timestamp: new Date(SENT_AT_MS).toISOString(),
    SignatureVersion: "1",
    Signature: "EXAMPLE",
    SigningCertURL: "EXAMPLE",
    UnsubscribeURL: "EXAMPLE",
  });
}

/** An event as rules deliver it, and subscribers of a Custom Event Bus what `PutEvents` published. */
function toEnvelope(table: string): unknown {
  return {
    version: "0",
    id: "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": "RevisionEvent",
    source: "ledger-loader",
    account: ACCOUNT,
    time: new Date(SENT_AT_MS).toISOString(),
    region: "us-east-1",
    resources: [],
    detail: { op: "INSERT", table, event: anInsert(table) },
  };
}

function toSqsEvent(body: string): unknown {
  return {
    Records: [
      {
        messageId: "059f36b4-87a3-44ab-83d2-661975830a7d",
        receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        body,
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: String(SENT_AT_MS),
          SenderId: "AIDAIENQZJOLO23YVJ4VO",
          ApproximateFirstReceiveTimestamp: String(SENT_AT_MS),
        },
        messageAttributes: {},
        md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
        eventSource: "aws:sqs",
        eventSourceARN: `arn:aws:sqs:us-east-1:${ACCOUNT}:events`,
        awsRegion: "us-east-1",
      },
    ],
  };
}

function toKinesisEvent(data: string | Uint8Array): unknown {
  return {
    Records: [
      {
        kinesis: {
          kinesisSchemaVersion: "1.0",
          partitionKey: "1",
          sequenceNumber: "49590338271490256608559692538361571095921575989136588898",
          data: Buffer.from(data).toString("base64"),
          approximateArrivalTimestamp: SENT_AT_MS / 1000,
        },
        eventSource: "aws:kinesis",
        eventVersion: "1.0",
        eventID: "shardId-000000000006:49590338271490256608559692538361571095921575989136588898",
        eventName: "aws:kinesis:record",
        invokeIdentityArn: `arn:aws:iam::${ACCOUNT}:role/lambda-role`,
        awsRegion: "us-east-1",
        eventSourceARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/events`,
      },
    ],
  };
}

/** The record that DMS writes for an INSERT in MySQL. */
function aDmsRecord(): string {
  return JSON.stringify({
    data: { vin: "1N4", year: 2011 },
    metadata: {
      timestamp: "2023-11-14T22:13:20.000000Z",
      "record-type": "data",
      operation: "insert",
      "partition-key-type": "schema-table",
      "schema-name": "fleet",
      "table-name": "vehicle",
      "transaction-id": 12_884_901_889,
      "transaction-record-id": 1,
      "stream-position": "mysql-bin-changelog.000036:597",
    },
  });
}

/** An item that was put, as both streams of DynamoDB tell it. */
const NEW_ITEM = {
  Keys: { vin: { S: "1N4" } },
  NewImage: { vin: { S: "1N4" }, year: { N: "2011" } },
  SizeBytes: 26,
};

const toLedgerTable = (table: string): Readonly<Record<string, string>> => ({
  DYNAMODB_TABLES: `fleet-vehicles=${table}`,
});

/** At least one case per function of a channel. */
export const LAMBDA_EVENTS: readonly LambdaEventCase[] = [
  {
    name: "sns",
    answer: null,
    toEvent: (table) => ({
      Records: [
        {
          EventVersion: "1.0",
          EventSource: "aws:sns",
          EventSubscriptionArn: `arn:aws:sns:us-east-1:${ACCOUNT}:events:21be56ed-a058-49f5-8c98-aedd2564c486`,
          Sns: {
            Type: "Notification",
            MessageId: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
            TopicArn: `arn:aws:sns:us-east-1:${ACCOUNT}:events`,
            Message: anInsert(table),
            Timestamp: new Date(SENT_AT_MS).toISOString(),
            SignatureVersion: "1",
            Signature: "EXAMPLE",
            SigningCertUrl: "EXAMPLE",
            UnsubscribeUrl: "EXAMPLE",
            MessageAttributes: {},
          },
        },
      ],
    }),
  },
  {
    name: "sqs",
    answer: { batchItemFailures: [] },
    toEvent: (table) => toSqsEvent(anInsert(table)),
  },
  {
    name: "sns-to-sqs",
    example: "sqs",
    answer: { batchItemFailures: [] },
    toEvent: (table) => toSqsEvent(aNotification(table)),
  },
  {
    name: "kinesis",
    answer: { batchItemFailures: [] },
    toEvent: (table) => toKinesisEvent(aRevisionDetails(table)),
  },
  {
    name: "kinesis-events",
    answer: { batchItemFailures: [] },
    toEvent: (table) => toKinesisEvent(anInsert(table)),
  },
  { name: "eventbridge", answer: null, toEvent: toEnvelope },
  {
    name: "eventbridge subscriber",
    example: "eventbridge",
    answer: null,
    toEvent: (table) => [toEnvelope(table)],
  },
  {
    name: "dms",
    answer: { batchItemFailures: [] },
    environment: () => ({ DMS_SOURCE_ENGINE: "mysql" }),
    files: (table) => ({
      "dms-mapping.json": JSON.stringify([
        { "source-table": "vehicle", "target-table": table, "id-field": "vin" },
      ]),
    }),
    toEvent: () => toKinesisEvent(aDmsRecord()),
  },
  {
    name: "dynamodb",
    answer: { batchItemFailures: [] },
    environment: toLedgerTable,
    toEvent: () => ({
      Records: [
        {
          eventID: "c4ca4238a0b923820dcc509a6f75849b",
          eventName: "INSERT",
          eventVersion: "1.1",
          eventSource: "aws:dynamodb",
          awsRegion: "us-east-1",
          dynamodb: {
            ...NEW_ITEM,
            ApproximateCreationDateTime: SENT_AT_MS / 1000,
            SequenceNumber: "4421584500000000017450439091",
            StreamViewType: "NEW_AND_OLD_IMAGES",
          },
          eventSourceARN: `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/fleet-vehicles/stream/2023-11-14T22:00:00.000`,
        },
      ],
    }),
  },
  {
    name: "dynamodb-kinesis",
    answer: { batchItemFailures: [] },
    environment: toLedgerTable,
    toEvent: () =>
      toKinesisEvent(
        JSON.stringify({
          awsRegion: "us-east-1",
          eventID: "7f2fb1b4-43a4-4e1e-8a0e-1b5c8b3e6f3f",
          eventName: "INSERT",
          userIdentity: null,
          recordFormat: "application/json",
          tableName: "fleet-vehicles",
          dynamodb: {
            ...NEW_ITEM,
            ApproximateCreationDateTime: SENT_AT_MS * 1000,
            ApproximateCreationDateTimePrecision: "MICROSECOND",
          },
          eventSource: "aws:dynamodb",
        }),
      ),
  },
  {
    name: "kafka",
    answer: null,
    toEvent: (table) => ({
      eventSource: "aws:kafka",
      eventSourceArn: `arn:aws:kafka:us-east-1:${ACCOUNT}:cluster/events/751d2973-a626-431c-9d4e-d7975eb44dd7-2`,
      bootstrapServers: "b-1.events.example.kafka.us-east-1.amazonaws.com:9098",
      records: {
        "events-0": [
          {
            topic: "events",
            partition: 0,
            offset: 15,
            timestamp: SENT_AT_MS,
            timestampType: "CREATE_TIME",
            key: Buffer.from("1N4").toString("base64"),
            value: Buffer.from(anInsert(table)).toString("base64"),
            headers: [{ run: [55] }],
          },
        ],
      },
    }),
  },
];
