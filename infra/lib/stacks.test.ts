// SPDX-License-Identifier: MIT
import { beforeAll, describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { CHANNELS, type LoaderDefinition } from "@ledger-loader/infra";
import { lintTemplate, parseTemplate } from "@ledger-loader/lint";
import { undocumentedMetrics } from "../test/alarm-metrics";
import { readFunction } from "../test/synthesized-function";
import { propertiesOf, synthesize, synthesizeAll, type SynthesizedStack } from "../test/synthesize";

const LEDGER = { ledgerName: "vehicles", ledgerEndpoint: "https://ledger.example.com" } as const;
const TABLE_STREAM = "arn:aws:dynamodb:us-east-1:123456789012:table/cars/stream/2026-01-01T00:00:00.000";
const DATA_STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/cars";
const CLUSTER = "arn:aws:kafka:us-east-1:123456789012:cluster/cars/751d2973-a626-431c-9d4e-d7975eb44dd7-2";

/** Each channel, with what it must be given; where its function is invoked asynchronously, or polls shards, it says so. */
const CASES: readonly (readonly [string, LoaderDefinition, "queue" | "shards" | "async" | "topic"])[] = [
  ["sqs", { channel: "sqs", ...LEDGER }, "queue"],
  ["sns", { channel: "sns", ...LEDGER }, "async"],
  ["sns-to-sqs", { channel: "sns-to-sqs", ...LEDGER }, "queue"],
  ["kinesis", { channel: "kinesis", ...LEDGER }, "shards"],
  [
    "qldb-stream",
    { channel: "kinesis", ...LEDGER, records: "qldb-stream", streamArn: DATA_STREAM },
    "shards",
  ],
  ["msk", { channel: "msk", ...LEDGER, clusterArn: CLUSTER, topic: "events" }, "topic"],
  ["eventbridge", { channel: "eventbridge", ...LEDGER }, "async"],
  [
    "dms",
    { channel: "dms", ...LEDGER, engine: "postgresql", mappingFile: "fixtures/dms-mapping.json" },
    "shards",
  ],
  ["dynamodb", { channel: "dynamodb", ...LEDGER, streamArn: TABLE_STREAM }, "shards"],
  ["dynamodb over kinesis", { channel: "dynamodb", ...LEDGER, streamArn: DATA_STREAM }, "shards"],
];

const stacks = new Map<string, SynthesizedStack>();

beforeAll(() => {
  const loaders = CASES.map(([name, loader]) => ({ ...loader, id: name.replaceAll(" ", "-") }));
  const all = synthesizeAll(loaders, undefined, "validated");
  for (const [at, [name]] of CASES.entries()) stacks.set(name, all[at]!);
});

it("tests the stacks of all channels", () => {
  expect(new Set(CASES.map(([, { channel }]) => channel))).toEqual(new Set(Object.keys(CHANNELS)));
});

describe.each(CASES)("the stack of %s", (name, _loader, source) => {
  let stack: SynthesizedStack;
  beforeAll(() => {
    stack = stacks.get(name)!;
  });

  it("keeps every queue encrypted, reachable over TLS only, and there when the stack is deleted", () => {
    const queues = Object.values(stack.template.findResources("AWS::SQS::Queue"));
    expect(queues.length).toBeGreaterThan(0);
    for (const queue of queues) {
      expect(queue).toMatchObject({
        DeletionPolicy: "Retain",
        Properties: { SqsManagedSseEnabled: true },
      });
    }
    const refusals = propertiesOf(stack, "AWS::SQS::QueuePolicy").filter((policy) =>
      JSON.stringify(policy).includes('"aws:SecureTransport":"false"'),
    );
    expect(refusals).toHaveLength(queues.length);
  });

  it("parks in a queue, with an alarm on its depth", () => {
    const [{ Environment: environment } = {}] = propertiesOf(stack, "AWS::Lambda::Function");
    expect(JSON.stringify(environment)).toMatch(/"DEAD_LETTERS":.*"sqs:".*LoaderDeadLetters/);
    stack.template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "ApproximateNumberOfMessagesVisible",
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      Dimensions: [
        {
          Name: "QueueName",
          Value: { "Fn::GetAtt": [Match.stringLikeRegexp("LoaderDeadLetters"), "QueueName"] },
        },
      ],
    });
  });

  it("raises alarms for errors and throttles", () => {
    const names = propertiesOf(stack, "AWS::CloudWatch::Alarm").map(({ MetricName: name }) => name);
    expect(names).toEqual(expect.arrayContaining(["Errors", "Throttles"]));
  });

  it("invokes the alias, never a version that may change", () => {
    const mappings = propertiesOf(stack, "AWS::Lambda::EventSourceMapping");
    const callers = [
      ...mappings.map(({ FunctionName: name }) => name),
      ...propertiesOf(stack, "AWS::SNS::Subscription")
        .filter(({ Protocol: protocol }) => protocol === "lambda")
        .map(({ Endpoint: endpoint }) => endpoint),
      ...propertiesOf(stack, "AWS::Events::Rule").map(({ Targets: targets }) => targets),
    ];
    expect(callers).toHaveLength(1);
    expect(JSON.stringify(callers[0])).toContain("LoaderAlias");
  });

  it("allows no wildcard resource but the network interfaces that MSK demands, and no qldb action", () => {
    const statements = propertiesOf(stack, "AWS::IAM::Policy").flatMap(
      ({ PolicyDocument: document }) => (document as { Statement: Record<string, unknown>[] }).Statement,
    );
    const wild = statements.filter(({ Resource: resource }) => resource === "*");
    expect(wild.flatMap(({ Action: action }) => action)).toEqual(
      source === "topic" ? expect.arrayContaining(["ec2:CreateNetworkInterface"]) : [],
    );
    expect(JSON.stringify(statements)).not.toContain("qldb:");
  });

  it("has no setting with which events are lost, reordered or held up, as lint looks for them", () => {
    const template = parseTemplate(JSON.stringify(stack.template.toJSON()), name);
    const { findings, channels } = lintTemplate(template);
    expect(findings).toEqual([]);
    expect(channels).toBeGreaterThan(0);
  });

  if (source === "queue") {
    it("hands back what failed alone, hides a batch for six time-outs, and moves what is not handled", () => {
      stack.template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      });
      stack.template.hasResourceProperties("AWS::SQS::Queue", {
        VisibilityTimeout: 6 * 120,
        RedrivePolicy: { maxReceiveCount: 16 },
      });
      const alarms = propertiesOf(stack, "AWS::CloudWatch::Alarm").map(({ MetricName: name }) => name);
      expect(alarms).toContain("ApproximateAgeOfOldestMessage");
    });
  }

  if (source === "shards") {
    it("reads from the beginning, for ever, and keeps the records that Lambda gives up", () => {
      stack.template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
        StartingPosition: "TRIM_HORIZON",
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: -1,
        ParallelizationFactor: 1,
        DestinationConfig: {
          OnFailure: { Destination: { "Fn::GetAtt": [Match.stringLikeRegexp("^Undelivered"), "Arn"] } },
        },
      });
      stack.template.hasResource("AWS::S3::Bucket", { DeletionPolicy: "Retain" });
      stack.template.hasResourceProperties("AWS::CloudWatch::Alarm", { MetricName: "IteratorAge" });
    });
  }

  if (source === "async") {
    it("retries as long as Lambda offers, and keeps the events that it or the sender gives up", () => {
      stack.template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 21_600,
        Qualifier: { "Fn::Select": Match.anyValue() },
        DestinationConfig: {
          OnFailure: { Destination: { "Fn::GetAtt": [Match.stringLikeRegexp("^FailedInvocations"), "Arn"] } },
        },
      });
      stack.template.hasResourceProperties("AWS::CloudWatch::Alarm", { MetricName: "AsyncEventsDropped" });
      expect(JSON.stringify(stack.template.toJSON())).toMatch(/"(RedrivePolicy|DeadLetterConfig)"/);
    });
  }
});

