// SPDX-License-Identifier: MIT
import type { LoaderDefinition } from "@ledger-loader/infra";

/** Actions by the resource that they are allowed on. */
type Permissions = Readonly<Record<string, readonly string[]>>;

/** A stack whose function is executed. */
export interface FunctionRun {
  readonly name: string;
  readonly loader: LoaderDefinition;
  /** The case of `LAMBDA_EVENTS` that invokes it. */
  readonly event: string;
  /** What AWS documents for the source: its event source mapping, and where it or Lambda puts what is given up. */
  readonly source: Permissions;
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
  tableIdFieldsFile: "fixtures/id-fields.json",
  maskingKeySecret: `${SECRET}masking-AbCdEf`,
  parkWaitMs: 0,
  metricsNamespace: "Fleet",
  lagMaxSeconds: 60,
} as const;
// What AWS documents, written down here once more: the stacks must not be compared with themselves.
/**
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaSQSQueueExecutionRole.html, logs apart; and what the
 * function does to have failed messages come back sooner.
 */
export const QUEUE: Permissions = {
  Queue: ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
};
/** https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
const BUCKET: Permissions = { Undelivered: ["s3:ListBucket"], "Undelivered/*": ["s3:PutObject"] };
/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const INVOCATIONS: Permissions = { FailedInvocations: ["sqs:SendMessage"] };
/**
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaKinesisExecutionRole.html, without
 * SubscribeToShard, which only consumers with enhanced fan-out need.
 */
const STREAM_ACTIONS = [
  "kinesis:DescribeStream",
  "kinesis:DescribeStreamSummary",
  "kinesis:GetRecords",
  "kinesis:GetShardIterator",
  "kinesis:ListShards",
  "kinesis:ListStreams",
];
const STREAM: Permissions = { ...BUCKET, Stream: STREAM_ACTIONS };
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html */
const TABLE: Permissions = {
  ...BUCKET,
  [TABLE_STREAM]: [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
  ],
};
/** https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html and msk-cluster-auth.html */
const KAFKA_ACTIONS = [
  "kafka-cluster:AlterGroup",
  "kafka-cluster:Connect",
  "kafka-cluster:DescribeClusterDynamicConfiguration",
  "kafka-cluster:DescribeGroup",
  "kafka-cluster:DescribeTopic",
  "kafka-cluster:ReadData",
];
/** What Lambda needs to reach brokers in a VPC, from the same page. */
export const NETWORK_ACTIONS = [
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
];
const TOPIC: Permissions = {
  [CLUSTER]: ["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers", ...KAFKA_ACTIONS],
  [`${CLUSTER.replace(":cluster/", ":topic/")}/events`]: KAFKA_ACTIONS,
  [`${CLUSTER.replace(":cluster/", ":group/")}/ledger-loader`]: KAFKA_ACTIONS,
  "*": NETWORK_ACTIONS,
};

/** Every function that a stack can deploy. */
export const FUNCTION_RUNS: readonly FunctionRun[] = [
  { name: "sqs", loader: { channel: "sqs", ...COMMON }, event: "sqs", source: QUEUE },
  {
    name: "sns-to-sqs",
    loader: { channel: "sns-to-sqs", ...COMMON, rawMessageDelivery: false },
    event: "sns-to-sqs",
    source: QUEUE,
  },
  { name: "sns", loader: { channel: "sns", ...COMMON }, event: "sns", source: INVOCATIONS },
  {
    name: "kinesis",
    loader: { channel: "kinesis", ...COMMON },
    event: "kinesis-events",
    source: STREAM,
  },
  {
    name: "qldb-stream",
    loader: { channel: "kinesis", ...COMMON, records: "qldb-stream" },
    event: "kinesis",
    source: STREAM,
  },
  {
    name: "msk",
    loader: { channel: "msk", ...COMMON, clusterArn: CLUSTER, topic: "events" },
    event: "kafka",
    source: TOPIC,
  },
  {
    name: "eventbridge",
    loader: { channel: "eventbridge", ...COMMON },
    event: "eventbridge",
    source: INVOCATIONS,
  },
  {
    name: "dms",
    loader: { channel: "dms", ...COMMON, engine: "mysql", mappingFile: "fixtures/vehicle-mapping.json" },
    event: "dms",
    source: STREAM,
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
    source: TABLE,
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
    source: { ...BUCKET, [DATA_STREAM]: STREAM_ACTIONS },
  },
];

/** `ACTION on RESOURCE` for each, as a function's role is read. */
export function toPairs(permissions: Permissions): readonly string[] {
  return Object.entries(permissions).flatMap(([resource, actions]) =>
    actions.map((action) => `${action} on ${resource}`),
  );
}

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
