// SPDX-License-Identifier: MIT
import { beforeAll, describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { createApp, parseLoaders, stackName } from "@ledger-loader/infra";
import { propertiesOf, synthesize, type SynthesizedStack } from "../../test/synthesize";

const LEDGER = { ledgerName: "vehicles", ledgerEndpoint: "https://ledger.example.com" } as const;

describe("the stack of a FIFO queue", () => {
  let stack: SynthesizedStack;
  beforeAll(() => {
    stack = synthesize({ channel: "sqs", ...LEDGER, timeoutSeconds: 100 });
  });

  it("has a queue that is encrypted, hides messages for six time-outs and moves undelivered ones", () => {
    stack.template.hasResourceProperties("AWS::SQS::Queue", {
      FifoQueue: true,
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 600,
      FifoThroughputLimit: "perMessageGroupId",
      DeduplicationScope: "messageGroup",
      RedrivePolicy: { maxReceiveCount: 16, deadLetterTargetArn: Match.anyValue() },
    });
  });

  it("lets nobody reach a queue without TLS", () => {
    const queues = Object.keys(stack.template.findResources("AWS::SQS::Queue"));
    const policies = Object.values(stack.template.findResources("AWS::SQS::QueuePolicy"));
    const refusing = policies.filter((policy) =>
      JSON.stringify(policy).includes('"aws:SecureTransport":"false"'),
    );
    expect(refusing).toHaveLength(queues.length);
    expect(queues).toHaveLength(3);
  });

  it("invokes the alias with batches whose failed messages come back alone", () => {
    stack.template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
    const [{ FunctionName: invoked } = {}] = propertiesOf(stack, "AWS::Lambda::EventSourceMapping");
    expect(JSON.stringify(invoked)).toMatch(/LoaderAlias.*:live/);
  });

  it("keeps the queues when it is deleted", () => {
    const queues = Object.values(stack.template.findResources("AWS::SQS::Queue"));
    expect(queues.map(({ DeletionPolicy: policy }) => policy as unknown)).toEqual([
      "Retain",
      "Retain",
      "Retain",
    ]);
  });

  it("raises alarms for dead letters, undelivered and old messages, errors, throttles and near time-outs", () => {
    expect(
      propertiesOf(stack, "AWS::CloudWatch::Alarm")
        .map(({ MetricName: name }) => name)
        .sort(),
    ).toEqual([
      "ApproximateAgeOfOldestMessage",
      "ApproximateNumberOfMessagesVisible",
      "ApproximateNumberOfMessagesVisible",
      "Duration",
      "Errors",
      "Throttles",
    ]);
  });

  it("tells the function its ledger and where dead letters go", () => {
    stack.template.hasResourceProperties("AWS::Lambda::Function", {
      Runtime: "nodejs24.x",
      Environment: {
        Variables: {
          LEDGER_NAME: "vehicles",
          LEDGER_ENDPOINT: "https://ledger.example.com",
          STRICT_MODE: "true",
          DEAD_LETTERS: Match.objectLike({ "Fn::Join": Match.anyValue() }),
        },
      },
    });
  });
});

it("keeps what a FIFO queue cannot do out of its mapping", () => {
  const make = () => synthesize({ channel: "sqs", ...LEDGER, batchSize: 20, batchingWindowSeconds: 5 });
  expect(make).toThrow("loader 1 (sqs): batchSize: expected 10 or less for a FIFO queue, found 20");
  expect(make).toThrow("loader 1 (sqs): batchingWindowSeconds: expected 0 for a FIFO queue, found 5");
});

describe("the times of a queue", () => {
  const make = (values: object) => () => synthesize({ channel: "sqs", ...LEDGER, ...values });

  it.each([
    [
      "an event is parked before the queue gives it up",
      { receivesMax: 5, timeoutSeconds: 35, parkWaitMs: 460_000, oldestMessageSeconds: 900 },
      "parkWaitMs: expected less than the 450 seconds that 5 receives take (receivesMax), or the queue gives events up before the loader parks them, found 460 seconds",
    ],
    [
      "the alarm does not ring for an event that waits as it should",
      { parkWaitMs: 300_000, oldestMessageSeconds: 300 },
      "oldestMessageSeconds: expected more than the 300 seconds that an event may wait (parkWaitMs), found 300",
    ],
    [
      "the queue moves a message before it expires",
      { receivesMax: 1_000, retentionDays: 1 },
      "receivesMax: expected receives that end before retentionDays (1), or messages expire before the queue moves them, found 1000, which take 8 days",
    ],
  ])("fit into one another: %s", (_, values, message) => {
    expect(make(values)).toThrow(`loader 1 (sqs): ${message}`);
  });
});

describe("the stack of a queue that is there already", () => {
  const queueArn = "arn:aws:sqs:us-east-1:123456789012:events.fifo";

  it("polls that queue and watches it, and creates none but that of the loader's dead letters", () => {
    const stack = synthesize({ channel: "sqs", ...LEDGER, queueArn });
    stack.template.resourceCountIs("AWS::SQS::Queue", 1);
    stack.template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: queueArn,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
    stack.template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "ApproximateAgeOfOldestMessage",
      Dimensions: [{ Name: "QueueName", Value: "events.fifo" }],
    });
    const actions = ["sqs:ChangeMessageVisibility", "sqs:ReceiveMessage"];
    const polls = { Action: Match.arrayWith(actions), Effect: "Allow", Resource: queueArn };
    stack.template.hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: { Statement: Match.arrayWith([polls]) },
    });
  });

  it("is of the kind that is said", () => {
    expect(() => synthesize({ channel: "sqs", ...LEDGER, queueArn, fifo: false })).toThrow(
      `queueArn: expected a standard queue, as fifo is false, found ${queueArn}`,
    );
  });
});

it.each([
  ["warns of a ledger without an address, which would be QLDB", { ledgerName: "vehicles" }, true],
  ["has no warning otherwise", LEDGER, false],
])("%s", (_, ledger, isWarned) => {
  const app = createApp(parseLoaders({ loaders: [{ channel: "sqs", ...ledger }] }, __dirname));
  const { messages } = app.synth().getStackByName(stackName("sqs"));
  const warnings = messages.filter(({ entry }) => entry.type.endsWith(":warning"));
  expect(warnings.map(({ entry }) => entry.data)).toEqual(
    isWarned ? [expect.stringContaining("in ledgerEndpoint, found none")] : [],
  );
});
