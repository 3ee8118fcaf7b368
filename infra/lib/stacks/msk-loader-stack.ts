// SPDX-License-Identifier: MIT
import { KAFKA_SETTINGS } from "@ledger-loader/msk";
import { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { SourceAccessConfigurationType, StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { acknowledge } from "../constructs/acknowledgements";
import type { LoaderValues } from "../constructs/loader-function";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import {
  boolean,
  fromSetting,
  integer,
  optional,
  required,
  text,
  type ParameterValues,
} from "../parameters/parameter";

/** The parameters of a topic and its event source mapping. The cluster is the user's. */
export const MSK_PARAMETERS = {
  clusterArn: required<string>({
    accepts: "the ARN of an Amazon MSK cluster",
    parse: text(/^arn:[\w-]+:kafka:[\w-]+:\d{12}:cluster\/[\w-]+\/[\w-]+$/),
    meaning: "The cluster that the topic is in. Lambda reads it from within the cluster's own VPC.",
    tradeOff: "None: it must be set.",
  }),
  topic: required<string>({
    accepts: "the name of a topic",
    parse: text(/^[\w.-]{1,249}$/),
    meaning: "The topic with the events; key: the record.",
    tradeOff: "None: it must be set.",
  }),
  consumerGroup: optional({
    accepts: "1 to 200 letters, digits and .-_",
    parse: text(/^[\w.-]{1,200}$/),
    defaultValue: "ledger-loader",
    meaning: "The consumer group whose offsets Lambda commits.",
    tradeOff: "With another name, the topic is read from its beginning again; what is loaded is recognized.",
  }),
  scramSecretArn: optional<string | undefined>({
    accepts: "the ARN of a secret in AWS Secrets Manager",
    parse: text(/^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:AmazonMSK_[\w/+=.@-]+$/),
    defaultValue: undefined,
    meaning: "The secret with user and password for SASL/SCRAM; not set, Lambda authenticates with IAM.",
    tradeOff: "IAM has no password to rotate.",
  }),
  scramKeyArn: optional<string | undefined>({
    accepts: "the ARN of a KMS key",
    parse: text(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/),
    defaultValue: undefined,
    meaning: "The key that the SCRAM secret is encrypted with; MSK demands one of your own.",
    tradeOff: "None.",
  }),
  batchSize: optional({
    accepts: "an integer from 1 to 10000",
    parse: integer(1, 10_000),
    defaultValue: 100,
    meaning: "How many records one invocation gets at most.",
    tradeOff:
      "A batch that fails comes again as a whole; smaller ones repeat less, larger ones share transactions.",
  }),
  batchingWindowSeconds: optional({
    accepts: "an integer from 0 to 300",
    parse: integer(0, 300),
    defaultValue: 1,
    meaning: "How many seconds Lambda waits for a batch to fill.",
    tradeOff: "Longer makes fewer and fuller batches, and each event comes that much later.",
  }),
  pollersMax: optional({
    accepts: "an integer from 0 to 2000",
    parse: integer(0, 2000),
    defaultValue: 0,
    meaning: "How many event pollers Lambda may provision for the topic; 0 leaves it to Lambda.",
    tradeOff: "Provisioned pollers are paid for by the hour, one at least.",
  }),
  reportBatchItemFailures: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: false,
    meaning:
      "Whether the function names the failed records instead of failing its batch; with pollersMax only.",
    tradeOff:
      "Fewer records come again. AWS's guide does not show how a record is named; see docs/guides/load-from-kafka.md.",
  }),
  tombstones: fromSetting(KAFKA_SETTINGS.tombstones),
  offsetLagMax: optional({
    accepts: "an integer from 1 to 1000000000",
    parse: integer(1, 1_000_000_000),
    defaultValue: 100_000,
    meaning: "How many records behind the topic's end the function may be before the alarm.",
    tradeOff: "None.",
  }),
} as const;

/**
 * What Lambda needs to read a topic: AWS Lambda's developer guide, "Configuring Lambda permissions for Amazon MSK event source
 * mappings" and "Configuring cluster and network access".
 */
