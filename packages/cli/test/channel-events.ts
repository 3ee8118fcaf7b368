// SPDX-License-Identifier: MIT
import type { Loader } from "@ledger-loader/core";
import { transcodeToBinary } from "@ledger-loader/ion";
import { createDmsHandler, MappingFileLoadEventMapper } from "@ledger-loader/dms";
import { createDynamoDbHandler, createDynamoDbKinesisHandler } from "@ledger-loader/dynamodb";
import { createEventBridgeHandler } from "@ledger-loader/eventbridge";
import { createKinesisHandler, createQldbStreamHandler } from "@ledger-loader/kinesis";
import { createMskHandler } from "@ledger-loader/msk";
import { createSnsHandler } from "@ledger-loader/sns";
import { createSqsHandler } from "@ledger-loader/sqs";

/** A channel's handler with an event of AWS's that inserts one document into table `Vehicle`. */
export interface ChannelCase {
  /** The function that makes the handler, as its package exports it. */
  readonly handler: string;
  /** The channel's name in dead letters. */
  readonly channel: string;
  /** Invokes the handler. */
  readonly invoke: (loader: Loader) => Promise<unknown>;
}

const EVENT = `{"op":"INSERT","table":"Vehicle","id":"1N4","version":0,"data":{"color":"red"}}`;
const ION_EVENT = `{op:"INSERT",table:"Vehicle",id:"1N4",version:0,data:{color:"red"}}`;
const IMAGE = { Keys: { id: { S: "1N4" } }, NewImage: { id: { S: "1N4" }, color: { S: "red" } } };

/** A record that DMS wrote for the insertion of a row. */
export function aDmsRecord(table = "vehicle"): string {
  return JSON.stringify({
    data: { id: "1N4", color: "red" },
    metadata: {
      "record-type": "data",
      operation: "insert",
      "schema-name": "fleet",
      "table-name": table,
      "stream-position": "mysql-bin-changelog.000036:597",
    },
  });
}

/** The mapping of that record. */
export const DMS_MAPPING = JSON.stringify([
  { "source-table": "vehicle", "target-table": "Vehicle", "id-field": "id" },
]);

const REVISION_DETAILS = transcodeToBinary(`{
  qldbStreamArn: "arn:aws:qldb:us-east-1:123456789012:stream/vehicles/17CR7ArZ1AMHgHOeOk6G9C",
  recordType: "REVISION_DETAILS",
  payload: {
    tableInfo: { tableName: "Vehicle", tableId: "1SUXCa3wwV0GD7kV78RbSg" },
    revision: {
      blockAddress: { strandId: "HbD9IggL584EPHmfwjmVz0", sequenceNo: 3 },
      hash: {{vJFOcsNRM14gsIBSEnwPhMVgRAWf/4EUW5gPYbtmDv0=}},
      data: { color: "red" },
      metadata: { id: "D35qd3e2prnJYmtKW6kok1", version: 0, txTime: 2019-12-11T07:20:51.245Z, txId: "0007KbqoyqAIch6XRbQ4iA" },
    },
  },
}`);

/** The event that Lambda hands over of a Kinesis data stream. */
export function aKinesisBatch(
  data: string | Uint8Array,
): Parameters<ReturnType<typeof createKinesisHandler>>[0] {
  const record = {
    eventID: "shardId-000000000000:1",
    kinesis: {
      sequenceNumber: "1",
      partitionKey: "1",
      data: Buffer.from(data).toString("base64"),
      approximateArrivalTimestamp: 1_722_214_697,
    },
  };
  return { Records: [record] } as never;
}

const SQS_RECORD = {
  messageId: "1",
  eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:events",
  attributes: { SentTimestamp: "1722214697000" },
};
const NOTIFICATION = {
  Type: "Notification",
  MessageId: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
  TopicArn: "arn:aws:sns:us-east-1:123456789012:events",
  Message: EVENT,
};

/**
 * One or more cases for every handler that this project has; a test makes sure of it. Events have the fields that are
 * read; AWS's have far more.
 */
export const CHANNEL_CASES: readonly ChannelCase[] = [
  {
    handler: "createSqsHandler",
    channel: "sqs",
    invoke: (loader) => createSqsHandler(loader)({ Records: [{ ...SQS_RECORD, body: EVENT }] } as never),
  },
  {
    handler: "createSqsHandler",
    channel: "sqs",
    invoke: (loader) =>
      createSqsHandler(loader)({
        Records: [{ ...SQS_RECORD, body: JSON.stringify(NOTIFICATION) }],
      } as never),
  },
  {
    handler: "createSnsHandler",
    channel: "sns",
    invoke: (loader) =>
      createSnsHandler(loader)({
        Records: [{ Sns: { ...NOTIFICATION, Timestamp: "2024-07-29T00:58:17.000Z" } }],
      } as never),
  },
  {
    handler: "createKinesisHandler",
    channel: "kinesis",
    invoke: (loader) => createKinesisHandler(loader)(aKinesisBatch(EVENT)),
  },
  {
    handler: "createQldbStreamHandler",
    channel: "qldb-stream",
    invoke: (loader) => createQldbStreamHandler(loader)(aKinesisBatch(REVISION_DETAILS)),
  },
  {
    handler: "createMskHandler",
    channel: "msk",
    invoke: (loader) =>
      createMskHandler(loader)({
        records: {
          "events-0": [
            {
              topic: "events",
              partition: 0,
              offset: 15,
              timestamp: 1_722_214_697_000,
              key: "MU40",
              value: Buffer.from(EVENT).toString("base64"),
              headers: [],
            },
          ],
        },
      } as never),
  },
  {
    handler: "createEventBridgeHandler",
    channel: "eventbridge",
    invoke: (loader) =>
      createEventBridgeHandler(loader)({
        id: "1",
        source: "ledger-loader",
        "detail-type": "RevisionEvent",
        time: "2024-07-29T00:58:17Z",
        detail: { event: ION_EVENT },
      }),
  },
  {
    handler: "createDmsHandler",
    channel: "dms",
    invoke: (loader) => {
      const mapper = new MappingFileLoadEventMapper(DMS_MAPPING);
      return createDmsHandler(loader, { mapper, engine: "mysql" })(aKinesisBatch(aDmsRecord()));
    },
  },
  {
    handler: "createDynamoDbHandler",
    channel: "dynamodb",
    invoke: (loader) =>
      createDynamoDbHandler(loader, { tables: { fleet: "Vehicle" } })({
        Records: [
          {
            eventName: "INSERT",
            eventSourceARN:
              "arn:aws:dynamodb:us-east-1:123456789012:table/fleet/stream/2026-01-01T00:00:00.000",
            dynamodb: { ...IMAGE, SequenceNumber: "100", StreamViewType: "NEW_IMAGE" },
          },
        ],
      } as never),
  },
  {
    handler: "createDynamoDbKinesisHandler",
    channel: "dynamodb-kinesis",
    invoke: (loader) => {
      const record = {
        eventName: "INSERT",
        tableName: "fleet",
        dynamodb: {
          ...IMAGE,
          ApproximateCreationDateTime: 1_767_225_600_000_001,
          ApproximateCreationDateTimePrecision: "MICROSECOND",
        },
      };
      const handler = createDynamoDbKinesisHandler(loader, { tables: { fleet: "Vehicle" } });
      return handler(aKinesisBatch(JSON.stringify(record)));
    },
  },
];
