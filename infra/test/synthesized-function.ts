// SPDX-License-Identifier: MIT
import path from "node:path";
import { propertiesOf, type SynthesizedStack } from "./synthesize";

/** The function of a stack as it would be deployed. */
export interface SynthesizedFunction {
  readonly codeFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What its role allows, as `ACTION on RESOURCE`, sorted; resources of the stack by their ids without CDK's suffix. */
  readonly allowed: readonly string[];
}

/** What the template leaves to the deployment. */
export interface Deployed {
  readonly region: string;
  readonly deadLetterQueueUrl: string;
}

/** Reads code, environment and permissions of the one function in a stack. */
export function readFunction(stack: SynthesizedStack, deployed: Deployed): SynthesizedFunction {
  const [properties = {}] = propertiesOf(stack, "AWS::Lambda::Function");
  const { Code: code, Environment: environment } = properties as {
    readonly Code: { readonly S3Key: string };
    readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  };
  return {
    codeFolder: path.join(stack.folder, `asset.${path.basename(code.S3Key, ".zip")}`),
    environment: Object.fromEntries(
      Object.entries(environment.Variables).map(([name, value]) => [name, resolve(value, deployed)]),
    ),
    allowed: allowedPermissions(stack),
  };
}

/** Resolves the intrinsic functions that environments have, and no other: an unknown one is an error. */
function resolve(value: unknown, deployed: Deployed): string {
  if (typeof value === "string") return value;
  const [[name, argument] = []] = Object.entries(value as object) as [string, unknown][];
  if (name === "Ref" && argument === "AWS::Region") return deployed.region;
  if (name === "Ref" && argument === "AWS::URLSuffix") return "amazonaws.com";
  if (name === "Ref" && String(argument).startsWith("LoaderDeadLetters")) return deployed.deadLetterQueueUrl;
  if (name === "Fn::Join") {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map((part) => resolve(part, deployed)).join(separator);
  }
  throw new Error(
    `Expected an environment of texts, region and dead-letter queue, found ${JSON.stringify(value)}.`,
  );
}

/** A statement as the stacks write them. */
interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** The policies of the function's role; DMS has a role of its own. A role with other sources of permissions is an error. */
function allowedPermissions(stack: SynthesizedStack): readonly string[] {
  const roles = Object.entries(stack.template.findResources("AWS::IAM::Role")).filter(([id]) =>
    id.startsWith("LoaderRole"),
  );
  for (const [, { Properties: properties }] of roles as [string, { Properties: object }][]) {
    if ("ManagedPolicyArns" in properties || "Policies" in properties) {
      throw new Error("Expected a role whose policies are resources of their own, found others on it.");
    }
  }
  const policies = propertiesOf(stack, "AWS::IAM::Policy").filter(({ Roles: attached }) =>
    JSON.stringify(attached).includes("LoaderRole"),
  );
  const statements = policies.flatMap(
    ({ PolicyDocument: document }) => (document as { Statement: Statement[] }).Statement,
  );
  const permissions = statements.flatMap(({ Effect: effect, Action: action, Resource: resource }) => {
    if (effect !== "Allow") throw new Error(`Expected statements that allow, found ${effect}.`);
    const resources = [resource].flat().map(nameOf);
    return [action].flat().flatMap((each) => resources.map((name) => `${each} on ${name}`));
  });
  return [...new Set(permissions)].sort();
}

/** A resource of the stack by its id; everything else as it is, with the names of pseudo parameters. */
function nameOf(resource: unknown): string {
  if (typeof resource === "string") return resource;
  const [[name, argument] = []] = Object.entries(resource as object) as [string, unknown][];
  if (name === "Ref") return String(argument);
  if (name === "Fn::GetAtt") return (argument as string[])[0]!.replace(/[0-9A-F]{8}$/, "");
  const [, parts] = argument as [string, unknown[]];
  return parts
    .map(nameOf)
    .join("")
    .replace(/^arn:(?:AWS::Partition|aws):qldb:.*:ledger\/[\w-]+/, "LEDGER");
}
