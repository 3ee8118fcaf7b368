// SPDX-License-Identifier: MIT
import type { ChannelName, LoaderDefinition } from "@ledger-loader/infra";
import path from "node:path";

/** A stack that is deployed, and what must be true of it once it is up. */
export interface DeploymentCase {
  /** The id of the loader. */
  readonly id: string;
  /** The loader, as `loader.config.ts` holds it; some take a source that is there already. */
  readonly loader: (existing: ExistingSources) => LoaderDefinition;
  /** The settings that each event source mapping reads back; empty where the source calls the function by itself. */
  readonly mappings: readonly Readonly<Record<string, unknown>>[];
  /** The settings of each subscription or rule that hands events to the function or its queue. */
  readonly callers?: readonly Readonly<Record<string, unknown>>[];
  /** How many subscriptions, rules, streams and invocations hand what they give up to a queue or bucket of the stack. */
  readonly handovers: number;
  /** The settings that each target endpoint of DMS reads back. */
  readonly endpoints?: readonly Readonly<Record<string, unknown>>[];
}

/** Sources that loaders do not create, in the account before they come. */
export interface ExistingSources {
  readonly tableStreamArn: string;
  readonly dataStreamArn: string;
}

/** What makes {@link ExistingSources}: its outputs. */
export const EXISTING_SOURCES = {
  Resources: {
    Table: {
      Type: "AWS::DynamoDB::Table",
      Properties: {
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
      },
    },
    Stream: { Type: "AWS::Kinesis::Stream", Properties: { ShardCount: 1 } },
  },
  Outputs: {
    tableStreamArn: { Value: { "Fn::GetAtt": ["Table", "StreamArn"] } },
    dataStreamArn: { Value: { "Fn::GetAtt": ["Stream", "Arn"] } },
  },
};

const LEDGER = { ledgerName: "vehicles", ledgerEndpoint: "https://ledger.example.com" } as const;
const CLUSTER = "arn:aws:kafka:us-east-1:123456789012:cluster/events/0d1c6c1e-7f9b-4b6c-9a2b-2d3e4f5a6b7c-2";
const REPORTED = { FunctionResponseTypes: ["ReportBatchItemFailures"] };
/** The most that EventBridge offers before it gives an event up. */
const EVENT_RULE = { RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 } };
/** What a mapping of shards has by default: no record is skipped, none is given up. */
const SHARDS = {
  ...REPORTED,
  BatchSize: 100,
  ParallelizationFactor: 1,
  BisectBatchOnFunctionError: true,
  MaximumRetryAttempts: -1,
  StartingPosition: "TRIM_HORIZON",
};