it("raises an alarm on each count of what is lost or given up", () => {
  const counts = {
    queue: [],
    shards: ["OnFailureDestinationDeliveredEventCount", "DroppedEventCount"],
    async: ["AsyncEventsDropped", "DestinationDeliveryFailures"],
    topic: [],
  };
  const further: Readonly<Record<string, string>> = {
    sns: "NumberOfNotificationsFailedToRedriveToDlq",
    "sns-to-sqs": "NumberOfNotificationsFailedToRedriveToDlq",
    eventbridge: "InvocationsFailedToBeSentToDlq",
  };
  for (const [name, { channel }, source] of CASES) {
    const alarms = propertiesOf(stacks.get(name)!, "AWS::CloudWatch::Alarm");
    const wanted = [...counts[source], ...(channel in further ? [further[channel]] : [])];
    const found = alarms.map(({ MetricName: metric }) => metric);
    expect([name, wanted.filter((each) => !found.includes(each))]).toEqual([name, []]);
  }
  stacks.get("eventbridge")!.template.hasResourceProperties("AWS::CloudWatch::Alarm", {
    MetricName: "InvocationsFailedToBeSentToDlq",
    Dimensions: [
      { Name: "EventBusName", Value: Match.anyValue() },
      { Name: "RuleName", Value: { "Fn::Select": [2, Match.anyValue()] } },
    ],
  });
});

