// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  EventBridgeLoader,
  KinesisLoader,
  Ledger,
  LoaderDashboard,
  MskLoader,
  SnsToSqsLoader,
  SqsLoader,
  type CommonValues,
  type LoaderProps,
} from "@ledger-loader/infra";
import { App, CfnParameter, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { SecurityGroup, Vpc } from "aws-cdk-lib/aws-ec2";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks } from "cdk-nag";
import type { IConstruct } from "constructs";
import { addLedger } from "../../test/fixtures/ledger-app";
import { FleetStack as GuideStack } from "../../test/fixtures/fleet-stack";
import { FLAGS } from "../app/create-app";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function createApp(): App {
  process.env["CDK_VALIDATION"] = "false";
  const outdir = mkdtempSync(path.join(tmpdir(), "cdk-out-"));
  folders.push(outdir);
  return new App({ outdir, context: FLAGS ?? {} });
}

/** Accepts a rule that the user's own resources do not follow. */
function acknowledge(construct: IConstruct, rule: string): void {
  Validations.of(construct).acknowledge({
    id: `AwsSolutions::AwsSolutions-${rule}`,
    reason: "Not the loaders'.",
  });
}

/** A user's stack: resources of their own, and three loaders that use them. */
class FleetStack extends Stack {
  readonly loads: SqsLoader;
  readonly fanOut: SnsToSqsLoader;
  readonly replica: KinesisLoader;

