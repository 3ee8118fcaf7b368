// SPDX-License-Identifier: MIT
import { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Stream, StreamEncryption, StreamMode, type IStream } from "aws-cdk-lib/aws-kinesis";
import { MetricType, type EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { ParameterValues } from "../parameters/parameter";
import type { SHARD_PARAMETERS, STREAM_SETTINGS } from "../parameters/stream-parameters";
import { acknowledge } from "./acknowledgements";
import { keyStatement } from "./keys";
import type { LoaderFunction } from "./loader-function";
import { removalOf, type Keeping } from "./loader-queue";
import { mappingOptions, positionOptions, windowOptions } from "./mapping-options";

/** The actions with which Lambda reads a data stream: AWS managed policy AWSLambdaKinesisExecutionRole, without enhanced fan-out. */
export const KINESIS_SOURCE_ACTIONS = [
  "kinesis:DescribeStream",
  "kinesis:DescribeStreamSummary",
  "kinesis:GetRecords",
  "kinesis:GetShardIterator",
  "kinesis:ListShards",
  "kinesis:ListStreams",
] as const;

/** A stream that is created: encrypted, and kept when the stack is deleted. */
export function createStream(
  scope: Construct,
  values: ParameterValues<typeof STREAM_SETTINGS>,
  keeping: Keeping,
): Stream {
  const { encryptionKey } = keeping;
  const stream = new Stream(scope, "Stream", {
    streamMode: StreamMode[values.streamMode],
    ...(values.streamMode === "PROVISIONED" ? { shardCount: values.shardCount } : {}),
    retentionPeriod: Duration.hours(values.retentionHours),
    ...(encryptionKey === undefined
      ? { encryption: StreamEncryption.MANAGED }
      : { encryption: StreamEncryption.KMS, encryptionKey }),
    removalPolicy: removalOf(keeping),
  });
  if (encryptionKey !== undefined) acknowledge(stream, "AwsSolutions::AwsSolutions-KDS3");
  return stream;
}

/** The rights with which Lambda reads a stream, with its key if it has one of its owner's. */
export function streamStatements(stream: IStream): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: [...KINESIS_SOURCE_ACTIONS], resources: [stream.streamArn] }),
    ...(stream.encryptionKey === undefined ? [] : [keyStatement(stream.encryptionKey, "read")]),
  ];
}

/** Shards, and what Lambda needs to read them. */
export interface ShardSource {
  readonly arn: string;
  readonly statements: readonly PolicyStatement[];
  /** The bucket of records that Lambda gives up. */
  readonly undelivered: Bucket;
}

/**
 * Lets Lambda read shards for a function: from their beginning unless told otherwise, handing back what failed, trying for
 * ever, and writing what it gives up, with the records themselves, to a bucket.
 */
export function connectShards(
  loader: LoaderFunction,
  { arn, statements, undelivered }: ShardSource,
  values: ParameterValues<typeof SHARD_PARAMETERS>,
): EventSourceMapping {
  return loader.connect(
    "Source",
    {
      eventSourceArn: arn,
      ...mappingOptions(values),
      ...positionOptions(values),
      batchSize: values.batchSize,
      parallelizationFactor: values.parallelizationFactor,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // What Lambda gives up is counted, and an alarm watches the count.
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
      retryAttempts: values.retriesMax,
      ...(values.recordAgeMaxSeconds === -1
        ? {}
        : { maxRecordAge: Duration.seconds(values.recordAgeMaxSeconds) }),
      ...windowOptions(values),
      undelivered,
    },
    statements,
  );
}
