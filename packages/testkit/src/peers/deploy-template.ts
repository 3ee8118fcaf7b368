// SPDX-License-Identifier: MIT
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateListStackResources,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { setTimeout as delay } from "node:timers/promises";
import { TestServiceError } from "./guarded-process";
import { findMotoGaps, isIgnoredByMoto, type CloudFormationTemplate, type MetGap } from "./moto-gaps";
import type { MotoServer } from "../moto-server";
import { publishAssets } from "./publish-assets";

/** The template that is deployed to moto. */
export interface TemplateDeployment {
  readonly stackName: string;
  /** The template as it was synthesized; it is deployed as it is. */
  readonly template: CloudFormationTemplate;
  /** Path of the `*.assets.json` that CDK wrote beside the template: the files it names are published first. */
  readonly assetManifest?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A stack in moto. */
export interface DeployedStack {
  readonly outputs: Readonly<Record<string, string>>;
  /** The stack's resources, by logical id; resources that moto ignores are missing. */
  readonly resources: ReadonlyMap<string, DeployedResource>;
  /** The parts of the template that moto does not do: no test can read them back. */
  readonly gaps: readonly MetGap[];
  /** The physical id of a resource. @throws TestServiceError if moto did not create it */
  physicalId(logicalId: string): string;
  /** Deletes the stack and waits until it is gone. @throws TestServiceError with the reason if it stays */
  delete(): Promise<void>;
}

/** A resource of a stack in moto. */
export interface DeployedResource {
  readonly type: string;
  /** The value of `Ref`; moto gives some types none. */
  readonly physicalId: string | undefined;
}

const ASK_AGAIN_MS = 50;
const READY_WITHIN_MS = 20_000;

/**
 * Deploys a template to moto through the CloudFormation API, with the assets that it refers to, and waits until every
 * resource is there.
 *
 * @throws TestServiceError naming the resource that failed and why; a resource that moto ignores and `MOTO_GAPS` does not
 *   list is such a failure too
 */
export async function deployTemplate(
  moto: Pick<MotoServer, "clientConfig">,
  deployment: TemplateDeployment,
): Promise<DeployedStack> {
  const { stackName, template } = deployment;
  if (deployment.assetManifest !== undefined) await publishAssets(moto, deployment.assetManifest);
  const client = new CloudFormationClient(moto.clientConfig);
  try {
    const stack = await createStack(client, deployment);
    const resources = await listResources(client, stackName);
    refuseSurprises(stackName, template, resources);
    return {
      outputs: outputsOf(stack),
      resources,
      gaps: findMotoGaps(template),
      physicalId: (logicalId) => physicalIdOf(stackName, resources, logicalId),
      delete: () => deleteStack(moto, stackName),
    };
  } catch (error) {
    await discard(client, stackName);
    throw error;
  } finally {
    client.destroy();
  }
}

function outputsOf(stack: Stack): Record<string, string> {
  return Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]),
  );
}

async function createStack(client: CloudFormationClient, deployment: TemplateDeployment): Promise<Stack> {
  const { stackName, template, parameters = {} } = deployment;
  try {
    await client.send(
      new CreateStackCommand({
        StackName: stackName,
        TemplateBody: JSON.stringify(template),
        Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
        Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
      }),
    );
  } catch (error) {
    throw notDeployed(stackName, error);
  }
  const stack = await waitUntilSettled(client, stackName);
  if (stack?.StackStatus === "CREATE_COMPLETE") return stack;
  throw new TestServiceError(
    `Expected the stack ${stackName} to become CREATE_COMPLETE in moto, found ${stack?.StackStatus ?? "no stack"}: ` +
      `${stack?.StackStatusReason ?? "moto gives no reason"}. Resources of the type Custom:: never finish there.`,
  );
}

/** The stack once nothing is in progress any more; `undefined` when there is none. */
async function waitUntilSettled(client: CloudFormationClient, stackName: string): Promise<Stack | undefined> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const stack = await findStack(client, stackName);
    if (!stack?.StackStatus?.endsWith("_IN_PROGRESS") || Date.now() > deadline) return stack;
    await delay(ASK_AGAIN_MS);
  }
}

async function findStack(client: CloudFormationClient, stackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && error.message.endsWith("does not exist")) return undefined;
    throw error;
  }
}

async function listResources(
  client: CloudFormationClient,
  stackName: string,
): Promise<Map<string, DeployedResource>> {
  const resources = new Map<string, DeployedResource>();
  for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
    for (const { LogicalResourceId, ResourceType = "", PhysicalResourceId } of page.StackResourceSummaries ??
      []) {
      // moto lists an empty entry for each resource that it ignored.
      if (!LogicalResourceId) continue;
      resources.set(LogicalResourceId, { type: ResourceType, physicalId: PhysicalResourceId });
    }
  }
  return resources;
}

/** Keeps the table of gaps true: what moto ignored is in it, and what is in it moto ignored. */
function refuseSurprises(
  stackName: string,
  template: CloudFormationTemplate,
  resources: ReadonlyMap<string, DeployedResource>,
): void {
  for (const [logicalId, { Type }] of Object.entries(template.Resources)) {
    const ignored = !resources.has(logicalId);
    if (ignored === isIgnoredByMoto(Type)) continue;
    throw new TestServiceError(
      ignored
        ? `Expected moto to create ${logicalId} of ${stackName}, but it ignores ${Type}: teach emulator/moto-server.py the ` +
            `type, or list it in MOTO_GAPS.`
        : `Expected moto to ignore ${logicalId} of ${stackName}, as MOTO_GAPS says of ${Type}, but it created it: remove ` +
            `the type from MOTO_GAPS and assert what reads back.`,
    );
  }
}

function physicalIdOf(
  stackName: string,
  resources: ReadonlyMap<string, DeployedResource>,
  logicalId: string,
): string {
  const id = resources.get(logicalId)?.physicalId;
  if (id !== undefined) return id;
  throw new TestServiceError(
    `Expected ${stackName} in moto to have a resource ${logicalId} with a physical id, found ${[...resources.keys()].join(", ")}.`,
  );
}

async function deleteStack(moto: Pick<MotoServer, "clientConfig">, stackName: string): Promise<void> {
  const client = new CloudFormationClient(moto.clientConfig);
  try {
    await client.send(new DeleteStackCommand({ StackName: stackName }));
    const left = await waitUntilSettled(client, stackName);
    if (left !== undefined)
      throw new Error(left.StackStatusReason ?? `it is ${left.StackStatus ?? "of unknown status"}`);
  } catch (error) {
    throw new TestServiceError(`Expected moto to delete the stack ${stackName}, but ${reasonOf(error)}.`, {
      cause: error,
    });
  } finally {
    client.destroy();
  }
}

/** Takes away what came up of a stack that failed; the failure itself is what the caller is told. */
async function discard(client: CloudFormationClient, stackName: string): Promise<void> {
  await client.send(new DeleteStackCommand({ StackName: stackName })).catch(() => undefined);
}

function notDeployed(stackName: string, error: unknown): TestServiceError {
  return new TestServiceError(
    `Expected the stack ${stackName} to come up in moto, but it refused ${reasonOf(error)}.`,
    { cause: error },
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
}