  constructor(app: App) {
    super(app, "Fleet");
    const vpc = new Vpc(this, "Vpc", { maxAzs: 2 });
    vpc.addFlowLog("Flows");
    const encryptionKey = new Key(this, "Key", { enableKeyRotation: true });
    const alarmTopic = new Topic(this, "Alarms", { masterKey: encryptionKey, enforceSSL: true });
    const secret = new Secret(this, "LedgerKeys", { encryptionKey });
    const ledgerGroup = new SecurityGroup(this, "LedgerGroup", { vpc });
    const ledger = Ledger.fromEndpoint(`https://${new CfnParameter(this, "LedgerHost").valueAsString}`, {
      ledgerName: "vehicles",
      secret,
      vpc,
    });
    const common = { ledger, encryptionKey, alarmTopic, securityGroups: [ledgerGroup] };
    const queue = new Queue(this, "Events", {
      fifo: true,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      deadLetterQueue: {
        maxReceiveCount: 10,
        queue: new Queue(this, "Dead", { fifo: true, enforceSSL: true }),
      },
    });
    this.loads = new SqsLoader(this, "Loads", {
      ...common,
      queue,
      filters: [{ body: { table: ["Vehicle"] } }],
    });
    this.fanOut = new SnsToSqsLoader(this, "FanOut", {
      ...common,
      filterPolicy: { table: ["Vehicle"] },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.replica = new KinesisLoader(this, "Replica", { ...common, enabled: false, alarms: true });
    const sender = new Role(this, "Sender", { assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com") });
    for (const loader of [this.loads, this.fanOut, this.replica]) loader.grantSend(sender);
    acknowledge(secret, "SMG4");
    acknowledge(sender, "IAM5[Action::kms:GenerateDataKey*]");
    acknowledge(sender, "IAM5[Action::kms:ReEncrypt*]");
    secret.grantRead(this.loads);
    new LoaderDashboard(this, "Dashboard", { loaders: [this.loads, this.fanOut, this.replica] });
    this.loads.metricDeadLetters().createAlarm(this, "Own", { threshold: 5, evaluationPeriods: 1 });
  }
}

describe("three loaders in a stack of the user's own, with a queue, a VPC, a key and a topic", () => {
  let template: Template;
  let stack: FleetStack;
  beforeAll(() => {
    const app = createApp();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    stack = new FleetStack(app);
    // Throws where a loader does not follow the AWS Solutions rules.
    template = Template.fromStack(stack);
  });

  it("read the user's queue and what they create", () => {
    const sources = Object.values(template.findResources("AWS::Lambda::EventSourceMapping"));
    expect(sources).toHaveLength(3);
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^Events"), "Arn"] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"table":["Vehicle"]}}' }] },
    });
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^ReplicaStream"), "Arn"] },
      Enabled: false,
    });
    template.hasResourceProperties("AWS::SNS::Subscription", {
      FilterPolicy: { table: ["Vehicle"] },
      FilterPolicyScope: "MessageBody",
      RawMessageDelivery: true,
    });
  });

  it("encrypt everything that holds events with the user's key", () => {
    const key = { "Fn::GetAtt": [Match.stringLikeRegexp("^Key"), "Arn"] };
    const created = Object.entries(template.findResources("AWS::SQS::Queue")).filter(([id]) =>
      /^(Loads|FanOut|Replica)/.test(id),
    );
    expect(created).toHaveLength(6);
    for (const [, { Properties: properties }] of created)
      expect(JSON.stringify(properties)).toMatch(/"KmsMasterKeyId":\{"Fn::GetAtt":\["Key/);
    template.hasResourceProperties("AWS::Kinesis::Stream", {
      StreamEncryption: { EncryptionType: "KMS", KeyId: key },
    });
    template.hasResourceProperties("AWS::S3::Bucket", {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { KMSMasterKeyID: key } }],
      },
    });
    template.hasResourceProperties("AWS::Lambda::Function", { KmsKeyArn: key });
    template.hasResourceProperties("AWS::Logs::LogGroup", { KmsKeyId: key });
    template.hasResourceProperties("AWS::KMS::Key", {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: "sns.amazonaws.com" } })]),
      },
    });
  });

  it("run in the ledger's VPC, and read its keys from the secret", () => {
    const functions = Object.entries(template.findResources("AWS::Lambda::Function")).filter(([id]) =>
      id.includes("LoaderFunction"),
    );
    expect(functions).toHaveLength(3);
    for (const [, { Properties: properties }] of functions) {
      const text = JSON.stringify(properties);
      expect(text).toContain('"LEDGER_CREDENTIALS_SECRET":{"Ref":"LedgerKeys');
      expect(text).toMatch(/"LEDGER_ENDPOINT":\{"Fn::Join":\["",\["https:\/\/",\{"Ref":"LedgerHost"\}/);
      expect(text).toContain('"SubnetIds":[{"Ref":"VpcPrivateSubnet1');
    }
  });

  it("tell the user's topic of alarms, and that they are over", () => {
    const alarms = Object.entries(template.findResources("AWS::CloudWatch::Alarm")).filter(([id]) =>
      /^(Loads|FanOut|Replica)/.test(id),
    );
    expect(alarms.length).toBeGreaterThan(10);
    for (const [, { Properties: properties }] of alarms) {
      expect(properties).toMatchObject({ AlarmActions: [{ Ref: expect.stringMatching(/^Alarms/) }] });
      expect(properties).toMatchObject({ OKActions: [{ Ref: expect.stringMatching(/^Alarms/) }] });
    }
  });

  it("have a row each on one dashboard", () => {
    const [dashboard] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
    const body = JSON.stringify(dashboard);
    for (const name of ["Loads", "FanOut", "Replica"]) expect(body).toContain(`## Fleet/${name}`);
  });

  it("keep what they create, unless told otherwise", () => {
    const policyOf = (prefix: string) =>
      Object.entries(template.findResources("AWS::SQS::Queue"))
        .filter(([id]) => id.startsWith(prefix))
        .map(([, { DeletionPolicy: policy }]) => policy as unknown);
    expect(new Set(policyOf("FanOut"))).toEqual(new Set(["Delete"]));
    expect(new Set([...policyOf("Loads"), ...policyOf("Replica")])).toEqual(new Set(["Retain"]));
  });
});

it("is put into a stack as the guide shows", () => {
  const app = createApp();
  const network = new Stack(app, "Network");
  const vpc = new Vpc(network, "Vpc", { maxAzs: 2 });
  const orderService = new Role(network, "Orders", {
    assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com"),
  });
  const template = Template.fromStack(new GuideStack(app, "Fleet", { vpc, orderService }));
  template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
    EventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:events.fifo",
  });
  // The name of a secret is part of its ARN, without the characters that AWS adds.
  expect(JSON.stringify(template.findResources("AWS::IAM::Policy"))).toContain(
    ":secret:ledger-loader-??????",
  );
});

it("of a ledger goes with a loader as the guide shows", () => {
  const app = createApp();
  const network = new Stack(app, "Network");
  const arn = "arn:aws:acm:us-east-1:123456789012:certificate/751d2973-a626-431c-9d4e-d7975eb44dd7";
  addLedger(
    app,
    new Vpc(network, "Vpc", { maxAzs: 2 }),
    Certificate.fromCertificateArn(network, "Cert", arn),
    ContainerImage.fromRegistry("ledger"),
  );
  Template.fromStack(app.node.findChild("Loaders") as Stack).resourceCountIs("AWS::Kinesis::Stream", 1);
});

