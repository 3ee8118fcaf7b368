// SPDX-License-Identifier: MIT
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Stream, StreamEncryption, StreamMode, type IStream } from "aws-cdk-lib/aws-kinesis";
import { StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { LoaderFunction } from "./loader-function";
import { integer, oneOf, optional, text, type ParameterValues } from "../parameters/parameter";
import { createUndeliveredBucket } from "./undelivered-bucket";

/** The parameters of an event source mapping that reads shards. */
export const SHARD_PARAMETERS = {
  batchSize: optional({
    accepts: "an integer from 1 to 10000",
    parse: integer(1, 10_000),
    defaultValue: 100,
    meaning: "How many records one invocation gets at most.",
    tradeOff: "Larger batches share ledger transactions; they also take longer, see timeoutSeconds.",
  }),
  batchingWindowSeconds: optional({
    accepts: "an integer from 0 to 300",
    parse: integer(0, 300),
    defaultValue: 0,
    meaning: "How many seconds Lambda waits for a batch to fill.",
    tradeOff: "Above 0 there are fewer and fuller batches, and each event comes that much later.",
  }),
  parallelizationFactor: optional({
    accepts: "an integer from 1 to 10",
    parse: integer(1, 10),
    defaultValue: 1,
    meaning: "How many batches of one shard are loaded at the same time.",
    tradeOff:
      "Above 1 only the records of one partition key keep their order, and aggregates of many records share a key.",
  }),
  retriesMax: optional({
    accepts: "an integer from -1 to 10000",
    parse: integer(-1, 10_000),
    defaultValue: -1,
    meaning: "How often Lambda tries a batch again before it gives it up; -1 is for ever.",
    tradeOff:
      "Any limit gives good records up in an outage of the ledger that outlasts it; bad ones are parked anyway.",
  }),
  recordAgeMaxSeconds: optional({
    accepts: "-1, or an integer from 60 to 604800",
    parse: (value: unknown) => (String(value) === "-1" ? -1 : integer(60, 604_800)(value)),
    defaultValue: -1,
    meaning: "After how many seconds Lambda gives a record up; -1 is when it expires in the stream.",
    tradeOff: "As with retriesMax.",
  }),
  iteratorAgeHours: optional({
    accepts: "an integer from 1 to 8760",
    parse: integer(1, 8760),
    defaultValue: 6,
    meaning: "How many hours behind the stream's end the function may be before the alarm.",
    tradeOff: "Too close to the retention, and records expire before somebody has looked.",
  }),
} as const;

/** The parameters of a data stream, which the stack creates unless it is given one. */
export const STREAM_PARAMETERS = {
  ...SHARD_PARAMETERS,
  streamArn: optional<string | undefined>({
    accepts: "the ARN of a Kinesis data stream",
    parse: text(/^arn:[\w-]+:kinesis:[\w-]+:\d{12}:stream\/[\w.-]+$/),
    defaultValue: undefined,
    meaning: "A stream that is there already; not set, the stack creates one.",
    tradeOff: "Its retention and encryption are then yours to set.",
  }),
  streamMode: optional<"PROVISIONED" | "ON_DEMAND">({
    accepts: "PROVISIONED or ON_DEMAND",
    parse: oneOf("PROVISIONED", "ON_DEMAND"),
    defaultValue: "PROVISIONED",
    meaning: "Whether the created stream has a number of shards, or as many as it needs.",
    tradeOff: "ON_DEMAND reshards by itself; while it does, events without versions may be put out of order.",
  }),
  shardCount: optional({
    accepts: "an integer from 1 to 10000",
    parse: integer(1, 10_000),
    defaultValue: 1,
    meaning: "How many shards the created stream has, where it is PROVISIONED.",
    tradeOff: "A shard takes 1 MB or 1,000 records a second, and is paid for by the hour.",
  }),
  retentionHours: optional({
    accepts: "an integer from 24 to 8760",
    parse: integer(24, 8760),
    defaultValue: 168,
    meaning: "How many hours the created stream keeps a record.",
    tradeOff: "What expires before it was loaded is lost; more than 24 hours cost extra.",
  }),
} as const;

/** What Lambda needs to read a data stream: AWS managed policy AWSLambdaKinesisExecutionRole, without enhanced fan-out. */
export const KINESIS_SOURCE_ACTIONS = [
  "kinesis:DescribeStream",
  "kinesis:DescribeStreamSummary",
  "kinesis:GetRecords",
  "kinesis:GetShardIterator",
  "kinesis:ListShards",
  "kinesis:ListStreams",
] as const;

/** The stream that is named, or one that is created: encrypted, and kept when the stack is deleted. */
export function findOrCreateStream(
  scope: Construct,
  values: ParameterValues<typeof STREAM_PARAMETERS>,
): IStream {
  if (values.streamArn !== undefined) return Stream.fromStreamArn(scope, "Stream", values.streamArn);
  return new Stream(scope, "Stream", {
    streamMode: StreamMode[values.streamMode],
    ...(values.streamMode === "PROVISIONED" ? { shardCount: values.shardCount } : {}),
    retentionPeriod: Duration.hours(values.retentionHours),
    encryption: StreamEncryption.MANAGED,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/**
 * Lets Lambda read shards for a function: from their beginning, handing back what failed, trying for ever, and writing what
 * it gives up, with the records themselves, to a bucket.
 */
export function connectShards(
  scope: Construct,
  loader: LoaderFunction,
  source: { readonly arn: string; readonly actions: readonly string[] },
  values: ParameterValues<typeof SHARD_PARAMETERS>,
): void {
  loader.connect(
    "Source",
    {
      eventSourceArn: source.arn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: values.batchSize,
      parallelizationFactor: values.parallelizationFactor,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: values.retriesMax,
      ...(values.recordAgeMaxSeconds === -1
        ? {}
        : { maxRecordAge: Duration.seconds(values.recordAgeMaxSeconds) }),
      ...(values.batchingWindowSeconds === 0
        ? {}
        : { maxBatchingWindow: Duration.seconds(values.batchingWindowSeconds) }),
      undelivered: createUndeliveredBucket(scope, "Undelivered"),
    },
    [new PolicyStatement({ actions: [...source.actions], resources: [source.arn] })],
  );
}
