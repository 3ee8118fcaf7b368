// SPDX-License-Identifier: MIT
import type { Inspection } from "../inspection";
import type { Resource } from "../template";
import { mayBeAbsent, mayBeOn, numbers } from "../template-view";
import type { Mapping } from "../topology";

/** The value that SQS and Lambda take where a property is absent. */
const VISIBILITY_DEFAULT = 30;
const TIMEOUT_DEFAULT = 3;
const RETENTION_DEFAULT = 345_600;
const RETENTION_MAX = 1_209_600;
const RECEIVES_MIN = 5;

/** Looks at a queue that a function loads, and at its mapping. */
export function inspectQueues(look: Inspection, mapping: Mapping): void {
  inspectPartialResponse(look, mapping);
  inspectConcurrency(look, mapping);
  for (const queue of mapping.sources) {
    inspectVisibility(look, mapping, queue);
    inspectRedrive(look, queue);
    inspectDeduplication(look, queue);
  }
  if (mapping.sources.length === 0) {
    const why =
      "Its queue is not in this template: visibility time-out, redrive policy and retention were not checked.";
    look.skip(mapping.resource, why);
  }
}

/** Looks whether a function may name what failed. */
export function inspectPartialResponse(look: Inspection, { resource }: Mapping): void {
  const path = "FunctionResponseTypes";
  if (look.view.items(resource, path).includes("ReportBatchItemFailures")) return;
  const values = look.view.values(resource, path);
  if (values.every(({ kind }) => kind === "unknown")) return;
  look.report("partial-response-missing", resource, path, values);
}

function inspectVisibility(look: Inspection, mapping: Mapping, queue: Resource): void {
  const { view } = look;
  const timeouts = mapping.functions.flatMap((each) =>
    numbers(view.values(each, "Timeout"), TIMEOUT_DEFAULT),
  );
  if (timeouts.length === 0) {
    look.skip(
      mapping.resource,
      "Its function is not in this template: the visibility time-out was not compared with the function's.",
    );
    return;
  }
  const [window = 0] = numbers(view.values(mapping.resource, "MaximumBatchingWindowInSeconds"), 0);
  const needed = 6 * Math.max(...timeouts) + window;
  const path = "VisibilityTimeout";
  const [shortest = needed] = numbers(view.values(queue, path), VISIBILITY_DEFAULT).toSorted((a, b) => a - b);
  if (shortest >= needed) return;
  const origin = queue.properties[path] === undefined ? "not set, so " : "";
  look.reportText("visibility-too-short", queue, path, `${origin}${shortest}; ${needed} needed`);
}

function inspectRedrive(look: Inspection, queue: Resource): void {
  const { view } = look;
  const path = "RedrivePolicy";
  const values = view.values(queue, path);
  if (mayBeAbsent(values)) look.report("dead-letter-queue-missing", queue, path, values);
  const receives = view.values(queue, `${path}.maxReceiveCount`);
  if (numbers(receives).some((count) => count < RECEIVES_MIN)) {
    look.report("receives-too-few", queue, `${path}.maxReceiveCount`, receives);
  }
  for (const failed of view.named(queue.properties[path], "AWS::SQS::Queue")) look.failureQueues.add(failed);
}

function inspectDeduplication(look: Inspection, resource: Resource): void {
  const path = "ContentBasedDeduplication";
  const values = look.view.values(resource, path);
  if (mayBeOn(values)) look.report("content-deduplication", resource, path, values);
}

/** Looks at the topics of a template: they drop duplicates as queues do. */
export function inspectTopics(look: Inspection): void {
  for (const topic of look.view.ofType("AWS::SNS::Topic")) inspectDeduplication(look, topic);
}

function inspectConcurrency(look: Inspection, { resource, functions }: Mapping): void {
  const { view } = look;
  const path = "ScalingConfig.MaximumConcurrency";
  const reserved = functions.flatMap((each) => numbers(view.values(each, "ReservedConcurrentExecutions")));
  if (reserved.length === 0) return;
  const values = view.values(resource, path);
  const [most = Infinity] = numbers(values).toSorted((a, b) => b - a);
  if (most > Math.min(...reserved)) look.report("messages-throttled", resource, path, values);
}

/** Looks at every queue where failed events are put. */
export function inspectFailureQueues(look: Inspection): void {
  const path = "MessageRetentionPeriod";
  for (const queue of look.failureQueues) {
    const values = look.view.values(queue, path);
    if (numbers(values, RETENTION_DEFAULT).some((seconds) => seconds < RETENTION_MAX)) {
      look.report("dead-letters-expire", queue, path, values, `not set, so ${RETENTION_DEFAULT}`);
    }
    if (!isWatched(look, queue))
      look.reportText("failures-unwatched", queue, "AWS::CloudWatch::Alarm", "none");
  }
}

function isWatched({ view }: Inspection, queue: Resource): boolean {
  const name = queue.properties["QueueName"];
  return view
    .ofType("AWS::CloudWatch::Alarm")
    .some(
      ({ properties }) =>
        view.named(properties, queue.type).includes(queue) ||
        (typeof name === "string" && view.texts(properties).includes(name)),
    );
}