const MSK_SOURCE_ACTIONS = {
  cluster: ["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
  network: [
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
  ],
  iam: [
    "kafka-cluster:Connect",
    "kafka-cluster:DescribeClusterDynamicConfiguration",
    "kafka-cluster:DescribeTopic",
    "kafka-cluster:ReadData",
    "kafka-cluster:DescribeGroup",
    "kafka-cluster:AlterGroup",
  ],
  scram: ["kafka:ListScramSecrets"],
} as const;

/** The values of a topic's loader. */
export type MskValues = LoaderValues & ParameterValues<typeof MSK_PARAMETERS>;

/** What does not fit together in a topic's parameters. */
export function checkMsk(values: MskValues): readonly string[] {
  const { reportBatchItemFailures, pollersMax, scramSecretArn, scramKeyArn } = values;
  return [
    ...(reportBatchItemFailures && pollersMax === 0
      ? ["reportBatchItemFailures: expected with pollersMax above 0 only, found 0"]
      : []),
    ...((scramSecretArn === undefined) === (scramKeyArn === undefined)
      ? []
      : ["scramSecretArn: expected scramSecretArn and scramKeyArn together, found one of them"]),
  ];
}

/** Loads the events of a topic of an Amazon MSK cluster. */
export class MskLoaderStack extends LoaderStack {
  constructor(scope: Construct, id: string, props: LoaderStackProps<MskValues>) {
    const { values } = props;
    const { reportBatchItemFailures, pollersMax, scramSecretArn } = values;
    super(scope, id, props, {
      entry: "msk",
      environment: {
        MSK_REPORT_BATCH_ITEM_FAILURES: String(reportBatchItemFailures),
        [KAFKA_SETTINGS.tombstones.name]: values.tombstones,
      },
    });
    acknowledge(this.loader.role, "AwsSolutions::AwsSolutions-IAM5[Resource::*]");
    this.loader.connect(
      "Source",
      {
        eventSourceArn: values.clusterArn,
        kafkaTopic: values.topic,
        kafkaConsumerGroupId: values.consumerGroup,
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: values.batchSize,
        maxBatchingWindow: Duration.seconds(values.batchingWindowSeconds),
        // No failure destination: with one, Lambda gives a batch up after ten attempts, in an outage of the ledger too.
        ...(reportBatchItemFailures ? { reportBatchItemFailures } : {}),
        ...(pollersMax === 0
          ? {}
          : { provisionedPollerConfig: { minimumPollers: 1, maximumPollers: pollersMax } }),
        ...(scramSecretArn === undefined
          ? {}
          : {
              sourceAccessConfigurations: [
                { type: SourceAccessConfigurationType.SASL_SCRAM_512_AUTH, uri: scramSecretArn },
              ],
            }),
      },
      statementsOf(values),
    );
    this.alarms.offsetLag(this.loader.alias, values.offsetLagMax);
  }
}

function statementsOf(values: MskValues): PolicyStatement[] {
  const { clusterArn, topic, consumerGroup, scramSecretArn, scramKeyArn } = values;
  const { cluster, network, iam, scram } = MSK_SOURCE_ACTIONS;
  const common = [
    new PolicyStatement({ actions: [...cluster], resources: [clusterArn] }),
    new PolicyStatement({ actions: [...network], resources: ["*"] }),
  ];
  if (scramSecretArn !== undefined) {
    return [
      ...common,
      new PolicyStatement({ actions: [...scram], resources: [clusterArn] }),
      new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: [scramSecretArn] }),
      ...(scramKeyArn === undefined
        ? []
        : [new PolicyStatement({ actions: ["kms:Decrypt"], resources: [scramKeyArn] })]),
    ];
  }
  const resources = [
    clusterArn,
    `${clusterArn.replace(":cluster/", ":topic/")}/${topic}`,
    `${clusterArn.replace(":cluster/", ":group/")}/${consumerGroup}`,
  ];
  return [...common, new PolicyStatement({ actions: [...iam], resources })];
}
