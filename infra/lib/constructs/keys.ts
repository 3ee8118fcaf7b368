// SPDX-License-Identifier: MIT
import { Annotations, ArnFormat, Stack, Token } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

/** The actions that a queue, topic or bucket with its own key needs for those that write there. Readers need the first. */
const WRITE_ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"];

/** Lets a role read and write what is encrypted with a key. */
export function keyStatement(key: IKey, access: "read" | "write"): PolicyStatement {
  return new PolicyStatement({
    actions: access === "read" ? ["kms:Decrypt"] : WRITE_ACTIONS,
    resources: [key.keyArn],
  });
}

/**
 * Lets a service of this account write what is encrypted with a key. An imported key keeps its policy: a warning says what
 * that policy must allow.
 */
export function letServiceUse(scope: Construct, key: IKey | undefined, service: string): void {
  if (key === undefined) return;
  const { account } = Stack.of(scope);
  allow(scope, key, service, WRITE_ACTIONS, { StringEquals: { "aws:SourceAccount": account } });
}

/** Lets CloudWatch Logs write the log groups of a stack. Source: its user guide, “Encrypt log data using AWS KMS”. */
export function letLogsUse(scope: Construct, key: IKey | undefined): void {
  if (key === undefined) return;
  const stack = Stack.of(scope);
  const groups = stack.formatArn({
    service: "logs",
    resource: "log-group",
    resourceName: "*",
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const actions = ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"];
  allow(scope, key, `logs.${stack.region}.amazonaws.com`, actions, {
    ArnLike: { "kms:EncryptionContext:aws:logs:arn": groups },
  });
}

function allow(
  scope: Construct,
  key: IKey,
  service: string,
  actions: string[],
  conditions: Record<string, unknown>,
): void {
  const principals = [new ServicePrincipal(service)];
  const statement = new PolicyStatement({ principals, actions, resources: ["*"], conditions });
  if (key.addToResourcePolicy(statement, true).statementAdded) return;
  const [name = service] = service.split(".");
  const shown = Token.isUnresolved(service) ? `${name}.REGION.amazonaws.com` : service;
  Annotations.of(scope).addWarningV2(
    `ledger-loader:keyPolicy:${name}`,
    `Expected a key whose policy can be changed here, found an imported one: let ${shown} use ${actions.join(", ")} in the policy of the key.`,
  );
}
