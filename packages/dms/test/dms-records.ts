// SPDX-License-Identifier: MIT
import {
  type DecodedEvent,
  type EventFields,
  type LogFields,
  type Logger,
  createEvent,
} from "@ledger-loader/core";
import { MappingFileLoadEventMapper, type DmsOptions } from "@ledger-loader/dms";
import type { KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { dumpText } from "ion-js";

/** The fields of a record that a test sets; the rest is a PostgreSQL insert into `public.person`. */
export interface RecordFields {
  readonly operation?: string;
  readonly recordType?: string;
  readonly table?: string;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly before?: Readonly<Record<string, unknown>> | undefined;
  /** The log position, as a number; `null`: none. */
  readonly at?: number | null;
  readonly transaction?: readonly [id: number, recordId: number] | undefined;
  readonly previous?: readonly [id: number, recordId: number] | undefined;
}

/** A record as DMS writes it. */
export function aRecord(fields: RecordFields = {}): string {
  const {
    operation = "insert",
    recordType = "data",
    table = "person",
    at = 1,
    row = { id: 7, name: "Ada" },
  } = fields;
  const metadata = {
    timestamp: "2024-07-29T00:58:17.983670Z",
    "record-type": recordType,
    operation,
    "partition-key-type": "schema-table",
    "schema-name": "public",
    "table-name": table,
    ...(at !== null &&
      operation !== "load" &&
      recordType === "data" && { "stream-position": streamPosition(at) }),
    ...(fields.transaction && {
      "transaction-id": fields.transaction[0],
      "transaction-record-id": fields.transaction[1],
    }),
    ...(fields.previous && {
      "prev-transaction-id": fields.previous[0],
      "prev-transaction-record-id": fields.previous[1],
    }),
  };
  const before = fields.before === undefined ? {} : { "before-image": fields.before };
  return JSON.stringify({ ...(recordType === "data" && { data: row }), ...before, metadata });
}

/** A position as DMS prints it for PostgreSQL. */
export function streamPosition(at: number): string {
  const lsn = `00000002/${at.toString(16).toUpperCase().padStart(8, "0")}`;
  return `${lsn}.2.${lsn}`;
}

/** Where the log stood at `at`, as an event's position. */
export function positionAt(at: number, recordId = 0): readonly bigint[] {
  const lsn = (2n << 32n) | BigInt(at);
  return [0n, 1n, lsn, 2n, lsn, BigInt(recordId)];
}

/** Maps `public.person` to `Person` by its `id`, all columns kept, and `public.pair` by two columns. */
export const MAPPING = JSON.stringify([
  { "source-schema": "public", "source-table": "person", "target-table": "Person", "id-field": "id" },
  { "source-table": "pair", "target-table": "Pair", "id-fields": ["a", "b"] },
  { "source-table": "scratch", ignore: true },
]);

/** {@link MAPPING} after somebody has seen that a table is missing. */
export const MENDED_MAPPING = JSON.stringify([
  ...(JSON.parse(MAPPING) as readonly unknown[]),
  { "source-table": "stranger", "target-table": "Stranger", "id-field": "id" },
]);

/** Options with {@link MAPPING}. */
export function options(more: Partial<DmsOptions> = {}): DmsOptions {
  return { mapper: new MappingFileLoadEventMapper(MAPPING), engine: "postgresql", ...more };
}

/** The records of one shard as Lambda hands them over; sequence numbers from `from`. */
export function aBatch(bodies: readonly string[], from = 100): KinesisStreamEvent {
  return { Records: bodies.map((body, i) => aKinesisRecord(body, String(from + i))) };
}

/** A record as Lambda hands it over. */
export function aKinesisRecord(
  body: string,
  sequenceNumber: string,
  shardId = "shardId-000000000000",
): KinesisStreamRecord {
  return {
    awsRegion: "us-east-1",
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: "aws:kinesis:record",
    eventSource: "aws:kinesis",
    eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/dms",
    eventVersion: "1.0",
    invokeIdentityArn: "arn:aws:iam::123456789012:role/dms",
    kinesis: {
      approximateArrivalTimestamp: 1_722_214_697.983,
      data: Buffer.from(body).toString("base64"),
      kinesisSchemaVersion: "1.0",
      partitionKey: "public.person",
      sequenceNumber,
    },
  };
}

/** An event as plain data, to be compared. */
export function plain(decoded: DecodedEvent | undefined): unknown {
  if (decoded === undefined) return undefined;
  if (decoded.event === undefined) return decoded.rejected.reason;
  const { op, table, id, position, data } = decoded.event;
  return { op, table, id: id?.key.replace(/^\w+:/, ""), position, data: data && dumpText(data) };
}

/** The result of {@link plain} for an event with these fields. */
export function expected(fields: EventFields): unknown {
  return plain({ event: createEvent(fields) });
}

/** A logger that keeps its lines. */
export function keepLines(): {
  readonly logger: Logger;
  readonly lines: readonly { message: string; fields: LogFields }[];
} {
  const lines: { message: string; fields: LogFields }[] = [];
  const keep = (fields: LogFields, message: string): void => {
    lines.push({ message, fields });
  };
  return { lines, logger: { debug: keep, info: keep, warn: keep, error: keep } };
}
