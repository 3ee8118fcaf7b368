// SPDX-License-Identifier: MIT
import type { Inspection } from "../inspection";
import type { Resource } from "../template";
import { mayBeOff, mayBeOn, numbers } from "../template-view";
import type { RuleName } from "../rules";

/** Endpoints of streams, by where their settings are. */
const SETTINGS: Readonly<Record<string, string>> = { kinesis: "KinesisSettings", kafka: "KafkaSettings" };

const FLAGS: readonly (readonly [RuleName, string])[] = [
  ["dms-null-and-empty", "IncludeNullAndEmpty"],
  ["dms-transaction-details", "IncludeTransactionDetails"],
  ["dms-control-details", "IncludeControlDetails"],
  ["dms-control-details", "IncludeTableAlterOperations"],
];

/** Looks at the endpoints by which DMS writes to streams, and at their tasks; returns how many endpoints there are. */
export function inspectDms(look: Inspection): number {
  const endpoints = look.view
    .ofType("AWS::DMS::Endpoint")
    .filter((each) => settingsOf(look, each) !== undefined);
  for (const endpoint of endpoints) inspectEndpoint(look, endpoint);
  for (const task of look.view.ofType("AWS::DMS::ReplicationTask")) {
    const [target] = look.view.named(task.properties["TargetEndpointArn"], "AWS::DMS::Endpoint");
    if (target !== undefined && endpoints.includes(target)) inspectTask(look, task);
  }
  return endpoints.length;
}

function settingsOf({ view }: Inspection, endpoint: Resource): string | undefined {
  const isTarget = view
    .values(endpoint, "EndpointType")
    .some((value) => value.kind === "literal" && value.value === "target");
  const [engine] = view.values(endpoint, "EngineName");
  return isTarget && engine?.kind === "literal" ? SETTINGS[String(engine.value)] : undefined;
}

function inspectEndpoint(look: Inspection, endpoint: Resource): void {
  const settings = settingsOf(look, endpoint) ?? "";
  for (const [rule, flag] of FLAGS) {
    const path = `${settings}.${flag}`;
    const values = look.view.values(endpoint, path);
    if (mayBeOff(values)) look.report(rule, endpoint, path, values);
  }
}

function inspectTask(look: Inspection, task: Resource): void {
  const { view } = look;
  const all = "ReplicationTaskSettings";
  const at = (path: string) => ({ path: `${all}.${path}`, values: view.values(task, `${all}.${path}`) });
  const batch = at("TargetMetadata.BatchApplyEnabled");
  if (mayBeOn(batch.values)) look.report("dms-batch-apply", task, batch.path, batch.values);
  const image = at("BeforeImageSettings.EnableBeforeImage");
  if (mayBeOff(image.values)) look.report("dms-before-image", task, image.path, image.values);
  const lobs = at("TargetMetadata.FullLobMode");
  if (mayBeOn(lobs.values)) look.report("dms-full-lob-mode", task, lobs.path, lobs.values);
  const preparation = at("FullLoadSettings.TargetTablePrepMode");
  if (preparation.values.some((value) => value.kind === "literal" && value.value !== "DO_NOTHING")) {
    look.report("dms-table-preparation", task, preparation.path, preparation.values);
  }
  const threads = at("TargetMetadata.ParallelApplyThreads");
  if (numbers(threads.values).some((count) => count > 0)) {
    look.report("partition-key-not-record", task, threads.path, threads.values);
  }
}
