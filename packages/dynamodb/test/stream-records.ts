// SPDX-License-Identifier: MIT
import { type DecodedEvent, encodeEvent } from "@ledger-loader/core";
import type { AttributeValue, DynamoDBRecord, KinesisStreamRecord } from "aws-lambda";

/** An item in DynamoDB's JSON. */
export type Item = Record<string, AttributeValue>;

/** The fields of a record that a test sets; the rest is the first INSERT into `Person`. */
export interface RecordFields {
  readonly name?: string;
  readonly table?: string;
  /** When the stream was switched on. */
  readonly label?: string;
  readonly sequenceNumber?: number | string;
  readonly id?: string;
  readonly keys?: Item;
  /** The new image; `null`: none. Default: the key and a color. */
  readonly newImage?: Item | null;
  readonly oldImage?: Item;
  readonly view?: string;
  readonly expired?: boolean;
}

/** When the streams of tests were switched on, in text and in milliseconds since 1970. */
export const LABEL = "2026-01-01T00:00:00.000";
export const LABEL_MS = Date.UTC(2026, 0, 1);

/** A record as Lambda gets it from a table's stream. */
export function aRecord(fields: RecordFields = {}): DynamoDBRecord {
  const { name = "INSERT", table = "Person", label = LABEL, sequenceNumber = 1, id = "p1" } = fields;
  const { keys = { id: { S: id } }, view = "NEW_AND_OLD_IMAGES" } = fields;
  const newImage = fields.newImage === undefined ? { ...keys, color: { S: "red" } } : fields.newImage;
  return {
    eventID: `event-${sequenceNumber}`,
    eventName: name as "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "us-east-1",
    dynamodb: {
      ApproximateCreationDateTime: 1_767_225_600,
      Keys: keys,
      ...(newImage !== null && name !== "REMOVE" && { NewImage: newImage }),
      ...(fields.oldImage && { OldImage: fields.oldImage }),
      SequenceNumber: String(sequenceNumber),
      SizeBytes: 100,
      StreamViewType: view as "NEW_IMAGE",
    },
    ...(fields.expired === true && {
      userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
    }),
    eventSourceARN: `arn:aws:dynamodb:us-east-1:123456789012:table/${table}/stream/${label}`,
  };
}

/** A record as DynamoDB puts it into a Kinesis data stream. */
export function aKinesisBody(fields: RecordFields, atMicros: number, precision = "MICROSECOND"): string {
  const { table = "Person" } = fields;
  const record = aRecord(fields);
  const { eventName, awsRegion, eventID, dynamodb } = record;
  return JSON.stringify({
    awsRegion,
    eventID,
    eventName,
    userIdentity: (record.userIdentity as unknown) ?? null,
    recordFormat: "application/json",
    tableName: table,
    dynamodb: {
      ApproximateCreationDateTime: precision === "MICROSECOND" ? atMicros : Math.floor(atMicros / 1000),
      Keys: dynamodb?.Keys,
      NewImage: dynamodb?.NewImage,
      OldImage: dynamodb?.OldImage,
      SizeBytes: 100,
      ApproximateCreationDateTimePrecision: precision,
    },
    eventSource: "aws:dynamodb",
  });
}

/** A record of a Kinesis stream as Lambda hands it over. */
export function toKinesis(body: string, sequenceNumber: number): KinesisStreamRecord {
  return {
    awsRegion: "us-east-1",
    eventID: `shardId-000000000000:${sequenceNumber}`,
    eventName: "aws:kinesis:record",
    eventSource: "aws:kinesis",
    eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/changes",
    eventVersion: "1.0",
    invokeIdentityArn: "arn:aws:iam::123456789012:role/loader",
    kinesis: {
      approximateArrivalTimestamp: 1_767_225_600.5,
      data: Buffer.from(body).toString("base64"),
      kinesisSchemaVersion: "1.0",
      partitionKey: "key",
      sequenceNumber: String(sequenceNumber),
    },
  };
}

/** An event as the text that a publisher would send, or the reason why there is none. */
export function plain({ event, rejected }: DecodedEvent): string {
  return event === undefined ? rejected.reason : encodeEvent(event);
}
