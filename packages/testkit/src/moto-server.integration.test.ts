// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describeWhen, peerAvailability, startMoto, type MotoServer } from "@ledger-loader/testkit";

const role = {
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    },
  },
};
const template = {
  Resources: {
    Role: role,
    DeadLetters: { Type: "AWS::SQS::Queue", Properties: { QueueName: "dead.fifo", FifoQueue: true } },
    Queue: {
      Type: "AWS::SQS::Queue",
      Properties: {
        QueueName: "events.fifo",
        FifoQueue: true,
        VisibilityTimeout: 180,
        RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["DeadLetters", "Arn"] }, maxReceiveCount: 5 },
      },
    },
    Loader: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "loader",
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Role: { "Fn::GetAtt": ["Role", "Arn"] },
        Code: { ZipFile: "exports.handler = async () => {};" },
        Environment: { Variables: { LEDGER_NAME: "new" } },
      },
    },
    Mapping: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        EventSourceArn: { "Fn::GetAtt": ["Queue", "Arn"] },
        FunctionName: { Ref: "Loader" },
        BatchSize: 10,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      },
    },
  },
};

describeWhen(peerAvailability("moto"), describe)("moto", () => {
  let moto: MotoServer;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(async () => {
    await moto.close();
  });

  it("creates queue, function and event source mapping from a CloudFormation template", async () => {
    const cloudFormation = new CloudFormationClient(moto.clientConfig);
    await cloudFormation.send(
      new CreateStackCommand({
        StackName: "loader",
        TemplateBody: JSON.stringify(template),
        Capabilities: ["CAPABILITY_IAM"],
      }),
    );
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: "loader" }));
    expect(Stacks?.[0]?.StackStatus).toBe("CREATE_COMPLETE");
    const resources = await cloudFormation.send(new ListStackResourcesCommand({ StackName: "loader" }));
    expect(resources.StackResourceSummaries?.map((resource) => resource.LogicalResourceId).sort()).toEqual(
      Object.keys(template.Resources).sort(),
    );

    const lambda = new LambdaClient(moto.clientConfig);
    const mappings = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: "loader" }));
    expect(mappings.EventSourceMappings).toEqual([
      expect.objectContaining({
        BatchSize: 10,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        EventSourceArn: "arn:aws:sqs:us-east-1:123456789012:events.fifo",
      }),
    ]);
    const loader = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "loader" }));
    expect(loader.Environment?.Variables).toEqual({ LEDGER_NAME: "new" });

    const sqs = new SQSClient(moto.clientConfig);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "events.fifo" }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    expect(Attributes).toMatchObject({ VisibilityTimeout: "180" });
    expect(JSON.parse(Attributes!.RedrivePolicy!)).toMatchObject({ maxReceiveCount: 5 });
    for (const client of [cloudFormation, lambda, sqs]) client.destroy();
  });
});
