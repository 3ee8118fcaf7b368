// SPDX-License-Identifier: MIT
import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/** Every rule of the AWS Solutions pack that a stack does not follow, and why it must not or cannot. */
const REASONS = {
  "AwsSolutions-SQS3":
    "It is where dead letters go: what waits here is redriven by people, not received again.",
  "AwsSolutions-IAM5[Resource::*]":
    "The actions have no resource to be limited to: those of X-Ray, and network interfaces that are not there yet.",
  "AwsSolutions-IAM5[Resource::LEDGER/table/*]":
    "QLDB names tables by ids that it makes when they are created; the statement is limited to one ledger.",
} as const;

/** States why a construct does not follow a rule; `ledger` is the ARN in the finding, where it names one. */
export function acknowledge(construct: IConstruct, rule: keyof typeof REASONS, ledger = ""): void {
  Validations.of(construct).acknowledge({
    id: `AwsSolutions::${rule.replace("LEDGER", ledger)}`,
    reason: REASONS[rule],
  });
}
