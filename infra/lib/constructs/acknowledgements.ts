// SPDX-License-Identifier: MIT
import { Stack, Token, Validations, type CfnElement } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/** Every rule of the AWS Solutions pack, and of CDK's own validation, that a stack does not follow, and why it must not or cannot. */
const REASONS = {
  "AwsSolutions::AwsSolutions-SQS3":
    "It is where dead letters go: what waits here is redriven by people, not received again.",
  "AwsSolutions::AwsSolutions-IAM5[Resource::*]":
    "The actions have no resource to be limited to: those of X-Ray, and network interfaces that are not there yet.",
  "AwsSolutions::AwsSolutions-IAM5[Resource::FINDING/table/*]":
    "QLDB names tables by ids that it makes when they are created; the statement is limited to one ledger.",
  "AwsSolutions::AwsSolutions-S1":
    "Only Lambda writes here, and only when it gives records up; data events of CloudTrail say who reads.",
  "AwsSolutions::AwsSolutions-IAM5[Resource::FINDING/*]":
    "Lambda names the objects that it writes; the statement is limited to one bucket.",
  "AwsSolutions::AwsSolutions-IAM5[Resource::FINDING]":
    "Names of executions, of their objects and of an export's objects come later; each statement is limited to one bucket, function or state machine.",
  "AwsSolutions::AwsSolutions-KDS3": "The key is the user's own: who may use it is theirs to say.",
  "AwsSolutions::AwsSolutions-SMG4":
    "Servers read it when they start, so a rotation must start them anew: that is for people to do.",
  "AwsSolutions::AwsSolutions-RDS6":
    "Servers hold their connections for long, and sign in with a password from Secrets Manager.",
  "AwsSolutions::AwsSolutions-RDS11": "The port is no secret: only the servers' security group reaches it.",
  "AwsSolutions::AwsSolutions-ELB2":
    "The load balancer is internal, and the servers log every change themselves; access logs need a bucket in a region that is known.",
  "AwsSolutions::AwsSolutions-ECS2":
    "The variables are settings; passwords and keys come from Secrets Manager.",
  "CloudFormation-Validate::W3694":
    'SNS delivers to an alias of a function too (AWS Lambda\'s developer guide, "Using Lambda with Amazon SNS").',
} as const;

/** States why a construct does not follow a rule; `finding` is the resource that it names, as cdk-nag prints it. */
export function acknowledge(construct: IConstruct, rule: keyof typeof REASONS, finding = ""): void {
  Validations.of(construct).acknowledge({
    id: rule.replace("FINDING", finding),
    reason: REASONS[rule],
  });
}

/** A text of the stack as cdk-nag prints it: with the name of the pseudo parameter where the environment is not known. */
export function shownText(value: string, name: string): string {
  return Token.isUnresolved(value) ? `<AWS::${name}>` : value;
}

/** The logical id of a construct's resource, as cdk-nag prints it. */
export function shownId(construct: IConstruct): string {
  return Stack.of(construct).getLogicalId(construct.node.defaultChild as CfnElement);
}
