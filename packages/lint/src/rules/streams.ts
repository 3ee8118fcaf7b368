// SPDX-License-Identifier: MIT
import type { Inspection } from "../inspection";
import type { Resource } from "../template";
import { mayBeAbsent, mayBeOn, numbers } from "../template-view";
import type { Mapping } from "../topology";
import { inspectPartialResponse } from "./queues";

const RETENTION_HOURS_DEFAULT = 24;
const DESTINATION = "DestinationConfig.OnFailure.Destination";

/** Looks at a mapping of shards: a data stream or a table's stream. */
export function inspectShards(look: Inspection, mapping: Mapping): void {
  const { resource, sources } = mapping;
  inspectPartialResponse(look, mapping);
  inspectLimit(look, resource, "retries-end", "MaximumRetryAttempts");
  inspectLimit(look, resource, "record-age-ends", "MaximumRecordAgeInSeconds");
  inspectStart(look, resource);
  inspectParallel(look, resource);
  inspectDestination(look, resource);
  inspectParking(look, mapping);
  for (const source of sources) {
    if (source.type === "AWS::Kinesis::Stream") inspectRetention(look, source);
    else inspectView(look, source);
  }
  if (sources.length === 0)
    look.skip(resource, "Its stream is not in this template: the settings of the stream were not checked.");
}

/** Looks at a mapping of a Kafka topic. */
export function inspectKafka(look: Inspection, mapping: Mapping): void {
  const { resource } = mapping;
  inspectLimit(look, resource, "retries-end", "MaximumRetryAttempts");
  inspectLimit(look, resource, "record-age-ends", "MaximumRecordAgeInSeconds");
  inspectStart(look, resource);
  inspectParking(look, mapping);
  inspectKafkaDestination(look, resource);
  inspectKafkaResponse(look, mapping);
  look.skip(
    resource,
    "Topics are not in templates: retention, compaction, replicas and the number of partitions were not checked.",
  );
}

function inspectLimit(
  look: Inspection,
  resource: Resource,
  rule: "retries-end" | "record-age-ends",
  path: string,
): void {
  const values = look.view.values(resource, path);
  if (numbers(values, -1).some((limit) => limit !== -1)) look.report(rule, resource, path, values);
}

function inspectStart(look: Inspection, resource: Resource): void {
  const path = "StartingPosition";
  const values = look.view.values(resource, path);
  const isLatest = values.some((value) => value.kind === "literal" && value.value === "LATEST");
  if (isLatest) look.report("starts-at-latest", resource, path, values);
}

function inspectParallel(look: Inspection, resource: Resource): void {
  const path = "ParallelizationFactor";
  const values = look.view.values(resource, path);
  if (numbers(values, 1).some((factor) => factor > 1))
    look.report("parallel-batches", resource, path, values);
}

function inspectDestination(look: Inspection, resource: Resource): void {
  const { view } = look;
  const values = view.values(resource, DESTINATION);
  if (mayBeAbsent(values)) look.report("destination-missing", resource, DESTINATION, values);
  inspectMetadataOnly(look, resource);
  const destination = asDestination(resource);
  for (const queue of view.named(destination, "AWS::SQS::Queue")) look.failureQueues.add(queue);
}

function inspectMetadataOnly(look: Inspection, resource: Resource): void {
  const { view } = look;
  const destination = asDestination(resource);
  const isQueueOrTopic =
    view.named(destination, "AWS::SQS::Queue", "AWS::SNS::Topic").length > 0 ||
    view.texts(destination).some((text) => /^arn:[\w-]+:(sqs|sns):/.test(text));
  if (isQueueOrTopic)
    look.report("metadata-only-destination", resource, DESTINATION, view.values(resource, DESTINATION));
}

function asDestination({ properties }: Resource): unknown {
  return properties["DestinationConfig"];
}

function inspectKafkaDestination(look: Inspection, resource: Resource): void {
  const values = look.view.values(resource, DESTINATION);
  if (values.every(({ kind }) => kind === "absent")) return;
  look.report("kafka-destination-ends-retries", resource, DESTINATION, values);
  inspectMetadataOnly(look, resource);
}

/** Only a loader of this project or its predecessor has `LEDGER_NAME`; another function has ways of its own. */
function inspectParking(look: Inspection, { functions }: Mapping): void {
  const variables = "Environment.Variables";
  for (const each of functions) {
    if (mayBeAbsent(look.view.values(each, `${variables}.LEDGER_NAME`))) continue;
    const values = look.view.values(each, `${variables}.DEAD_LETTERS`);
    if (mayBeAbsent(values)) look.report("parking-missing", each, `${variables}.DEAD_LETTERS`, values);
  }
}

function inspectKafkaResponse(look: Inspection, { resource, functions }: Mapping): void {
  const { view } = look;
  const path = "FunctionResponseTypes";
  const isMapped = view.items(resource, path).includes("ReportBatchItemFailures");
  for (const each of functions) {
    const setting = view.values(each, "Environment.Variables.MSK_REPORT_BATCH_ITEM_FAILURES");
    if (mayBeOn(setting) === isMapped) continue;
    const found = `${isMapped ? "" : "no "}ReportBatchItemFailures; the function's MSK_REPORT_BATCH_ITEM_FAILURES is ${isMapped ? "off" : "on"}`;
    look.reportText("partial-response-unmatched", resource, path, found);
  }
}

function inspectRetention(look: Inspection, stream: Resource): void {
  const path = "RetentionPeriodHours";
  const values = look.view.values(stream, path);
  if (numbers(values, RETENTION_HOURS_DEFAULT).some((hours) => hours <= RETENTION_HOURS_DEFAULT)) {
    look.report("retention-too-short", stream, path, values, `not set, so ${RETENTION_HOURS_DEFAULT}`);
  }
}

function inspectView(look: Inspection, table: Resource): void {
  const path = "StreamSpecification.StreamViewType";
  const values = look.view.values(table, path);
  const isBlind = values.some(
    ({ kind, ...value }) => kind === "literal" && "value" in value && !String(value.value).startsWith("NEW_"),
  );
  if (isBlind) look.report("stream-view-without-new-image", table, path, values);
}
