// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { decodeDmsRecords, MappingFileLoadEventMapper, SOURCE_ENGINES } from "@ledger-loader/dms";
import { decodeDynamoDbKinesisRecord, decodeDynamoDbRecord } from "@ledger-loader/dynamodb";
import { encodeIon } from "@ledger-loader/ion";
import { decodeQldbStreamRecord } from "@ledger-loader/kinesis";
import { aggregate, deaggregate } from "@ledger-loader/kpl";
import { load } from "ion-js";
import { readFixture, readRecords, readVector } from "../fixtures";
import { type FuzzedDecoder, repeated } from "../fuzzed-decoder";
import { encodeAgain, EVENT_GROWTH_MAX } from "./event-decoders";

const JSON_BRACKETS = [
  ["[", "]"],
  ['{"a":', "}"],
] as const;

const MAPPER = new MappingFileLoadEventMapper(
  JSON.stringify([
    {
      "source-table": "person",
      "target-table": "Person",
      "id-field": "id",
      fields: [
        { "source-field": "id", "target-field": "id", type: "int" },
        { "source-field": "name", "target-field": "name", type: "string" },
      ],
    },
    ...["pair", "vehicle", "PERSON"].map((table) => ({
      "source-table": table,
      "target-table": "T",
      "id-field": "id",
    })),
  ]),
);

const DMS_ROW = `{"metadata":{"record-type":"data","operation":"load","schema-name":"s","table-name":"pair"},"data":{"id":1,"a":`;

const dms: FuzzedDecoder = {
  name: "dms",
  what: "records that AWS DMS writes, in JSON",
  samples: () => readRecords("dms", "fixtures/recorded-shapes.json"),
  words: [
    '"before-image":{',
    '"operation":"update"',
    '"record-type":"control"',
    '"table-name":"person"',
    '"stream-position":"',
    '"transaction-id":',
    '"id":',
    "null",
    "1e5",
    "0/0.0.0/0",
  ],
  brackets: JSON_BRACKETS,
  large: (bytes) =>
    readRecords("dms", "fixtures/recorded-shapes.json").map((record) => repeated(bytes, record.toString())),
  dense: (bytes) => [
    repeated(bytes, "0,", `${DMS_ROW}[`, "0]}}"),
    repeated(bytes, `${DMS_ROW}2}}`),
    repeated(bytes, "x", `${DMS_ROW}"`, `"}}`),
  ],
  denseGrowthMax: EVENT_GROWTH_MAX,
  decode(input) {
    const engine = SOURCE_ENGINES[input.length % SOURCE_ENGINES.length] ?? "mysql";
    const withoutPosition = input.length % 3 === 0 ? "reject" : "accept";
    return encodeAgain(
      decodeDmsRecords(input, { mapper: MAPPER, engine, withoutPosition, absentColumns: "omit" }),
    );
  },
};

const ITEM = `{"eventName":"INSERT","eventSource":"aws:dynamodb","eventSourceARN":"arn:aws:dynamodb:us-east-1:1:table/T/stream/2015-05-11T21:21:33.291","dynamodb":{"Keys":{"Id":{"N":"1"}},"SequenceNumber":"1","ApproximateCreationDateTime":1,"StreamViewType":"NEW_IMAGE","NewImage":{"Id":{"N":"1"},"a":`;

/** Of the two forms, only one says of which stream a record is. */
const STREAM_FIELD = Buffer.from("eventSourceARN");

const dynamodb: FuzzedDecoder = {
  name: "dynamodb",
  what: "records of DynamoDB Streams and of their Kinesis form",
  samples: () => readRecords("dynamodb", "fixtures/documented-shapes.json"),
  words: [
    '{"N":"',
    '{"S":"',
    '{"B":"',
    '{"M":{',
    '{"L":[',
    '{"SS":[',
    '{"NS":["1"',
    '{"BOOL":true}',
    '{"NULL":true}',
    '"OldImage":{',
    '"eventName":"REMOVE"',
  ],
  brackets: [['{"L":[', "]}"], ['{"M":{"a":', "}}"], ...JSON_BRACKETS],
  large: (bytes) => [
    repeated(
      bytes,
      `{"M":{"name":{"S":"text of some length"},"n":{"N":"12.5"}}},`,
      `${ITEM}{"L":[`,
      `{"NULL":true}]}}}}`,
    ),
    repeated(bytes, "x", `${ITEM}{"S":"`, `"}}}}`),
  ],
  dense: (bytes) => [
    repeated(bytes, `{"NULL":true},`, `${ITEM}{"L":[`, `{"NULL":true}]}}}}`),
    repeated(bytes, `"1",`, `${ITEM}{"SS":[`, `"2"]}}}}`),
  ],
  decode: (input) =>
    encodeAgain(
      Buffer.from(input).includes(STREAM_FIELD)
        ? decodeDynamoDbRecord(input)
        : decodeDynamoDbKinesisRecord(input),
    ),
};

