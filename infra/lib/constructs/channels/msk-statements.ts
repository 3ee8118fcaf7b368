// SPDX-License-Identifier: MIT
import { Fn, Token } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";

/**
 * The actions with which Lambda reads a topic: AWS Lambda's developer guide, "Configuring Lambda permissions for Amazon MSK event source
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

/** A topic of a cluster, and how Lambda reads it. */
export interface KafkaSource {
  readonly clusterArn: string;
  readonly topic: string;
  readonly consumerGroup: string;
  readonly scramSecret?: ISecret | undefined;
}

/** The rights of a function's role with which Lambda can read a topic. */
export function mskStatements(source: KafkaSource): PolicyStatement[] {
  const { clusterArn, scramSecret } = source;
  const { cluster, network, iam, scram } = MSK_SOURCE_ACTIONS;
  const common = [
    new PolicyStatement({ actions: [...cluster], resources: [clusterArn] }),
    new PolicyStatement({ actions: [...network], resources: ["*"] }),
  ];
  if (scramSecret !== undefined) {
    const { encryptionKey } = scramSecret;
    return [
      ...common,
      new PolicyStatement({ actions: [...scram], resources: [clusterArn] }),
      new PolicyStatement({
        actions: ["secretsmanager:GetSecretValue"],
        resources: [scramSecret.secretFullArn ?? `${scramSecret.secretArn}-??????`],
      }),
      ...(encryptionKey === undefined
        ? []
        : [new PolicyStatement({ actions: ["kms:Decrypt"], resources: [encryptionKey.keyArn] })]),
    ];
  }
  const resources = [clusterArn, topicArn(source), partOfCluster(clusterArn, "group", source.consumerGroup)];
  return [...common, new PolicyStatement({ actions: [...iam], resources })];
}

/** The ARN of a topic. */
export function topicArn({ clusterArn, topic }: Pick<KafkaSource, "clusterArn" | "topic">): string {
  return partOfCluster(clusterArn, "topic", topic);
}

/** The ARN of a topic or group has the cluster's name and UUID in it. */
function partOfCluster(clusterArn: string, kind: "topic" | "group", name: string): string {
  const arn = Token.isUnresolved(clusterArn)
    ? Fn.join(`:${kind}/`, Fn.split(":cluster/", clusterArn, 2))
    : clusterArn.replace(":cluster/", `:${kind}/`);
  return `${arn}/${name}`;
}