it("raises alarms only on metrics that AWS documents, by dimensions under which it keeps them", () => {
  for (const [name] of CASES) {
    const { template } = stacks.get(name)!;
    expect([name, undocumentedMetrics(template)]).toEqual([name, []]);
    // Lambda counts the events of a mapping only where it is told to.
    if (JSON.stringify(template.toJSON()).includes("EventSourceMappingUUID"))
      template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
        MetricsConfig: { Metrics: ["EventCount"] },
      });
  }
});

it("raises alarms on what the loader itself tells, by loader and ledger", () => {
  const { template } = synthesize({
    channel: "sns",
    ...LEDGER,
    metricsNamespace: "Fleet",
    lagMaxSeconds: 600,
  });
  const own = [
    ["Events", { Name: "status", Value: "rejected" }],
    ["ParkingFailures"],
    ["Batches", { Name: "result", Value: "outage" }],
    ["Lag"],
  ] as const;
  for (const [metric, label] of own) {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Namespace: "Fleet",
      MetricName: metric,
      Dimensions: Match.arrayEquals([
        { Name: "channel", Value: "sns" },
        { Name: "ledger", Value: "vehicles" },
        { Name: "loader", Value: { Ref: Match.stringLikeRegexp("^LoaderFunction") } },
        ...(label === undefined ? [] : [label]),
      ]),
    });
  }
});

it("What is deployed has limits of retries and a place for what fails", () => {
  for (const [name, , source] of CASES) {
    const { template } = stacks.get(name)!;
    const text = JSON.stringify(template.toJSON());
    const places = {
      queue: '"RedrivePolicy":{"deadLetterTargetArn"',
      shards: '"DestinationConfig":{"OnFailure"',
      async: '"DestinationConfig":{"OnFailure"',
      // The loader's own queue alone, see decision 11.
      topic: '"DEAD_LETTERS"',
    };
    expect([name, text.includes(places[source])]).toEqual([name, true]);
  }
});

describe("the stack of a stream that it creates", () => {
  it.each(["kinesis", "dms"])("encrypts it and keeps it: %s", (channel) => {
    const [, loader] = CASES.find(([name]) => name === channel)!;
    const { template } = synthesize(loader);
    template.hasResource("AWS::Kinesis::Stream", {
      DeletionPolicy: "Retain",
      Properties: {
        RetentionPeriodHours: 168,
        StreamEncryption: { EncryptionType: "KMS", KeyId: "alias/aws/kinesis" },
      },
    });
  });
});

it("tells DMS to write what the loader relies on", () => {
  const [, loader] = CASES.find(([name]) => name === "dms")!;
  const { template } = synthesize(loader);
  template.hasResourceProperties("AWS::DMS::Endpoint", {
    EndpointType: "target",
    KinesisSettings: {
      MessageFormat: "json",
      IncludeNullAndEmpty: true,
      IncludeTransactionDetails: true,
      IncludeControlDetails: true,
      IncludeTableAlterOperations: true,
    },
  });
  template.hasOutput("TaskSettings", { Value: Match.stringLikeRegexp('"EnableBeforeImage":true') });
  template.hasResourceProperties("AWS::Lambda::Function", {
    Environment: {
      Variables: {
        DMS_SOURCE_ENGINE: "postgresql",
        DMS_MAPPING_FILE: "dms-mapping.json",
        BEFORE_IMAGE_FIELD_NAME: "before-image",
      },
    },
  });
});

it("selects the events of the named tables only", () => {
  const { template } = synthesize({ channel: "eventbridge", ...LEDGER, tables: ["Person"], source: "hr" });
  template.hasResourceProperties("AWS::Events::Rule", {
    EventPattern: { source: ["hr"], "detail-type": ["RevisionEvent"], detail: { table: ["Person"] } },
  });
});

it("selects the detail type of another publisher, such as one for the Java loader", () => {
  const { template } = synthesize({ channel: "eventbridge", ...LEDGER, detailType: "LedgerLoadEvent" });
  template.hasResourceProperties("AWS::Events::Rule", {
    EventPattern: { source: ["ledger-loader"], "detail-type": ["LedgerLoadEvent"] },
  });
});

it.each(["sns", "sns-to-sqs"] as const)("lets SNS move to the queue that is named: %s", (channel) => {
  const fifo = channel === "sns" ? "" : ".fifo";
  const queueArn = `arn:aws:sqs:eu-west-1:123456789012:lost${fifo}`;
  const { template } = synthesize({
    channel,
    ...LEDGER,
    region: "us-east-1",
    topicArn: `arn:aws:sns:eu-west-1:123456789012:cars${fifo}`,
    snsDeadLetterQueueArn: queueArn,
  });
  template.hasResourceProperties("AWS::SNS::Subscription", {
    Region: "eu-west-1",
    RedrivePolicy: { deadLetterTargetArn: queueArn },
  });
});