const REVISION_START = `{recordType:"REVISION_DETAILS",payload:{tableInfo:{tableName:"T"},revision:{data:{a:[`;
const REVISION_END = `]},metadata:{id:"a",version:0}}}}`;

const qldbStream: FuzzedDecoder = {
  name: "qldb-stream",
  what: "records of QLDB journal streams, in Ion binary and text",
  samples: () => {
    const published = ["revision-details", "block-summary"].map((name) =>
      readVector(`streams-dmv/${name}.ion`),
    );
    return [...published, ...published.map((text) => encodeIon(load(text) ?? fail()))];
  },
  words: [
    "recordType:",
    '"CONTROL"',
    "payload:{",
    "revision:{",
    "metadata:{",
    "dataHash:{{",
    "version:",
    "null.struct",
    "\x0f",
    "\xde",
  ],
  brackets: [
    ["[", "]"],
    ["{a:", "}"],
    ["a::", ""],
  ],
  large: (bytes) => [
    repeated(bytes, `{name:"text of some length",n:12.5,t:2020-02-29T},`, REVISION_START, `1${REVISION_END}`),
  ],
  dense: (bytes) => [
    repeated(bytes, "0,", REVISION_START, `1${REVISION_END}`),
    repeated(bytes, "{},", `{recordType:"CONTROL",payload:{a:[`, "{}]}}"),
  ],
  denseGrowthMax: EVENT_GROWTH_MAX,
  decode: (input) => encodeAgain(decodeQldbStreamRecord(input)),
};

function fail(): never {
  throw new Error("Expected a value in a published sample, found none.");
}

const MAGIC = Buffer.from("f3899ac2", "hex");
const DIGEST_BYTES = 16;

/** The message between magic number and MD5: with a wrong MD5 nothing of a damaged aggregate would be read. */
function messageOf(aggregated: Uint8Array): Buffer {
  return Buffer.from(aggregated).subarray(MAGIC.length, aggregated.length - DIGEST_BYTES);
}

const [OWN_RECORD] = aggregate([
  { partitionKey: "a", data: Buffer.from("one") },
  { partitionKey: "b", data: Buffer.from("two") },
]);
const OWN = OWN_RECORD?.data ?? fail();

const kpl: FuzzedDecoder = {
  name: "kpl",
  what: "aggregates of the Kinesis Producer Library, with a sound checksum",
  samples: () => {
    const published = ["hundred-records-explicit-hash-key", "three-records", "qldb-stream-record"].map(
      (name) => Buffer.from(readFixture("kpl", `fixtures/${name}.base64`).toString(), "base64"),
    );
    return [...published, OWN].map(messageOf);
  },
  words: [
    "\x0a\x01a",
    "\x12\x01b",
    "\x1a\x04\x08\x00\x1a\x00",
    "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    "\x1a\xff\xff\xff\xff\x0f",
    "\x09",
    "\x0d",
  ],
  brackets: [["\x1a\x02", ""]],
  large: (bytes) => [repeated(bytes, messageOf(OWN).toString("latin1"))],
  dense: (bytes) => [
    repeated(bytes, "\x1a\x04\x08\x00\x1a\x00", "\x0a\x01a"),
    repeated(bytes, "\x0a\x00"),
    repeated(bytes, "\x12\x01b"),
  ],
  decode(input) {
    const digest = createHash("md5").update(input).digest();
    return deaggregate(Buffer.concat([MAGIC, input, digest]));
  },
};

/** The decoders of records of other databases. */
export const sourceDecoders: readonly FuzzedDecoder[] = [dms, dynamodb, kpl, qldbStream];
