// SPDX-License-Identifier: MIT
import { createDmsHandler, MappingFileLoadEventMapper } from "@ledger-loader/dms";
import { createDynamoDbHandler, type DynamoDbHandler } from "@ledger-loader/dynamodb";
import { encodeIon } from "@ledger-loader/ion";
import { createQldbStreamHandler } from "@ledger-loader/kinesis";
import { aggregate } from "@ledger-loader/kpl";
import { dom, Timestamp } from "ion-js";
import { vehicle } from "../vehicle";
import { defineChannel, type Channel } from "./channel";
import { toItem } from "./dynamodb-item";
import { toKinesisEvent } from "./kinesis-event";
import { toRow } from "./table-row";

/** The channels by which other databases tell what has changed in them. */
export const sourceChannels: readonly Channel[] = [
  defineChannel({
    name: "qldb stream",
    createHandler: createQldbStreamHandler,
    toInput: (vehicles) => {
      const records = vehicles.map((n) => ({ partitionKey: documentId(n), data: toRevisionDetails(n) }));
      return toKinesisEvent([...aggregate(records)].map(({ data }) => data));
    },
  }),
  defineChannel({
    name: "dms",
    createHandler: (loader) =>
      createDmsHandler(loader, { mapper: new MappingFileLoadEventMapper(MAPPING), engine: "postgresql" }),
    toInput: (vehicles) => toKinesisEvent(vehicles.map(toDmsRecord)),
  }),
  defineChannel({
    name: "dynamodb",
    createHandler: (loader) => createDynamoDbHandler(loader),
    toInput: (vehicles) => ({ Records: vehicles.map(toDynamoDbRecord) }),
  }),
];

const MAPPING = JSON.stringify([
  { "source-schema": "public", "source-table": "vehicle", "target-table": "Vehicle", "id-field": "vin" },
]);

/** An id of QLDB's form: 22 letters and digits. */
function documentId(n: number): string {
  return `8F0TPCmdNQ6JTRpi${String(n).padStart(6, "0")}`;
}

function toRevisionDetails(n: number): Uint8Array {
  const hash = new dom.Blob(new Uint8Array(32).fill(n));
  const strandId = "JdxjkR9bSYB5jMHWcI464T";
  const revision = {
    blockAddress: { strandId, sequenceNo: n },
    hash,
    data: vehicle(n),
    metadata: {
      id: documentId(n),
      version: 0,
      txTime: Timestamp.parse("2026-01-01T00:00:00.000Z"),
      txId: "FnQeJBAicTX0Ah32ZnVtSX",
    },
  };
  return encodeIon(
    dom.Value.from({
      qldbStreamArn: "arn:aws:qldb:us-east-1:000000000000:stream/cars/IN7MytSXkVAEhLgYe9XCrc",
      recordType: "REVISION_DETAILS",
      payload: { tableInfo: { tableName: "Vehicle", tableId: "1SUXCa3wwV0GD7kV78RbSg" }, revision },
    }),
  );
}

/** An inserted row, the only one of its source transaction, as DMS writes it with `IncludeTransactionDetails`. */
function toDmsRecord(n: number): Uint8Array {
  const log = `00000002/${n.toString(16).toUpperCase().padStart(8, "0")}`;
  const metadata = {
    timestamp: "2026-01-01T00:00:00.000000Z",
    "record-type": "data",
    operation: "insert",
    "partition-key-type": "schema-table",
    "schema-name": "public",
    "table-name": "vehicle",
    "stream-position": `${log}.2.${log}`,
    "transaction-id": n + 2,
    "transaction-record-id": 1,
    "prev-transaction-id": n + 1,
    "prev-transaction-record-id": 1,
  };
  return Buffer.from(JSON.stringify({ data: toRow(vehicle(n)), metadata }));
}

function toDynamoDbRecord(n: number): Parameters<DynamoDbHandler>[0]["Records"][number] {
  const { vin } = vehicle(n);
  return {
    eventID: `c4ca4238a0b923820dcc509a${String(n).padStart(8, "0")}`,
    eventName: "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "us-east-1",
    dynamodb: {
      ApproximateCreationDateTime: 1_767_225_600,
      Keys: toItem({ vin }),
      NewImage: toItem(vehicle(n)),
      SequenceNumber: String(4_421_584_500_000_000_000_000n + BigInt(n)),
      SizeBytes: 1000,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
    eventSourceARN: "arn:aws:dynamodb:us-east-1:000000000000:table/Vehicle/stream/2026-01-01T00:00:00.000",
  };
}
