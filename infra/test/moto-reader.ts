// SPDX-License-Identifier: MIT
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DatabaseMigrationServiceClient,
  DescribeEndpointsCommand,
  type KinesisSettings,
} from "@aws-sdk/client-database-migration-service";
import { EventBridgeClient, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import {
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  type EventSourceMappingConfiguration,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  S3Client,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import { GetSubscriptionAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { DeployedStack, MotoServer } from "@ledger-loader/testkit";

/** A queue as it reads back. */
export interface QueueState {
  readonly url: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A bucket as it reads back. */
export interface BucketState {
  readonly arn: string;
  readonly policy: string | undefined;
  readonly encryptionRules: readonly ServerSideEncryptionRule[];
}

/** A subscription or the target of a rule: what it calls, where it leaves what it gives up, and its settings. */
export interface Caller {
  readonly calls: string | undefined;
  readonly deadLetters: string | undefined;
}

/** Reads the resources of one deployed stack through the API of their services. */
export class MotoReader {
  readonly #stack: DeployedStack;
  readonly #lambda: LambdaClient;
  readonly #sqs: SQSClient;
  readonly #sns: SNSClient;
  readonly #events: EventBridgeClient;
  readonly #s3: S3Client;
  readonly #cloudWatch: CloudWatchClient;
  readonly #dms: DatabaseMigrationServiceClient;

  constructor(moto: Pick<MotoServer, "clientConfig">, stack: DeployedStack) {
    this.#stack = stack;
    this.#lambda = new LambdaClient(moto.clientConfig);
    this.#sqs = new SQSClient(moto.clientConfig);
    this.#sns = new SNSClient(moto.clientConfig);
    this.#events = new EventBridgeClient(moto.clientConfig);
    this.#s3 = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
    this.#cloudWatch = new CloudWatchClient(moto.clientConfig);
    this.#dms = new DatabaseMigrationServiceClient(moto.clientConfig);
  }

  close(): void {
    const clients = [this.#lambda, this.#sqs, this.#sns, this.#events, this.#s3, this.#cloudWatch, this.#dms];
    for (const client of clients) client.destroy();
  }

  /** The event source mappings of the stack, as long as it is there. */
  async mappings(): Promise<readonly EventSourceMappingConfiguration[]> {
    const { EventSourceMappings = [] } = await this.#lambda.send(new ListEventSourceMappingsCommand({}));
    const own = this.#all("AWS::Lambda::EventSourceMapping");
    return EventSourceMappings.filter(({ UUID }) => own.includes(UUID ?? ""));
  }

  /** The stack's buckets, with what they refuse and how they encrypt. */
  async buckets(): Promise<readonly BucketState[]> {
    return Promise.all(
      this.#all("AWS::S3::Bucket").map(async (Bucket) => {
        const { Policy: policy } = await this.#s3.send(new GetBucketPolicyCommand({ Bucket }));
        const { ServerSideEncryptionConfiguration: encryption } = await this.#s3.send(
          new GetBucketEncryptionCommand({ Bucket }),
        );
        return { arn: `arn:aws:s3:::${Bucket}`, policy, encryptionRules: encryption?.Rules ?? [] };
      }),
    );
  }

  /** The names of the queues that alarms watch for messages. */
  async watchedQueues(): Promise<readonly (string | undefined)[]> {
    const names = this.#all("AWS::CloudWatch::Alarm");
    const { MetricAlarms = [] } = await this.#cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [...names] }),
    );
    return MetricAlarms.filter(({ MetricName }) => MetricName === "ApproximateNumberOfMessagesVisible").map(
      ({ Dimensions }) => Dimensions?.find(({ Name }) => Name === "QueueName")?.Value,
    );
  }

  /** What the stack's target endpoints of DMS write to Kinesis, and how. */
  async endpoints(): Promise<readonly (KinesisSettings | undefined)[]> {
    const own = this.#all("AWS::DMS::Endpoint");
    const { Endpoints = [] } = await this.#dms.send(new DescribeEndpointsCommand({}));
    return Endpoints.filter(({ EndpointArn }) => own.includes(EndpointArn ?? "")).map(
      ({ KinesisSettings }) => KinesisSettings,
    );
  }

  /** The names of all functions, also of other stacks. */
  async functionNames(): Promise<readonly (string | undefined)[]> {
    const { Functions = [] } = await this.#lambda.send(new ListFunctionsCommand({}));
    return Functions.map(({ FunctionName }) => FunctionName);
  }

  async function(): Promise<FunctionConfiguration> {
    const FunctionName = this.#only("AWS::Lambda::Function");
    return this.#lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  }

  /** The ARN of the alias that event sources invoke. */
  get alias(): string {
    return this.#only("AWS::Lambda::Alias");
  }

  async queues(): Promise<readonly QueueState[]> {
    return Promise.all(
      this.#all("AWS::SQS::Queue").map(async (url) => {
        const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] });
        const attributes = (await this.#sqs.send(command)).Attributes as Record<string, string>;
        return { url, arn: attributes["QueueArn"] ?? "", attributes };
      }),
    );
  }

  /** The ARNs where the stack's subscriptions, rules, streams and asynchronous invocations hand what they give up. */
  async handovers(): Promise<readonly string[]> {
    const destinations = [
      ...(await this.callers()).map(({ deadLetters }) => deadLetters),
      ...(await this.#invocationQueues()),
      ...(await this.mappings()).map(({ DestinationConfig }) => DestinationConfig?.OnFailure?.Destination),
    ];
    return destinations.filter((arn) => arn !== undefined);
  }

  /** The subscriptions of topics, and the targets of rules on the stack's own bus if it has one. */
  async callers(): Promise<readonly Caller[]> {
    const [EventBusName = "default"] = this.#all("AWS::Events::EventBus");
    const subscriptions = this.#all("AWS::SNS::Subscription").map(async (SubscriptionArn) => {
      const { Attributes = {} } = await this.#sns.send(
        new GetSubscriptionAttributesCommand({ SubscriptionArn }),
      );
      const { RedrivePolicy = "{}", Endpoint, ...settings } = Attributes;
      const { deadLetterTargetArn } = JSON.parse(RedrivePolicy) as { deadLetterTargetArn?: string };
      return [{ ...settings, calls: Endpoint, deadLetters: deadLetterTargetArn }];
    });
    const rules = this.#all("AWS::Events::Rule").map(async (Rule) => {
      const { Targets = [] } = await this.#events.send(new ListTargetsByRuleCommand({ Rule, EventBusName }));
      return Targets.map(({ Arn, DeadLetterConfig, ...settings }) => ({
        ...settings,
        calls: Arn,
        deadLetters: DeadLetterConfig?.Arn,
      }));
    });
    return (await Promise.all([...subscriptions, ...rules])).flat();
  }

  async #invocationQueues(): Promise<(string | undefined)[]> {
    return Promise.all(
      this.#all("AWS::Lambda::EventInvokeConfig").map(async () => {
        const FunctionName = this.#only("AWS::Lambda::Function");
        const config = await this.#lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
        return config.DestinationConfig?.OnFailure?.Destination;
      }),
    );
  }

  #all(type: string): readonly string[] {
    return [...this.#stack.resources]
      .filter(([, resource]) => resource.type === type)
      .map(([logicalId]) => this.#stack.physicalId(logicalId));
  }

  #only(type: string): string {
    const [id, ...others] = this.#all(type);
    if (id === undefined || others.length > 0) {
      throw new Error(
        `Expected one ${type} in the stack, found ${others.length + (id === undefined ? 0 : 1)}.`,
      );
    }
    return id;
  }
}