it("has no failure destination on a topic, because Lambda would then give up after ten attempts", () => {
  const [, loader] = CASES.find(([name]) => name === "msk")!;
  const [mapping] = propertiesOf(synthesize(loader), "AWS::Lambda::EventSourceMapping");
  expect(mapping).toMatchObject({ StartingPosition: "TRIM_HORIZON", Topics: ["events"] });
  expect(mapping).not.toHaveProperty("DestinationConfig");
  expect(mapping).not.toHaveProperty("FunctionResponseTypes");
});

it.each([
  [{ channel: "sns", ...LEDGER }, { ALLOW_UNORDERED: "false" }],
  [{ channel: "sns", ...LEDGER, allowUnordered: true }, { ALLOW_UNORDERED: "true" }],
  [{ channel: "eventbridge", ...LEDGER }, { ALLOW_UNORDERED: "false" }],
  [{ channel: "eventbridge", ...LEDGER, allowUnordered: true }, { ALLOW_UNORDERED: "true" }],
  [{ channel: "msk", ...LEDGER, clusterArn: CLUSTER, topic: "events" }, { KAFKA_TOMBSTONES: "reject" }],
  [
    { channel: "msk", ...LEDGER, clusterArn: CLUSTER, topic: "events", tombstones: "acknowledge" },
    { KAFKA_TOMBSTONES: "acknowledge" },
  ],
] as const)("gives the function what a message may advise: %j", (loader, variables) => {
  const [code] = propertiesOf(synthesize(loader), "AWS::Lambda::Function");
  expect(code).toMatchObject({ Environment: { Variables: variables } });
});

it.each(CASES)("gives the function of %s the level of its log and the file of id fields", (_name, loader) => {
  const stack = synthesize({ ...loader, logLevel: "warn", tableIdFieldsFile: "fixtures/id-fields.json" });
  const [code] = propertiesOf(stack, "AWS::Lambda::Function");
  expect(code).toMatchObject({
    Environment: { Variables: { LOG_LEVEL: "warn", TABLE_ID_FIELDS_FILE: "id-fields.ion" } },
  });
});

it("tells the function where receipts go", () => {
  const receiptQueueArn = "arn:aws:sqs:us-east-1:123456789012:receipts";
  const stack = synthesize({ channel: "kinesis", ...LEDGER, receiptQueueArn });
  const { environment } = readFunction(stack, { region: "us-east-1", deadLetterQueueUrl: "https://queue" });
  expect(environment["RECEIPTS"]).toBe("sqs:https://sqs.us-east-1.amazonaws.com/123456789012/receipts");
});

it.each([
  ["debezium", "debezium"],
  ["fixtures/mapping.json", "mapping.ion"],
])("a mapping reaches the function: %s", (mapping, expected) => {
  const stack = synthesize({ channel: "msk", ...LEDGER, clusterArn: CLUSTER, topic: "events", mapping });
  const [{ Environment: environment } = {}] = propertiesOf(stack, "AWS::Lambda::Function");
  expect(environment).toMatchObject({ Variables: { MAPPING: expected } });
});

describe("what does not fit together is said before anything is synthesized", () => {
  it.each([
    [
      { channel: "dms", ...LEDGER, engine: "mysql" },
      "mappingFile: expected the file that maps the source's tables, or a loadEventMapper of your own, found neither",
    ],
    [
      { channel: "sns-to-sqs", ...LEDGER, topicArn: "arn:aws:sns:us-east-1:123456789012:cars" },
      "topicArn: expected a FIFO topic, as the queue is one",
    ],
    [
      { channel: "msk", ...LEDGER, clusterArn: CLUSTER, topic: "t", reportBatchItemFailures: true },
      "reportBatchItemFailures: expected with pollersMax above 0 only",
    ],
    [
      { channel: "dynamodb", ...LEDGER, streamArn: "arn:aws:dynamodb:us-east-1:123456789012:table/cars" },
      "streamArn: expected the ARN",
    ],
    [{ channel: "sqs", ...LEDGER, maskingFile: "fixtures/dms-mapping.json" }, "maskingFile: "],
    [
      { channel: "sqs", ...LEDGER, tableIdFieldsFile: "fixtures/dms-mapping.json" },
      "tableIdFieldsFile: Expected {",
    ],
    [{ channel: "dms", ...LEDGER, engine: "mysql", mappingFile: "synthesize.ts" }, "mappingFile: "],
    [{ channel: "sqs", ...LEDGER, mapping: "fixtures/id-fields.json" }, "mapping: Expected"],
  ])("%j", (loader, message) => {
    expect(() => synthesize(loader as unknown as LoaderDefinition)).toThrow(message);
  });
});
