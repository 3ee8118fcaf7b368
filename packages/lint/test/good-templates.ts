// SPDX-License-Identifier: MIT

/** The properties of a resource, by path; a template for JSON. */
export type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;

const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
const alarm = (MetricName: string, id?: string) => ({
  Type: "AWS::CloudWatch::Alarm",
  Properties: {
    MetricName,
    Dimensions: id === undefined ? [] : [{ Name: "QueueName", Value: { "Fn::GetAtt": [id, "QueueName"] } }],
  },
});
const letters = { Type: "AWS::SQS::Queue", Properties: { MessageRetentionPeriod: 1_209_600 } };
const loader = (variables: Record<string, string> = {}) => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    Timeout: 100,
    Environment: { Variables: { LEDGER_NAME: "vehicles", DEAD_LETTERS: "sqs:https://queue", ...variables } },
  },
});
const mapping = (EventSourceArn: unknown, more: object) => ({
  Type: "AWS::Lambda::EventSourceMapping",
  Properties: { EventSourceArn, FunctionName: { Ref: "Loader" }, ...more },
});
const REPORTED = { FunctionResponseTypes: ["ReportBatchItemFailures"] };
const SHARDS = {
  ...REPORTED,
  StartingPosition: "TRIM_HORIZON",
  MaximumRetryAttempts: -1,
  MaximumRecordAgeInSeconds: -1,
  ParallelizationFactor: 1,
  DestinationConfig: { OnFailure: { Destination: arn("GivenUp") } },
};
const watchedLetters = {
  Letters: letters,
  LettersAlarm: alarm("ApproximateNumberOfMessagesVisible", "Letters"),
};
const invoked = {
  ...watchedLetters,
  Loader: loader(),
  Live: { Type: "AWS::Lambda::Alias", Properties: { FunctionName: { Ref: "Loader" }, Name: "live" } },
  Invocations: {
    Type: "AWS::Lambda::EventInvokeConfig",
    Properties: {
      FunctionName: { Ref: "Loader" },
      Qualifier: "live",
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: arn("Letters") } },
    },
  },
  DropsAlarm: alarm("AsyncEventsDropped"),
};
const streamed = {
  Stream: { Type: "AWS::Kinesis::Stream", Properties: { RetentionPeriodHours: 168 } },
  GivenUp: { Type: "AWS::S3::Bucket", Properties: {} },
  Loader: loader(),
  Source: mapping(arn("Stream"), SHARDS),
  LagAlarm: alarm("IteratorAge"),
};

/** A channel of each kind without anything to find, made anew for each test. */
export const GOOD = {
  queue: (): Resources => ({
    ...watchedLetters,
    Queue: {
      Type: "AWS::SQS::Queue",
      Properties: {
        FifoQueue: true,
        VisibilityTimeout: 600,
        RedrivePolicy: { maxReceiveCount: 16, deadLetterTargetArn: arn("Letters") },
      },
    },
    Loader: loader(),
    Source: mapping(arn("Queue"), REPORTED),
    AgeAlarm: alarm("ApproximateAgeOfOldestMessage", "Queue"),
  }),
  topicToQueue: (): Resources => ({
    ...GOOD.queue(),
    Topic: { Type: "AWS::SNS::Topic", Properties: { FifoTopic: true } },
    Subscription: {
      Type: "AWS::SNS::Subscription",
      Properties: {
        Protocol: "sqs",
        TopicArn: { Ref: "Topic" },
        Endpoint: arn("Queue"),
        RedrivePolicy: { deadLetterTargetArn: arn("Letters") },
      },
    },
  }),
  topic: (): Resources => ({
    ...structuredClone(invoked),
    Topic: { Type: "AWS::SNS::Topic", Properties: {} },
    Subscription: {
      Type: "AWS::SNS::Subscription",
      Properties: {
        Protocol: "lambda",
        TopicArn: { Ref: "Topic" },
        Endpoint: { Ref: "Live" },
        RedrivePolicy: { deadLetterTargetArn: arn("Letters") },
      },
    },
  }),
  rule: (): Resources => ({
    ...structuredClone(invoked),
    Rule: {
      Type: "AWS::Events::Rule",
      Properties: { Targets: [{ Arn: { Ref: "Live" }, DeadLetterConfig: { Arn: arn("Letters") } }] },
    },
  }),
  stream: (): Resources => structuredClone(streamed),
  ruleToStream: (): Resources => ({
    ...structuredClone(streamed),
    ...watchedLetters,
    Rule: {
      Type: "AWS::Events::Rule",
      Properties: {
        Targets: [
          {
            Arn: arn("Stream"),
            DeadLetterConfig: { Arn: arn("Letters") },
            KinesisParameters: { PartitionKeyPath: "$.detail.id" },
          },
        ],
      },
    },
  }),
  table: (): Resources => ({
    ...structuredClone(streamed),
    Stream: {
      Type: "AWS::DynamoDB::Table",
      Properties: { StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" } },
    },
  }),
  kafka: (): Resources => ({
    Loader: loader(),
    Source: mapping("arn:aws:kafka:us-east-1:123456789012:cluster/cars/1", {
      Topics: ["events"],
      StartingPosition: "TRIM_HORIZON",
    }),
    LagAlarm: alarm("OffsetLag"),
  }),
  dms: (): Resources => ({
    ...structuredClone(streamed),
    Target: {
      Type: "AWS::DMS::Endpoint",
      Properties: {
        EndpointType: "target",
        EngineName: "kinesis",
        KinesisSettings: {
          StreamArn: arn("Stream"),
          IncludeNullAndEmpty: true,
          IncludeTransactionDetails: true,
          IncludeControlDetails: true,
          IncludeTableAlterOperations: true,
        },
      },
    },
    Task: {
      Type: "AWS::DMS::ReplicationTask",
      Properties: {
        TargetEndpointArn: { Ref: "Target" },
        ReplicationTaskSettings: taskSettings({}),
      },
    },
  }),
};

/** The settings of a task, as the template holds them: a text. */
export function taskSettings(metadata: object, prepare = "DO_NOTHING", enabled = true): string {
  return JSON.stringify({
    BeforeImageSettings: { EnableBeforeImage: enabled, FieldName: "before-image" },
    FullLoadSettings: { TargetTablePrepMode: prepare },
    TargetMetadata: { BatchApplyEnabled: false, FullLobMode: false, ...metadata },
  });
}
