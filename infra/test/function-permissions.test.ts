// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import type { LoaderDefinition } from "@ledger-loader/infra";
import { NETWORK_ACTIONS, QUEUE, toPairs } from "./function-runs";
import { synthesize } from "./synthesize";
import { readFunction } from "./synthesized-function";

const LEDGER = { ledgerName: "vehicles", ledgerEndpoint: "https://ledger.example.com" } as const;
const SECRETS = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/751d2973-a626-431c-9d4e-d7975eb44dd7";
const CLUSTER = "arn:aws:kafka:us-east-1:123456789012:cluster/cars/751d2973-a626-431c-9d4e-d7975eb44dd7-2";

/** What every function may do, with the one resource that it may do it to. */
const COMMON = [
  "logs:CreateLogStream on LoaderLog",
  "logs:PutLogEvents on LoaderLog",
  "sqs:SendMessage on LoaderDeadLetters",
];
const POLLED = [...COMMON, ...toPairs(QUEUE)];
/** AWS Lambda's developer guide, "Giving Lambda functions access to resources in an Amazon VPC": required IAM permissions. */
const VPC_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];
/** AWS X-Ray's developer guide: managed policy AWSXRayDaemonWriteAccess, of which these send traces. */
const TRACING_ACTIONS = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"];

/** What a deployment asks for, and all that its function may do then. */
const CASES: readonly (readonly [string, LoaderDefinition, readonly string[]])[] = [
  ["a queue", { channel: "sqs", ...LEDGER }, POLLED],
  [
    "a queue, with secrets",
    {
      channel: "sqs",
      ...LEDGER,
      ledgerCredentialsSecret: `${SECRETS}ledger-AbCdEf`,
      maskingFile: "fixtures/masking.json",
      maskingKeySecret: `${SECRETS}masking-AbCdEf`,
    },
    [
      ...POLLED,
      `secretsmanager:GetSecretValue on ${SECRETS}ledger-AbCdEf`,
      `secretsmanager:GetSecretValue on ${SECRETS}masking-AbCdEf`,
    ],
  ],
  [
    "a queue, in a VPC",
    { channel: "sqs", ...LEDGER, vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-0123456789abcdef0"] },
    [...POLLED, ...on("*", VPC_ACTIONS)],
  ],
  [
    "a queue, with another one for receipts",
    { channel: "sqs", ...LEDGER, receiptQueueArn: "arn:aws:sqs:us-east-1:123456789012:receipts" },
    [...POLLED, "sqs:SendMessage on arn:aws:sqs:us-east-1:123456789012:receipts"],
  ],
  ["a queue, traced", { channel: "sqs", ...LEDGER, tracing: true }, [...POLLED, ...on("*", TRACING_ACTIONS)]],
  [
    "a topic, whose failed invocations are kept apart from what was parked",
    { channel: "sns", ...LEDGER },
    [...COMMON, "sqs:SendMessage on FailedInvocations"],
  ],
  [
    "a cluster with passwords",
    {
      channel: "msk",
      ...LEDGER,
      clusterArn: CLUSTER,
      topic: "events",
      scramSecretArn: `${SECRETS}AmazonMSK_cars-AbCdEf`,
      scramKeyArn: KEY,
    },
    [
      ...COMMON,
      ...on(CLUSTER, ["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers", "kafka:ListScramSecrets"]),
      ...on("*", NETWORK_ACTIONS),
      `secretsmanager:GetSecretValue on ${SECRETS}AmazonMSK_cars-AbCdEf`,
      `kms:Decrypt on ${KEY}`,
    ],
  ],
];

describe("the role of a function allows just these actions, on just these resources", () => {
  it.each(CASES)("%s", (_name, loader, permissions) => {
    const deployed = { region: "us-east-1", deadLetterQueueUrl: "https://queue.example.com" };
    const { allowed } = readFunction(synthesize(loader), deployed);
    expect(allowed).toEqual([...permissions].sort());
  });
});

function on(resource: string, actions: readonly string[]): readonly string[] {
  return actions.map((action) => `${action} on ${resource}`);
}
