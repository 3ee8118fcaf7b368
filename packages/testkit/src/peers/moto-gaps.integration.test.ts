// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeStreamSummaryCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import {
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import {
  GetBucketLifecycleConfigurationCommand,
  GetPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DescribeStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  describeWhen,
  MOTO_GAPS,
  peerAvailability,
  startMoto,
  type DeployedStack,
  type MotoServer,
} from "@ledger-loader/testkit";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { deployLoader } from "../../test/deploy-loader";

/** The values that moto's Lambda reports of properties that it was not given. */
const FUNCTION_DEFAULTS = {
  Architectures: ["x86_64"],
  DeadLetterConfig: undefined,
  EphemeralStorage: { Size: 512 },
  KmsKeyArn: undefined,
  LoggingConfig: undefined,
  TracingConfig: { Mode: "PassThrough" },
};

describeWhen(peerAvailability("moto"), describe)("the gaps of moto", () => {
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

  /** Each reads what moto would know if the gap were closed: `undefined` as long as it is not. */
  const lost: Record<string, () => Promise<unknown>> = {
    "AWS::Lambda::Alias ProvisionedConcurrencyConfig": () =>
      ifKnown(
        lambda.send(
          new GetProvisionedConcurrencyConfigCommand({
            FunctionName: stack.physicalId("Function"),
            Qualifier: "live",
          }),
        ),
      ),
    "AWS::Lambda::EventInvokeConfig Qualifier": async () => {
      const FunctionName = stack.physicalId("Function");
      const config = await lambda.send(
        new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: "live" }),
      );
      return config.FunctionArn?.split(":")[7];
    },
    "AWS::Kinesis::Stream StreamEncryption": async () => {
      const { EncryptionType } = await streamSummary();
      return EncryptionType === "NONE" ? undefined : EncryptionType;
    },
    "AWS::Kinesis::Stream StreamModeDetails": async () => {
      const { StreamModeDetails } = await streamSummary();
      return StreamModeDetails?.StreamMode === "PROVISIONED" ? undefined : StreamModeDetails;
    },
    "AWS::Logs::LogGroup KmsKeyId": async () => {
      const client = new CloudWatchLogsClient(moto.clientConfig);
      const { logGroups } = await client.send(new DescribeLogGroupsCommand({}));
      client.destroy();
      return logGroups?.find(({ logGroupName }) => logGroupName === stack.physicalId("Logs"))?.kmsKeyId;
    },
    "AWS::S3::Bucket LifecycleConfiguration": () =>
      ifKnown(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: stack.physicalId("Bucket") }))),
    "AWS::S3::Bucket PublicAccessBlockConfiguration": () =>
      ifKnown(s3.send(new GetPublicAccessBlockCommand({ Bucket: stack.physicalId("Bucket") }))),
    "AWS::SNS::Topic TracingConfig": async () => {
      const topic = await sns.send(new GetTopicAttributesCommand({ TopicArn: stack.physicalId("Topic") }));
      return topic.Attributes?.["TracingConfig"];
    },
    "AWS::SQS::Queue RedriveAllowPolicy": async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: stack.physicalId("DeadFifo"), AttributeNames: ["All"] }),
      );
      return Attributes?.RedriveAllowPolicy;
    },
    "AWS::StepFunctions::StateMachine LoggingConfiguration": async () => {
      const { loggingConfiguration } = await stateMachine();
      return loggingConfiguration?.destinations;
    },
    "AWS::StepFunctions::StateMachine TracingConfiguration": async () => {
      const { tracingConfiguration } = await stateMachine();
      return tracingConfiguration?.enabled === true ? tracingConfiguration : undefined;
    },
    "AWS::CDK::Metadata": () => Promise.resolve(stack.resources.get("CDKMetadata")),
    ...Object.fromEntries(
      Object.entries(FUNCTION_DEFAULTS).map(([property, unset]) => [
        `AWS::Lambda::Function ${property}`,
        async () => {
          const { Configuration } = await lambda.send(
            new GetFunctionCommand({ FunctionName: stack.physicalId("Function") }),
          );
          const value = Configuration?.[property as keyof typeof Configuration];
          return JSON.stringify(value) === JSON.stringify(unset) ? undefined : value;
        },
      ]),
    ),
  };

  it("tells of each property and each resource of the template that moto loses", () => {
    expect(stack.gaps.map(nameOf).sort()).toEqual(MOTO_GAPS.map(nameOf).sort());
    expect(stack.gaps).toContainEqual(
      expect.objectContaining({ logicalId: "Stream", property: "StreamEncryption" }),
    );
  });

  it.each(MOTO_GAPS.map(nameOf))("moto still loses %s: else remove it from MOTO_GAPS", async (gap) => {
    expect(Object.keys(lost)).toContain(gap);
    expect(await lost[gap]!()).toBeUndefined();
  });

  async function stateMachine() {
    const client = new SFNClient(moto.clientConfig);
    const stateMachineArn = stack.physicalId("StateMachine");
    const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    client.destroy();
    return described;
  }

  async function streamSummary() {
    const kinesis = new KinesisClient({ ...moto.clientConfig, requestHandler: new NodeHttpHandler() });
    const summary = await kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: stack.physicalId("Stream") }),
    );
    kinesis.destroy();
    return summary.StreamDescriptionSummary!;
  }
});

function nameOf({ type, property }: { readonly type: string; readonly property?: string }): string {
  return property === undefined ? type : `${type} ${property}`;
}

/** The answer; `undefined` if moto does not know of such a thing. */
async function ifKnown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404) return undefined;
    throw error;
  }
}
