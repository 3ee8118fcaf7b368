// SPDX-License-Identifier: MIT
import {
  DYNAMODB_SOURCE_ACTIONS,
  KINESIS_SOURCE_ACTIONS,
  MSK_SOURCE_ACTIONS,
  SQS_SOURCE_ACTIONS,
  type LoaderDefinition,
} from "@ledger-loader/infra";

/** A stack whose function is executed. */
export interface FunctionRun {
  readonly name: string;
  readonly loader: LoaderDefinition;
  /** The case of `LAMBDA_EVENTS` that invokes it. */
  readonly event: string;
  /** What AWS documents for the source: its event source mapping, and where it or Lambda puts what is given up. */
  readonly sourceActions: readonly string[];
}

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
/** The texts of the secrets that the functions read. */
export const SECRETS: Readonly<Record<string, string>> = {
  [`${SECRET}ledger-AbCdEf`]: `{"accessKeyId":"ledger-key","secretAccessKey":"ledger-secret"}`,
  [`${SECRET}masking-AbCdEf`]: "a key of at least thirty-two characters",
};

const TABLE_STREAM =
  "arn:aws:dynamodb:us-east-1:123456789012:table/fleet-vehicles/stream/2026-01-01T00:00:00.000";
const DATA_STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/vehicles";
const CLUSTER = "arn:aws:kafka:us-east-1:123456789012:cluster/cars/751d2973-a626-431c-9d4e-d7975eb44dd7-2";
/** Everything that makes a function call AWS. */
const COMMON = {
  ledgerName: "vehicles",
  ledgerEndpoint: "https://ledger.example.com",
  ledgerCredentialsSecret: `${SECRET}ledger-AbCdEf`,
  maskingFile: "fixtures/masking.json",
  maskingKeySecret: `${SECRET}masking-AbCdEf`,
  parkWaitMs: 0,
} as const;
/** Records that Lambda gives up go to a bucket: AWS Lambda's developer guide, "Retain discarded batch records". */
const BUCKET_ACTIONS = ["s3:ListBucket", "s3:PutObject"];
const STREAM_ACTIONS = [...KINESIS_SOURCE_ACTIONS, ...BUCKET_ACTIONS];
/** Invocations that Lambda gives up go to a queue: "Capturing records of Lambda asynchronous invocations". */
const INVOCATION_ACTIONS = ["sqs:SendMessage"];

/** Every function that a stack can deploy. */
export const FUNCTION_RUNS: readonly FunctionRun[] = [
  { name: "sqs", loader: { channel: "sqs", ...COMMON }, event: "sqs", sourceActions: SQS_SOURCE_ACTIONS },
  {
    name: "sns-to-sqs",
    loader: { channel: "sns-to-sqs", ...COMMON, rawMessageDelivery: false },
    event: "sns-to-sqs",
    sourceActions: SQS_SOURCE_ACTIONS,
  },
  { name: "sns", loader: { channel: "sns", ...COMMON }, event: "sns", sourceActions: INVOCATION_ACTIONS },
  {
    name: "kinesis",
    loader: { channel: "kinesis", ...COMMON },
    event: "kinesis-events",
    sourceActions: STREAM_ACTIONS,
  },
  {
    name: "qldb-stream",
    loader: { channel: "kinesis", ...COMMON, records: "qldb-stream" },
    event: "kinesis",
    sourceActions: STREAM_ACTIONS,
  },
  {
    name: "msk",
    loader: { channel: "msk", ...COMMON, clusterArn: CLUSTER, topic: "events" },
    event: "kafka",
    sourceActions: [...MSK_SOURCE_ACTIONS.cluster, ...MSK_SOURCE_ACTIONS.network, ...MSK_SOURCE_ACTIONS.iam],
  },
  {
    name: "eventbridge",
    loader: { channel: "eventbridge", ...COMMON },
    event: "eventbridge",
    sourceActions: INVOCATION_ACTIONS,
  },
  {
    name: "dms",
    loader: { channel: "dms", ...COMMON, engine: "mysql", mappingFile: "fixtures/vehicle-mapping.json" },
    event: "dms",
    sourceActions: STREAM_ACTIONS,
  },
  {
    name: "dynamodb",
    loader: {
      channel: "dynamodb",
      ...COMMON,
      streamArn: TABLE_STREAM,
      tables: { "fleet-vehicles": "Vehicle" },
    },
    event: "dynamodb",
    sourceActions: [...DYNAMODB_SOURCE_ACTIONS, ...BUCKET_ACTIONS],
  },
  {
    name: "dynamodb-kinesis",
    loader: {
      channel: "dynamodb",
      ...COMMON,
      streamArn: DATA_STREAM,
      tables: { "fleet-vehicles": "Vehicle" },
    },
    event: "dynamodb-kinesis",
    sourceActions: STREAM_ACTIONS,
  },
];

/** The same invocation with a payload that nobody can decode. */
export function toPoison(event: unknown): unknown {
  const undecodable: Readonly<Record<string, unknown>> = {
    body: "{op:",
    Message: "{op:",
    detail: "no event",
    data: Buffer.from("{op:").toString("base64"),
    value: Buffer.from("{op:").toString("base64"),
    NewImage: { vin: { S: "1N4" }, year: { N: "not a number" } },
  };
  return JSON.parse(JSON.stringify(event), (name, value: unknown) =>
    name in undecodable ? undecodable[name] : value,
  );
}
