// SPDX-License-Identifier: MIT
import { UpdateEventSourceMappingCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  deployTemplate,
  describeWhen,
  peerAvailability,
  startMoto,
  type DeployedStack,
  type MotoServer,
} from "@ledger-loader/testkit";
import { runWords } from "../test/run-words";

const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
const TEMPLATE = {
  Parameters: { Receives: { Type: "Number", Default: 16 } },
  Resources: {
    Letters: { Type: "AWS::SQS::Queue", Properties: { MessageRetentionPeriod: 1_209_600 } },
    Queue: {
      Type: "AWS::SQS::Queue",
      Properties: {
        VisibilityTimeout: 600,
        RedrivePolicy: { maxReceiveCount: { Ref: "Receives" }, deadLetterTargetArn: arn("Letters") },
      },
    },
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
          ],
        },
      },
    },
    Loader: {
      Type: "AWS::Lambda::Function",
      Properties: {
        Timeout: 100,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Role: arn("Role"),
        Code: { ZipFile: "exports.handler = async () => undefined;" },
      },
    },
    Source: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        EventSourceArn: arn("Queue"),
        FunctionName: { Ref: "Loader" },
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      },
    },
    AgeAlarm: alarm("ApproximateAgeOfOldestMessage", "Queue"),
    LettersAlarm: alarm("ApproximateNumberOfMessagesVisible", "Letters"),
  },
};

function alarm(metric: string, queue: string): { Type: string; Properties: Record<string, unknown> } {
  return {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      Namespace: "AWS/SQS",
      MetricName: metric,
      Statistic: "Maximum",
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [queue, "QueueName"] } }],
    },
  };
}

describeWhen(peerAvailability("moto"), describe)("a deployed stack", () => {
  let moto: MotoServer;
  let stack: DeployedStack;

  beforeAll(async () => {
    moto = await startMoto();
    stack = await deployTemplate(moto, {
      stackName: "orders",
      template: TEMPLATE,
      parameters: { Receives: "3" },
    });
  });
  afterAll(() => moto.close());

  async function lint(name: string): Promise<Record<string, unknown>> {
    const { exitCode, ...result } = await runWords(
      ["lint", `stack:${name}`, "--region", "us-east-1", "--json"],
      {
        env: { AWS_ENDPOINT_URL: moto.endpoint },
      },
    );
    return { exitCode, ...result.json() };
  }

  it("is looked at with the values of its parameters", async () => {
    expect(await lint("orders")).toMatchObject({
      exitCode: 1,
      channels: 1,
      findings: [{ rule: "receives-too-few", resource: "Queue", found: "3" }],
    });
  });

  it("is looked at with its event source mapping as it is set today", async () => {
    const client = new LambdaClient(moto.clientConfig);
    const change = { UUID: stack.physicalId("Source"), FunctionResponseTypes: [] };
    await client.send(new UpdateEventSourceMappingCommand(change));
    client.destroy();
    const { findings } = (await lint("orders")) as { findings: { rule: string }[] };
    expect(findings.map(({ rule }) => rule).toSorted()).toEqual([
      "partial-response-missing",
      "receives-too-few",
    ]);
  });

  it("is named where it is missing", async () => {
    expect(await lint("no-such-stack")).toMatchObject({ exitCode: 2, error: { code: "STACK_REFUSED" } });
  });
});
