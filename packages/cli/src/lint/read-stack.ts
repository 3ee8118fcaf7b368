// SPDX-License-Identifier: MIT
import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import { parseTemplate, type Resource, type Template } from "@ledger-loader/lint";
import { awsClientConfig, withAwsClient, type ClientUse } from "../channels/aws-client";
import { StackRefusedError } from "../cli-errors";
import type { Terminal } from "../output/terminal";

/** A template, and the values that its parameters have. */
export interface DeployedTemplate {
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, string>;
}

const MAPPING = "AWS::Lambda::EventSourceMapping";

/**
 * Reads a deployed stack: its template after macros, its parameters, and its event source mappings as they are set today.
 *
 * @throws StackRefusedError if the stack is missing, or these credentials may not read it.
 */
export async function readStack(
  env: Terminal["env"],
  name: string,
  region: string | undefined,
): Promise<DeployedTemplate> {
  const sdk = await import("@aws-sdk/client-cloudformation");
  const client = new sdk.CloudFormationClient(awsClientConfig(env, "CLOUDFORMATION", region));
  const use = { what: `read the stack ${name}`, check: "its name, --region, AWS_ENDPOINT_URL" };
  return withAwsClient(client, StackRefusedError, use, async () => {
    const { TemplateBody: body = "" } = await client.send(
      new sdk.GetTemplateCommand({ StackName: name, TemplateStage: "Processed" }),
    );
    const template = parseTemplate(body, `the stack ${name}`);
    const parameters = await readParameters(client, name);
    const mappings = await readMappings(client, name);
    const resources = await withLiveMappings(env, region, use, template.resources, mappings);
    return { template: { ...template, resources }, parameters };
  });
}

async function readParameters(
  client: CloudFormationClient,
  name: string,
): Promise<ReadonlyMap<string, string>> {
  const sdk = await import("@aws-sdk/client-cloudformation");
  const { Stacks: [stack] = [] } = await client.send(new sdk.DescribeStacksCommand({ StackName: name }));
  const pairs = (stack?.Parameters ?? []).map(
    ({ ParameterKey: key = "", ParameterValue: value = "", ResolvedValue: resolved }) =>
      [key, resolved ?? value] as const,
  );
  return new Map(pairs);
}

/** The UUIDs of the stack's event source mappings, by logical id. */
async function readMappings(
  client: CloudFormationClient,
  name: string,
): Promise<ReadonlyMap<string, string>> {
  const sdk = await import("@aws-sdk/client-cloudformation");
  const found = new Map<string, string>();
  for await (const page of sdk.paginateListStackResources({ client }, { StackName: name })) {
    for (const {
      LogicalResourceId: id,
      ResourceType: type,
      PhysicalResourceId: uuid,
    } of page.StackResourceSummaries ?? []) {
      if (type === MAPPING && id !== undefined && uuid !== undefined) found.set(id, uuid);
    }
  }
  return found;
}

async function withLiveMappings(
  env: Terminal["env"],
  region: string | undefined,
  use: ClientUse,
  resources: readonly Resource[],
  uuids: ReadonlyMap<string, string>,
): Promise<readonly Resource[]> {
  if (uuids.size === 0) return resources;
  const sdk = await import("@aws-sdk/client-lambda");
  const client = new sdk.LambdaClient(awsClientConfig(env, "LAMBDA", region));
  return withAwsClient(client, StackRefusedError, use, async () => {
    const live: Resource[] = [];
    for (const resource of resources) {
      const uuid = uuids.get(resource.id);
      if (uuid === undefined) live.push(resource);
      else
        live.push(
          withSettings(resource, await client.send(new sdk.GetEventSourceMappingCommand({ UUID: uuid }))),
        );
    }
    return live;
  });
}

/** Keeps the resources that a mapping polls and invokes as the template names them, because that leads to other resources. */
function withSettings(resource: Resource, mapping: EventSourceMappingConfiguration): Resource {
  const { FunctionResponseTypes, MaximumRetryAttempts, MaximumRecordAgeInSeconds, ParallelizationFactor } =
    mapping;
  const { MaximumBatchingWindowInSeconds, StartingPosition, ScalingConfig, DestinationConfig } = mapping;
  const settings = {
    FunctionResponseTypes,
    MaximumRetryAttempts,
    MaximumRecordAgeInSeconds,
    ParallelizationFactor,
    MaximumBatchingWindowInSeconds,
    StartingPosition,
    ScalingConfig,
    // The template's own destination names a resource.
    ...(resource.properties["DestinationConfig"] === undefined ? { DestinationConfig } : {}),
  };
  return { ...resource, properties: { ...resource.properties, ...settings } };
}
