// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DatabaseMigrationServiceClient,
  DescribeEndpointsCommand,
} from "@aws-sdk/client-database-migration-service";
import { EventBridgeClient, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import {
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  type EventSourceMappingConfiguration,
} from "@aws-sdk/client-lambda";
import { GetBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetSubscriptionAttributesCommand, GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  deployTemplate,
  describeWhen,
  lintTemplates,
  peerAvailability,
  startMoto,
  type DeployedStack,
  type MotoServer,
} from "@ledger-loader/testkit";
import { deployLoader } from "../../test/deploy-loader";
import { loaderTemplate } from "../../test/loader-template";

const ALIAS = expect.stringMatching(/:function:loader-Function-\w+:live$/);

describeWhen(peerAvailability("moto"), describe)("a template in moto", () => {
  let moto: MotoServer;
  let stack: DeployedStack;
  let lambda: LambdaClient;
  let sqs: SQSClient;
  let sns: SNSClient;
  let s3: S3Client;

  beforeAll(async () => {
    moto = await startMoto();
    lambda = new LambdaClient(moto.clientConfig);
    sqs = new SQSClient(moto.clientConfig);
    sns = new SNSClient(moto.clientConfig);
    s3 = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
    stack = await deployLoader(moto);
  });
  afterAll(async () => {
    for (const client of [lambda, sqs, sns, s3]) client.destroy();
    await moto.close();
  });

  it("comes up with every resource except those of the table of gaps", () => {
    expect([...stack.resources.keys()].sort()).toEqual(
      Object.keys(loaderTemplate.Resources)
        .filter((logicalId) => logicalId !== "CDKMetadata")
        .sort(),
    );
    expect(stack.outputs).toEqual({ QueueUrl: stack.physicalId("Queue"), AliasArn: ALIAS });
  });

  it("runs the function's own code, with its settings, behind the alias", async () => {
    const { Configuration, Concurrency } = await lambda.send(
      new GetFunctionCommand({ FunctionName: stack.physicalId("Function") }),
    );
    expect(Configuration).toMatchObject({
      Handler: "index.handler",
      MemorySize: 512,
      Timeout: 60,
      Environment: {
        Variables: { LEDGER_NAME: "vehicles", LEDGER_CREDENTIALS: stack.physicalId("Secret") },
      },
    });
    expect(Configuration?.CodeSize).toBeGreaterThan(100);
    expect(Concurrency?.ReservedConcurrentExecutions).toBe(5);
    const alias = await lambda.send(
      new GetAliasCommand({ FunctionName: stack.physicalId("Function"), Name: "live" }),
    );
    expect(alias).toMatchObject({ AliasArn: ALIAS, FunctionVersion: "1" });
  });

  it.each([
    ["QueueMapping", "sqs"],
    ["StreamMapping", "kinesis"],
    ["TableMapping", "dynamodb"],
    ["ClusterMapping", "kafka"],
  ] as const)("reads back all of %s, and the alias that it invokes", async (logicalId, service) => {
    const {
      FunctionName: _,
      EventSourceArn,
      ...settings
    } = loaderTemplate.Resources[logicalId].Properties as Record<string, unknown>;
    const found = await mappingsOf(lambda);
    const mapping = found.find(({ UUID }) => UUID === stack.physicalId(logicalId));
    expect(mapping).toMatchObject(
      "DestinationConfig" in settings
        ? { ...settings, DestinationConfig: { OnFailure: { Destination: await arnOfQueue("DeadLetters") } } }
        : settings,
    );
    expect(mapping?.FunctionArn).toBe(stack.outputs["AliasArn"]);
    expect(mapping?.EventSourceArn).toMatch(
      typeof EventSourceArn === "string" ? EventSourceArn : new RegExp(`^arn:aws:${service}:.*loader-`),
    );
  });

  it("reads back queues with encryption, visibility, redrive policy and policy, and names FIFO queues as AWS does", async () => {
    expect(stack.physicalId("Queue")).toMatch(/\/loader-Queue-\w+\.fifo$/);
    const queue = await attributesOfQueue("Queue");
    expect(queue).toMatchObject({
      FifoQueue: "true",
      VisibilityTimeout: "360",
      KmsMasterKeyId: expect.stringContaining(stack.physicalId("Key")),
    });
    expect(JSON.parse(queue["RedrivePolicy"]!)).toEqual({
      deadLetterTargetArn: await arnOfQueue("DeadFifo"),
      maxReceiveCount: 5,
    });
    expect(denied(queue["Policy"])).toEqual(["sqs:*"]);
    expect(await attributesOfQueue("DeadLetters")).toMatchObject({
      SqsManagedSseEnabled: "true",
      MessageRetentionPeriod: "1209600",
    });
  });

  it("reads back a topic with its policy and a subscription with filter, redrive policy and raw delivery", async () => {
    const topic = await sns.send(new GetTopicAttributesCommand({ TopicArn: stack.physicalId("Topic") }));
    expect(topic.Attributes).toMatchObject({ FifoTopic: "true", KmsMasterKeyId: "alias/aws/sns" });
    expect(denied(topic.Attributes!["Policy"])).toEqual(["sns:Publish"]);
    const { Attributes } = await sns.send(
      new GetSubscriptionAttributesCommand({ SubscriptionArn: stack.physicalId("Subscription") }),
    );
    expect(Attributes).toMatchObject({
      RawMessageDelivery: "true",
      FilterPolicy: '{"table": ["Person"]}',
      Endpoint: await arnOfQueue("Queue"),
    });
    expect(JSON.parse(Attributes!["RedrivePolicy"]!)).toEqual({
      deadLetterTargetArn: await arnOfQueue("DeadFifo"),
    });
  });

  it("reads back a rule's target with dead-letter queue and retry policy, and the permission to invoke", async () => {
    const events = new EventBridgeClient(moto.clientConfig);
    const { Targets } = await events.send(
      new ListTargetsByRuleCommand({ Rule: stack.physicalId("Rule"), EventBusName: "loader" }),
    );
    events.destroy();
    expect(Targets).toEqual([
      {
        Id: "loader",
        Arn: ALIAS,
        DeadLetterConfig: { Arn: await arnOfQueue("DeadLetters") },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 },
      },
    ]);
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName: stack.outputs["AliasArn"] }));
    expect(Policy).toContain(stack.physicalId("Rule"));
  });

  it("reads back where failed asynchronous invocations go", async () => {
    expect(
      await lambda.send(
        new GetFunctionEventInvokeConfigCommand({ FunctionName: stack.physicalId("Function") }),
      ),
    ).toMatchObject({
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: await arnOfQueue("DeadLetters") } },
    });
  });

  it("reads back the message format of a DMS endpoint, an alarm, a secret and a bucket's policy", async () => {
    const dms = new DatabaseMigrationServiceClient(moto.clientConfig);
    const { Endpoints } = await dms.send(new DescribeEndpointsCommand({}));
    expect(Endpoints?.[0]?.KinesisSettings).toMatchObject({
      MessageFormat: "json",
      IncludeNullAndEmpty: true,
      IncludeTransactionDetails: true,
      StreamArn: expect.stringContaining(stack.physicalId("Stream")),
    });
    const cloudWatch = new CloudWatchClient(moto.clientConfig);
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms).toEqual([
      expect.objectContaining({
        AlarmName: stack.physicalId("Alarm"),
        Dimensions: [{ Name: "QueueName", Value: expect.stringContaining("loader-DeadLetters-") }],
      }),
    ]);
    const secrets = new SecretsManagerClient(moto.clientConfig);
    const { SecretString } = await secrets.send(
      new GetSecretValueCommand({ SecretId: stack.physicalId("Secret") }),
    );
    expect(JSON.parse(SecretString!)).toEqual({
      accessKeyId: "loader",
      secretAccessKey: expect.stringMatching(/^.{40}$/),
    });
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: stack.physicalId("Bucket") }));
    expect(denied(Policy)).toEqual(["s3:*"]);
    for (const client of [dms, cloudWatch, secrets]) client.destroy();
  });

  it("names the resource that failed and why, and leaves nothing of its stack", async () => {
    const broken = {
      Resources: {
        Fine: { Type: "AWS::SQS::Queue", Properties: { QueueName: "fine" } },
        Broken: { Type: "AWS::SQS::Queue", Properties: { QueueName: "broken", RedrivePolicy: "nonsense" } },
      },
    };
    await expect(deployTemplate(moto, { stackName: "broken", template: broken })).rejects.toThrow(
      /^Expected the stack broken to come up in moto, but it refused Broken \(AWS::SQS::Queue\): /,
    );
    const { QueueUrls } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "fine" }));
    expect(QueueUrls).toBeUndefined();
  });

  it("refuses a template of which moto ignores more than the table says", async () => {
    const template = { Resources: { Unknown: { Type: "AWS::Unheard::Of" } } };
    await expect(deployTemplate(moto, { stackName: "unknown", template })).rejects.toThrow(
      "Expected moto to create Unknown of unknown, but it ignores AWS::Unheard::Of: teach emulator/moto-server.py the type",
    );
  });

  it("finds what is wrong with properties that moto does not look at", async () => {
    const { Endpoint, StreamMapping } = loaderTemplate.Resources;
    const wrong = {
      Resources: {
        ...loaderTemplate.Resources,
        Endpoint: { ...Endpoint, Properties: { ...Endpoint.Properties, KinesisSetting: {} } },
        StreamMapping: {
          ...StreamMapping,
          Properties: { ...StreamMapping.Properties, MaximumRetryAttempts: 20_000 },
        },
      },
    };
    expect((await lintTemplates({ right: loaderTemplate, wrong })).sort()).toEqual([
      expect.stringMatching(/^wrong: E3002 at Resources\/Endpoint\/Properties\/KinesisSetting: /),
      expect.stringMatching(
        /^wrong: E3034 at Resources\/StreamMapping\/Properties\/MaximumRetryAttempts: 20000 /,
      ),
    ]);
  });

  it("is gone after its deletion", async () => {
    await stack.delete();
    expect(await mappingsOf(lambda)).toEqual([]);
    const { Functions } = await lambda.send(new ListFunctionsCommand({}));
    expect(Functions).toEqual([]);
    const { QueueUrls } = await sqs.send(new ListQueuesCommand({}));
    expect(QueueUrls).toBeUndefined();
  });

  async function attributesOfQueue(logicalId: string): Promise<Record<string, string>> {
    const QueueUrl = stack.physicalId(logicalId);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    return Attributes as Record<string, string>;
  }

  async function arnOfQueue(logicalId: string): Promise<string> {
    return (await attributesOfQueue(logicalId))["QueueArn"]!;
  }
});

async function mappingsOf(lambda: LambdaClient): Promise<EventSourceMappingConfiguration[]> {
  const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({}));
  return EventSourceMappings ?? [];
}

/** The actions that a policy denies without TLS. */
function denied(policy: string | undefined): string[] {
  const { Statement } = JSON.parse(policy!) as {
    Statement: { Effect: string; Action: string; Condition: object }[];
  };
  return Statement.filter(
    ({ Effect, Condition }) =>
      Effect === "Deny" && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
  ).map(({ Action }) => Action);
}