/** Every channel, as it is by default and with what differs most from that. */
export const DEPLOYMENT_CASES: Readonly<Record<ChannelName, readonly DeploymentCase[]>> = {
  sqs: [
    {
      id: "sqs-fifo",
      loader: () => ({ channel: "sqs", ...LEDGER }),
      mappings: [{ ...REPORTED, BatchSize: 10 }],
      handovers: 0,
    },
    {
      id: "sqs-standard",
      loader: () => ({
        channel: "sqs",
        ...LEDGER,
        region: "eu-central-1",
        fifo: false,
        batchSize: 500,
        batchingWindowSeconds: 5,
        concurrencyMax: 7,
        timeoutSeconds: 300,
        tracing: true,
        provisionedConcurrency: 1,
        reservedConcurrency: 8,
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        ledgerCredentialsSecret: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ledger-AbCdEf",
        alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:alarms",
      }),
      mappings: [
        {
          ...REPORTED,
          BatchSize: 500,
          MaximumBatchingWindowInSeconds: 5,
          ScalingConfig: { MaximumConcurrency: 7 },
        },
      ],
      handovers: 0,
    },
  ],
  sns: [
    {
      id: "sns",
      loader: () => ({ channel: "sns", ...LEDGER }),
      mappings: [],
      callers: [{ Protocol: "lambda" }],
      handovers: 2,
    },
  ],
  "sns-to-sqs": [
    {
      id: "sns-to-sqs",
      loader: () => ({ channel: "sns-to-sqs", ...LEDGER }),
      mappings: [{ ...REPORTED, BatchSize: 10 }],
      callers: [{ Protocol: "sqs", RawMessageDelivery: "true" }],
      handovers: 1,
    },
  ],
  kinesis: [
    {
      id: "kinesis",
      loader: () => ({ channel: "kinesis", ...LEDGER, streamMode: "ON_DEMAND" }),
      mappings: [SHARDS],
      handovers: 1,
    },
    {
      id: "kinesis-qldb-stream",
      loader: ({ dataStreamArn }) => ({
        channel: "kinesis",
        ...LEDGER,
        records: "qldb-stream",
        streamArn: dataStreamArn,
        batchSize: 1_000,
        batchingWindowSeconds: 3,
        parallelizationFactor: 4,
        retriesMax: 20,
        recordAgeMaxSeconds: 3_600,
      }),
      mappings: [
        {
          ...SHARDS,
          BatchSize: 1_000,
          MaximumBatchingWindowInSeconds: 3,
          ParallelizationFactor: 4,
          MaximumRetryAttempts: 20,
          MaximumRecordAgeInSeconds: 3_600,
        },
      ],
      handovers: 1,
    },
  ],
  msk: [
    {
      id: "msk",
      loader: () => ({ channel: "msk", ...LEDGER, clusterArn: CLUSTER, topic: "revisions" }),
      // Without a failure destination: with one, Lambda gives a batch up after ten attempts.
      mappings: [
        {
          BatchSize: 100,
          MaximumBatchingWindowInSeconds: 1,
          StartingPosition: "TRIM_HORIZON",
          Topics: ["revisions"],
          AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: "ledger-loader" },
        },
      ],
      handovers: 0,
    },
    {
      id: "msk-reported",
      loader: () => ({
        channel: "msk",
        ...LEDGER,
        clusterArn: CLUSTER,
        topic: "revisions",
        consumerGroup: "reported",
        pollersMax: 4,
        reportBatchItemFailures: true,
        scramSecretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonMSK_loader-AbCdEf",
        scramKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0d1c6c1e-7f9b-4b6c-9a2b-2d3e4f5a6b7c",
      }),
      mappings: [
        {
          ...REPORTED,
          ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 4 },
          SourceAccessConfigurations: [
            {
              Type: "SASL_SCRAM_512_AUTH",
              URI: "arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonMSK_loader-AbCdEf",
            },
          ],
        },
      ],
      handovers: 0,
    },
  ],
  eventbridge: [
    {
      id: "eventbridge",
      loader: () => ({ channel: "eventbridge", ...LEDGER }),
      mappings: [],
      callers: [EVENT_RULE],
      handovers: 2,
    },
    {
      id: "eventbridge-default-bus",
      loader: () => ({ channel: "eventbridge", ...LEDGER, eventBusName: "default", tables: ["Person"] }),
      mappings: [],
      callers: [EVENT_RULE],
      handovers: 2,
    },
  ],
  dms: [
    {
      id: "dms",
      loader: () => ({
        channel: "dms",
        ...LEDGER,
        engine: "postgresql",
        mappingFile: path.join(__dirname, "fixtures", "dms-mapping.json"),
      }),
      mappings: [SHARDS],
      handovers: 1,
      endpoints: [{ MessageFormat: "json", IncludeNullAndEmpty: true, IncludeTransactionDetails: true }],
    },
  ],
  dynamodb: [
    {
      id: "dynamodb",
      loader: ({ tableStreamArn }) => ({
        channel: "dynamodb",
        ...LEDGER,
        streamArn: tableStreamArn,
        tables: { persons: "Person" },
      }),
      mappings: [SHARDS],
      handovers: 1,
    },
    {
      id: "dynamodb-over-kinesis",
      loader: ({ dataStreamArn }) => ({ channel: "dynamodb", ...LEDGER, streamArn: dataStreamArn }),
      mappings: [SHARDS],
      handovers: 1,
    },
  ],
};
