// SPDX-License-Identifier: MIT
import type { ChannelName } from "./channel-name";

/** A parameter of the CloudFormation templates of AWS's Java loader. */
export interface JavaParameter {
  readonly java: string;
  /** The template's own default. */
  readonly javaDefault?: string;
  /** The parameter in its place; absent: there is none. */
  readonly here?: string;
  /** The difference, or why the parameter is gone. */
  readonly note?: string;
}

// Source of both: the templates `qldb-ledger-load-via-*.yml` of github.com/awslabs/amazon-qldb-ledger-load-java.

/** The parameters of the templates of all channels, by the names and in the order of the templates. */
export const COMMON_JAVA_PARAMETERS: readonly JavaParameter[] = [
  { java: "LedgerName", here: "ledgerName" },
  {
    java: "LedgerRegion",
    here: "ledgerRegion",
    note: "Default: the stack's region, as there.",
  },
  { java: "LambdaCodeS3Bucket", note: "Gone: the deployment bundles the function." },
  { java: "LambdaCodeS3Key", note: "Gone: the deployment bundles the function." },
  {
    java: "LoaderHandlerName",
    javaDefault: "the channel's receiver",
    note: 'Gone. A QLDB stream is `kinesis` with `records: "qldb-stream"`.',
  },
  {
    java: "RevisionWriterClass",
    javaDefault: "BaseRevisionWriter",
    here: "revisionWriter",
    note: "Without the package. The default of DMS was `TableMapperRevisionWriter`.",
  },
  { java: "LambdaMemory", javaDefault: "2048", here: "memoryMb" },
  {
    java: "LoaderProvisionedConcurrency",
    javaDefault: "10",
    here: "provisionedConcurrency",
    note: "There at least 1.",
  },
  { java: "MaxOccRetries", javaDefault: "3", here: "occRetriesMax" },
  { java: "MaxLedgerSessionsPerLambda", javaDefault: "1", here: "sessionsMax" },
  {
    java: "LoaderStrictMode",
    javaDefault: "True",
    here: "strictness",
    note: "`strict` for `True`, `lenient` for `False`.",
  },
];

const SHARDS: readonly JavaParameter[] = [
  { java: "ShardCount", javaDefault: "1", here: "shardCount" },
  { java: "StreamMode", javaDefault: "PROVISIONED", here: "streamMode" },
  { java: "RetentionPeriodHours", javaDefault: "24", here: "retentionHours" },
  { java: "StreamConsumerBatchSize", javaDefault: "100", here: "batchSize" },
  { java: "ParallelizationFactor", javaDefault: "1", here: "parallelizationFactor" },
  { java: "MaximumRetries", javaDefault: "-1", here: "retriesMax" },
  { java: "MaximumEventAgeSeconds", javaDefault: "-1", here: "recordAgeMaxSeconds" },
  { java: "MaximumBatchingWindowInSeconds", javaDefault: "0", here: "batchingWindowSeconds" },
];

const ORDER: JavaParameter = {
  java: "OrderEvents",
  javaDefault: "No",
  here: "fifo",
  note: "`true` for `Yes`.",
};

const SAID_BY_ARN = "Gone: part of the ARN.";

/** The further parameters of the template of one channel. There is none for DynamoDB. */
export const JAVA_PARAMETERS: Readonly<Record<ChannelName, readonly JavaParameter[]>> = {
  sqs: [
    {
      java: "CreateQueue",
      javaDefault: "Yes",
      note: "Gone: a queue is created unless `queueArn` is set.",
    },
    { java: "QueueName", note: SAID_BY_ARN },
    { java: "QueueArn", here: "queueArn" },
    ORDER,
  ],
  sns: [
    {
      java: "CreateTopic",
      javaDefault: "Yes",
      note: "Gone: a topic is created unless `topicArn` is set.",
    },
    { java: "TopicName", note: SAID_BY_ARN },
    { java: "TopicArn", here: "topicArn" },
    { java: "TopicRegion", note: SAID_BY_ARN },
  ],
  "sns-to-sqs": [
    ORDER,
    {
      java: "FanoutTopic",
      javaDefault: "Local",
      note: "Gone: a topic is created unless `topicArn` is set.",
    },
    { java: "RemoteFanoutTopicRegion", note: SAID_BY_ARN },
    { java: "RemoteFanoutTopicArn", here: "topicArn" },
  ],
  kinesis: [
    {
      java: "CreateStream",
      javaDefault: "Yes",
      note: "Gone: a stream is created unless `streamArn` is set.",
    },
    { java: "StreamArn", here: "streamArn" },
    ...SHARDS,
  ],
  msk: [
    {
      java: "StreamClusterName",
      here: "clusterArn",
      note: "The ARN ends with name and UUID.",
    },
    { java: "StreamClusterUuid", here: "clusterArn", note: "The ARN ends with name and UUID." },
    { java: "Topic", here: "topic" },
    { java: "StreamConsumerBatchSize", javaDefault: "100", here: "batchSize" },
    { java: "MaximumBatchingWindowInSeconds", javaDefault: "1", here: "batchingWindowSeconds" },
  ],
  eventbridge: [
    {
      java: "EventBusName",
      javaDefault: "default",
      here: "eventBusName",
      note: "Not set, a bus is created. Set `detailType` to `LedgerLoadEvent`, and `source`.",
    },
  ],
  dms: [
    {
      java: "LoadEventMapperClass",
      javaDefault: "MappingFileLoadEventMapper",
      here: "loadEventMapper",
      note: "Without the package. The mapping file of the jar is `mappingFile`.",
    },
    { java: "BeforeImageFieldName", javaDefault: "before-image", here: "beforeImageField" },
    ...SHARDS,
  ],
  dynamodb: [],
};

/** The parameters of the Java loader's template for a channel. */
export function javaParametersOf(channel: ChannelName): readonly JavaParameter[] {
  return [...COMMON_JAVA_PARAMETERS, ...JAVA_PARAMETERS[channel]];
}