describe("a construct", () => {
  const ledger = Ledger.fromEndpoint("https://ledger.example.com", { ledgerName: "vehicles" });
  const clusterArn =
    "arn:aws:kafka:us-east-1:123456789012:cluster/cars/751d2973-a626-431c-9d4e-d7975eb44dd7-2";

  it("names everything that is wrong with it, and where it stands", () => {
    const stack = new Stack(createApp(), "Fleet");
    expect(() => new SqsLoader(stack, "Loads", { ledger, batchSize: 0, memoryMb: 1 })).toThrow(
      /- Fleet\/Loads: memoryMb: expected .*, found 1\n- Fleet\/Loads: batchSize: expected .*, found 0/,
    );
    expect(() => new SqsLoader(stack, "Loads", { ledger, batchSize: 11 })).toThrow(
      "Fleet/Loads: batchSize: expected 10 or less for a FIFO queue, found 11",
    );
    expect(() => Ledger.fromEndpoint("http://ledger.example.com", { ledgerName: "vehicles" })).toThrow(
      'ledger: expected an https URL, found "http://ledger.example.com"; allowHttp sends documents in the clear',
    );
  });

  it("takes numbers that only the deployment knows", () => {
    const stack = new Stack(createApp(), "Fleet");
    const memoryMb = new CfnParameter(stack, "Memory", { type: "Number" }).valueAsNumber;
    new EventBridgeLoader(stack, "Loads", { ledger, memoryMb });
    Template.fromStack(stack).hasResourceProperties("AWS::Lambda::Function", {
      MemorySize: { Ref: "Memory" },
    });
  });

  it("of a Kafka topic refuses the consumer group of another one", () => {
    const app = createApp();
    const stack = new Stack(app, "Fleet");
    new MskLoader(stack, "Cars", { ledger, clusterArn, topic: "cars" });
    new MskLoader(stack, "Trucks", { ledger, clusterArn, topic: "trucks" });
    expect(() => app.synth()).toThrow(
      "[Fleet/Trucks] consumerGroup: expected another than that of Fleet/Cars, as a consumer group belongs to one event source mapping, found ledger-loader",
    );
  });

  it("says which services the policy of an imported key must let in", () => {
    const app = createApp();
    const stack = new Stack(app, "Fleet");
    const arn = "arn:aws:kms:eu-west-1:123456789012:key/751d2973-a626-431c-9d4e-d7975eb44dd7";
    new SnsToSqsLoader(stack, "Loads", { ledger, encryptionKey: Key.fromKeyArn(stack, "Key", arn) });
    const warnings = app
      .synth()
      .getStackByName("Fleet")
      .messages.map(({ entry }) => JSON.stringify(entry.data));
    for (const service of ["logs.REGION.amazonaws.com", "sns.amazonaws.com"])
      expect(warnings).toContainEqual(expect.stringContaining(`let ${service} use kms:Decrypt`));
  });

  it("has no metrics of its own without a namespace, and says so", () => {
    const loader = new SqsLoader(new Stack(createApp(), "Fleet"), "Loads", { ledger });
    expect(() => loader.metricRejected()).toThrow("metricsNamespace: expected the namespace");
  });

  it("creates no alarms where it is told not to", () => {
    const stack = new Stack(createApp(), "Fleet");
    new SqsLoader(stack, "Loads", { ledger, alarms: false });
    Template.fromStack(stack).resourceCountIs("AWS::CloudWatch::Alarm", 0);
  });

  it("puts a large map of id fields into a file", () => {
    const stack = new Stack(createApp(), "Fleet");
    const tables = Array.from({ length: 200 }, (_, at) => [`Table${at}`, "identifier"]);
    new SqsLoader(stack, "Loads", {
      ledger,
      revisionWriter: "TableMapperRevisionWriter",
      tableIdFields: Object.fromEntries(tables) as Record<string, string>,
    });
    Template.fromStack(stack).hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: { TABLE_ID_FIELDS_FILE: "id-fields.ion", TABLE_ID_FIELDS: Match.absent() } },
    });
  });
});

/** Every parameter that names no resource is a property of every construct: this fails to compile otherwise. */
type Missing = Exclude<keyof CommonValues, keyof LoaderProps>;
const NONE_IS_MISSING: [Missing] extends [never] ? true : Missing = true;

it("takes every parameter of a deployment that names no resource", () => {
  expect(NONE_IS_MISSING).toBe(true);
});
