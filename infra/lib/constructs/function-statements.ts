// SPDX-License-Identifier: MIT
import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { keyStatement } from "./keys";
import type { ILedger } from "./ledger";
import { qldbStatements } from "./ledger-permissions";

/** The resources that a function reaches, whatever its channel. */
export interface Reached {
  readonly ledger: ILedger;
  readonly logGroup: ILogGroup;
  readonly deadLetters: IQueue;
  readonly receiptQueue?: IQueue | undefined;
  readonly maskingKey?: ISecret | undefined;
  readonly encryptionKey?: IKey | undefined;
  readonly vpc?: unknown;
}

/** The rights of a function's role, whatever its channel: just what the function does. */
export function functionStatements(scope: Construct, reached: Reached): PolicyStatement[] {
  const { ledger, logGroup, deadLetters, receiptQueue, maskingKey } = reached;
  const queues = [deadLetters, receiptQueue].filter((queue) => queue !== undefined);
  const secrets = [ledger.secret, maskingKey].filter((secret) => secret !== undefined);
  return [
    new PolicyStatement({
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [logGroup.logGroupArn],
    }),
    new PolicyStatement({ actions: ["sqs:SendMessage"], resources: queues.map(({ queueArn }) => queueArn) }),
    ...(secrets.length === 0
      ? []
      : [
          new PolicyStatement({
            actions: ["secretsmanager:GetSecretValue"],
            resources: secrets.map(secretResource),
          }),
        ]),
    ...keyStatements(reached, secrets),
    ...(ledger.endpoint === undefined
      ? qldbStatements(scope, ledger.ledgerName, ledger.region ?? Stack.of(scope).region)
      : []),
    ...(reached.vpc === undefined ? [] : [networkInterfaces()]),
  ];
}

/** The ARN by which the function asks for a secret. */
export function secretArn(secret: ISecret): string {
  return secret.secretFullArn ?? secret.secretArn;
}

/** An ARN without the six characters that AWS adds matches no policy: a placeholder stands for them. */
function secretResource(secret: ISecret): string {
  return secret.secretFullArn ?? `${secret.secretArn}-??????`;
}

/** The keys of the user's own: that of what the stack creates, and those of what it was given. */
function keyStatements(
  { encryptionKey, deadLetters, receiptQueue }: Reached,
  secrets: readonly ISecret[],
): readonly PolicyStatement[] {
  const written = [encryptionKey, deadLetters.encryptionMasterKey, receiptQueue?.encryptionMasterKey].filter(
    (key) => key !== undefined,
  );
  const read = secrets.map((secret) => secret.encryptionKey).filter((key) => key !== undefined);
  return [
    ...[...new Set(written)].map((key) => keyStatement(key, "write")),
    ...[...new Set(read)].filter((key) => !written.includes(key)).map((key) => keyStatement(key, "read")),
  ];
}

/**
 * The right of Lambda to put a function into a VPC. These actions have no resource to be limited to before the network
 * interfaces are there. Source: AWS Lambda's developer guide, "Giving Lambda functions access to resources in an Amazon VPC".
 */
function networkInterfaces(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      "ec2:CreateNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses",
      "ec2:UnassignPrivateIpAddresses",
    ],
    resources: ["*"],
  });
}
