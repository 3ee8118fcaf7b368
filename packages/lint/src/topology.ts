// SPDX-License-Identifier: MIT
import type { Resource } from "./template";
import type { TemplateView } from "./template-view";

const FUNCTION = "AWS::Lambda::Function";
const POINTERS = ["AWS::Lambda::Alias", "AWS::Lambda::Version"] as const;

/** The kind of source that an event source mapping polls. */
export type SourceKind = "queue" | "stream" | "table" | "kafka" | "other";

/** An event source mapping, with what it polls and what it invokes, as far as both are in the template. */
export interface Mapping {
  readonly resource: Resource;
  readonly kind: SourceKind;
  readonly sources: readonly Resource[];
  readonly functions: readonly Resource[];
}

const SOURCE_TYPES: Readonly<Record<string, SourceKind>> = {
  "AWS::SQS::Queue": "queue",
  "AWS::Kinesis::Stream": "stream",
  "AWS::DynamoDB::Table": "table",
  "AWS::DynamoDB::GlobalTable": "table",
  "AWS::MSK::Cluster": "kafka",
  "AWS::MSK::ServerlessCluster": "kafka",
};
const SERVICES: readonly (readonly [RegExp, SourceKind])[] = [
  [/^arn:[\w-]+:sqs:/, "queue"],
  [/^arn:[\w-]+:kinesis:/, "stream"],
  [/^arn:[\w-]+:dynamodb:/, "table"],
  [/^arn:[\w-]+:kafka:/, "kafka"],
  [/^arn:[\w-]+:(mq|rds|docdb)/, "other"],
];
const KAFKA_PROPERTIES = ["Topics", "SelfManagedEventSource", "AmazonManagedKafkaEventSourceConfig"];

/** Every event source mapping of a template. */
export function mappingsOf(view: TemplateView): readonly Mapping[] {
  return view.ofType("AWS::Lambda::EventSourceMapping").map((resource) => {
    const sources = view.named(resource.properties["EventSourceArn"], ...Object.keys(SOURCE_TYPES));
    const functions = functionsNamed(view, resource.properties["FunctionName"]);
    return { resource, kind: kindOf(view, resource, sources), sources, functions };
  });
}

function kindOf(view: TemplateView, { properties }: Resource, sources: readonly Resource[]): SourceKind {
  const [source] = sources;
  if (source !== undefined) return SOURCE_TYPES[source.type] ?? "other";
  if (KAFKA_PROPERTIES.some((name) => properties[name] !== undefined)) return "kafka";
  const texts = view.texts(properties["EventSourceArn"]);
  const known = SERVICES.find(([form]) => texts.some((text) => form.test(text)));
  if (known !== undefined) return known[1];
  // Only a queue has no position to start from.
  return properties["StartingPosition"] === undefined ? "queue" : "stream";
}

/** The functions that a part of a template names, also by an alias or a version. */
export function functionsNamed(view: TemplateView, node: unknown): readonly Resource[] {
  const behind = view
    .named(node, ...POINTERS)
    .flatMap(({ properties }) => functionsNamed(view, properties["FunctionName"]));
  return [...new Set([...view.named(node, FUNCTION), ...behind])];
}

/** True if a part of a template names an alias or a version. */
export function namesPointer(view: TemplateView, node: unknown): boolean {
  return view.named(node, ...POINTERS).length > 0;
}
