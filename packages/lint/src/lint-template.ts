// SPDX-License-Identifier: MIT
import { Inspection } from "./inspection";
import { hasAlarm, inspectEventRules, inspectSubscriptions } from "./rules/async";
import { inspectDms } from "./rules/dms";
import { inspectFailureQueues, inspectQueues, inspectTopics } from "./rules/queues";
import { inspectKafka, inspectShards } from "./rules/streams";
import type { Finding, Unchecked } from "./rules";
import type { Template } from "./template";
import { TemplateView } from "./template-view";
import { mappingsOf, type Mapping } from "./topology";

/** The channels of a template and their findings. */
export interface LintReport {
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
  /** Event source mappings, subscriptions, rules and endpoints of DMS that were looked at. */
  readonly channels: number;
}

/**
 * Finds settings with which events are lost, put out of order or held up.
 *
 * @param parameters - values of the template's parameters; where one is missing, its default counts, and each choice that depends on it
 *   counts with both branches.
 */
export function lintTemplate(
  template: Template,
  parameters: ReadonlyMap<string, string> = new Map(),
): LintReport {
  const look = new Inspection(new TemplateView(template, parameters));
  const mappings = mappingsOf(look.view).filter(({ kind }) => kind !== "other");
  for (const mapping of mappings) inspectMapping(look, mapping);
  inspectTopics(look);
  const channels = mappings.length + inspectSubscriptions(look) + inspectEventRules(look) + inspectDms(look);
  inspectFailureQueues(look);
  noteOpaque(look, template);
  const { findings, unchecked } = look;
  return { findings, unchecked, channels };
}

function inspectMapping(look: Inspection, mapping: Mapping): void {
  if (mapping.kind === "queue") inspectQueues(look, mapping);
  else if (mapping.kind === "kafka") inspectKafka(look, mapping);
  else inspectShards(look, mapping);
  const metrics = LAG_METRICS[mapping.kind] ?? [];
  if (!hasAlarm(look, ...metrics))
    look.reportText("lag-unwatched", mapping.resource, "AWS::CloudWatch::Alarm", "none");
}

const LAG_METRICS: Readonly<Record<string, readonly string[]>> = {
  queue: ["ApproximateAgeOfOldestMessage"],
  stream: ["IteratorAge", "GetRecords.IteratorAgeMilliseconds"],
  table: ["IteratorAge"],
  kafka: ["OffsetLag", "SumOffsetLag", "MaxOffsetLag", "EstimatedMaxTimeLag"],
};

/** Notes the parts that this template does not show: resources that a macro makes, and other stacks. */
function noteOpaque(look: Inspection, { isTransformed }: Template): void {
  for (const resource of look.view.ofType("AWS::CloudFormation::Stack")) {
    look.skip(resource, "A nested stack: lint its own template.");
  }
  const serverless = look.view.resources.filter(({ type }) => type.startsWith("AWS::Serverless::"));
  for (const resource of isTransformed ? serverless : []) {
    look.skip(resource, "A macro makes its resources: lint stack:NAME, which reads them as they are.");
  }
}
