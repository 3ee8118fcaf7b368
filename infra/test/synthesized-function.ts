// SPDX-License-Identifier: MIT
import path from "node:path";
import { propertiesOf, type SynthesizedStack } from "./synthesize";

/** The function of a stack as it would be deployed. */
export interface SynthesizedFunction {
  readonly codeFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What its role allows, sorted. */
  readonly allowedActions: readonly string[];
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
    allowedActions: allowedActions(stack),
  };
}

/** Resolves the intrinsic functions that environments have, and no other: an unknown one is an error. */
function resolve(value: unknown, deployed: Deployed): string {
  if (typeof value === "string") return value;
  const [[name, argument] = []] = Object.entries(value as object) as [string, unknown][];
  if (name === "Ref" && argument === "AWS::Region") return deployed.region;
  if (name === "Ref" && String(argument).startsWith("LoaderDeadLetters")) return deployed.deadLetterQueueUrl;
  if (name === "Fn::Join") {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map((part) => resolve(part, deployed)).join(separator);
  }
  throw new Error(
    `Expected an environment of texts, region and dead-letter queue, found ${JSON.stringify(value)}.`,
  );
}

/** The actions of the policies of the function's role; DMS has a role of its own. */
function allowedActions(stack: SynthesizedStack): readonly string[] {
  const policies = propertiesOf(stack, "AWS::IAM::Policy").filter(({ Roles: roles }) =>
    JSON.stringify(roles).includes("LoaderRole"),
  );
  const statements = policies.flatMap(
    ({ PolicyDocument: document }) =>
      (document as { Statement: { Effect: string; Action: string | string[] }[] }).Statement,
  );
  return [...new Set(statements.flatMap(({ Action: action }) => action))].sort();
}
