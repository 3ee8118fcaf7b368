// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { lintTemplate, parseTemplate, RULES, type LintReport, type RuleName } from "@ledger-loader/lint";
import { GOOD, taskSettings, type Resources } from "../test/good-templates";

/** A change of a good channel, `Queue.VisibilityTimeout`, and the new value; `undefined` takes it away. */
type Trap = readonly [RuleName, keyof typeof GOOD, path: string, value: unknown];

const LETTERS = { "Fn::GetAtt": ["Letters", "Arn"] };
const DESTINATION = { OnFailure: { Destination: "arn:aws:sqs:us-east-1:123456789012:letters" } };

const TRAPS: readonly Trap[] = [
  ["partial-response-missing", "queue", "Source.FunctionResponseTypes", undefined],
  ["partial-response-missing", "stream", "Source.FunctionResponseTypes", []],
  ["visibility-too-short", "queue", "Queue.VisibilityTimeout", undefined],
  ["visibility-too-short", "queue", "Source.MaximumBatchingWindowInSeconds", 1],
  ["visibility-too-short", "queue", "Loader.Timeout", "101"],
  ["dead-letter-queue-missing", "queue", "Queue.RedrivePolicy", { Ref: "AWS::NoValue" }],
  ["receives-too-few", "queue", "Queue.RedrivePolicy.maxReceiveCount", 4],
  ["dead-letters-expire", "queue", "Letters.MessageRetentionPeriod", undefined],
  ["failures-unwatched", "queue", "LettersAlarm.Dimensions", []],
  ["content-deduplication", "queue", "Queue.ContentBasedDeduplication", "true"],
  ["content-deduplication", "topicToQueue", "Topic.ContentBasedDeduplication", true],
  ["messages-throttled", "queue", "Loader.ReservedConcurrentExecutions", 5],
  ["retries-end", "stream", "Source.MaximumRetryAttempts", 10_000],
  ["retries-end", "kafka", "Source.MaximumRetryAttempts", 3],
  ["record-age-ends", "table", "Source.MaximumRecordAgeInSeconds", 3_600],
  [
    "kafka-destination-ends-retries",
    "kafka",
    "Source.DestinationConfig",
    { OnFailure: { Destination: "arn:aws:s3:::b" } },
  ],
  ["metadata-only-destination", "stream", "Source.DestinationConfig", DESTINATION],
  ["destination-missing", "stream", "Source.DestinationConfig", undefined],
  ["starts-at-latest", "stream", "Source.StartingPosition", "LATEST"],
  ["parallel-batches", "stream", "Source.ParallelizationFactor", 2],
  ["parking-missing", "kafka", "Loader.Environment.Variables.DEAD_LETTERS", undefined],
  ["partial-response-unmatched", "kafka", "Source.FunctionResponseTypes", ["ReportBatchItemFailures"]],
  [
    "partial-response-unmatched",
    "kafka",
    "Loader.Environment.Variables.MSK_REPORT_BATCH_ITEM_FAILURES",
    "true",
  ],
  ["retention-too-short", "stream", "Stream.RetentionPeriodHours", undefined],
  ["lag-unwatched", "stream", "LagAlarm.MetricName", "Errors"],
  ["lag-unwatched", "queue", "AgeAlarm.MetricName", "Errors"],
  ["stream-view-without-new-image", "table", "Stream.StreamSpecification.StreamViewType", "KEYS_ONLY"],
  ["async-destination-missing", "topic", "Invocations.DestinationConfig", undefined],
  ["async-destination-missing", "rule", "Invocations.Qualifier", "$LATEST"],
  ["async-retries-end", "rule", "Invocations.MaximumRetryAttempts", 0],
  ["async-retries-end", "rule", "Invocations.MaximumEventAgeInSeconds", 60],
  ["drops-unwatched", "rule", "DropsAlarm.MetricName", "Errors"],
  ["subscription-without-dead-letter-queue", "topic", "Subscription.RedrivePolicy", undefined],
  ["fifo-topic-to-standard-queue", "topicToQueue", "Queue.FifoQueue", undefined],
  ["rule-without-dead-letter-queue", "rule", "Rule.Targets", [{ Arn: { Ref: "Live" } }]],
  [
    "rule-retries-end",
    "rule",
    "Rule.Targets",
    [{ Arn: { Ref: "Live" }, DeadLetterConfig: { Arn: LETTERS }, RetryPolicy: { MaximumRetryAttempts: 5 } }],
  ],
  [
    "partition-key-not-record",
    "ruleToStream",
    "Rule.Targets",
    [{ Arn: { "Fn::GetAtt": ["Stream", "Arn"] }, DeadLetterConfig: { Arn: LETTERS } }],
  ],
  [
    "partition-key-not-record",
    "dms",
    "Task.ReplicationTaskSettings",
    taskSettings({ ParallelApplyThreads: 4 }),
  ],
  ["dms-null-and-empty", "dms", "Target.KinesisSettings.IncludeNullAndEmpty", undefined],
  ["dms-transaction-details", "dms", "Target.KinesisSettings.IncludeTransactionDetails", false],
  ["dms-control-details", "dms", "Target.KinesisSettings.IncludeControlDetails", undefined],
  ["dms-control-details", "dms", "Target.KinesisSettings.IncludeTableAlterOperations", "false"],
  ["dms-batch-apply", "dms", "Task.ReplicationTaskSettings", taskSettings({ BatchApplyEnabled: true })],
  ["dms-before-image", "dms", "Task.ReplicationTaskSettings", taskSettings({}, "DO_NOTHING", false)],
  ["dms-table-preparation", "dms", "Task.ReplicationTaskSettings", taskSettings({}, "DROP_AND_CREATE")],
  ["dms-full-lob-mode", "dms", "Task.ReplicationTaskSettings", taskSettings({ FullLobMode: true })],
];

function lint(resources: Resources, more: object = {}, given: Record<string, string> = {}): LintReport {
  const template = parseTemplate(JSON.stringify({ ...more, Resources: resources }), "template.json");
  return lintTemplate(template, new Map(Object.entries(given)));
}

/** Changes one property; a channel's parts may be shared by others. */
function withTrap(channel: keyof typeof GOOD, path: string, value: unknown): Resources {
  const resources = structuredClone(GOOD[channel]());
  const [id = "", ...names] = path.split(".");
  const last = names.pop() ?? "";
  let at: Record<string, unknown> = resources[id]?.Properties ?? {};
  for (const name of names) at = at[name] as Record<string, unknown>;
  at[last] = value;
  return resources;
}

describe.each(Object.keys(GOOD) as (keyof typeof GOOD)[])("a sound channel of kind %s", (channel) => {
  it("has no finding", () => {
    const { findings, channels } = lint(GOOD[channel]());
    expect(findings).toEqual([]);
    expect(channels).toBeGreaterThan(0);
  });
});

describe("a trap", () => {
  it.each(TRAPS)("is found alone: %s in a %s, at %s", (rule, channel, path, value) => {
    const { findings } = lint(withTrap(channel, path, value));
    expect(findings.map((finding) => finding.rule)).toEqual([rule]);
    expect(findings[0]).toMatchObject(RULES[rule]);
  });

  it("is planted for every rule", () => {
    expect(new Set(TRAPS.map(([rule]) => rule))).toEqual(new Set(Object.keys(RULES)));
  });

  it("names resource, property and what was found", () => {
    const { findings } = lint(withTrap("queue", "Queue.VisibilityTimeout", undefined));
    expect(findings).toMatchObject([
      {
        resource: "Queue",
        type: "AWS::SQS::Queue",
        property: "VisibilityTimeout",
        found: "not set, so 30; 600 needed",
      },
    ]);
  });
});

describe("a choice", () => {
  const RETRIES = { "Fn::If": ["Endless", -1, 5] };
  const more = {
    Parameters: { Mode: { Default: "safe" } },
    Conditions: { Endless: { "Fn::Equals": [{ Ref: "Mode" }, "safe"] } },
  };
  const rulesOf = (given: Record<string, string>) =>
    lint(withTrap("stream", "Source.MaximumRetryAttempts", RETRIES), more, given).findings.map(
      ({ found }) => found,
    );

  it("counts with both branches while its parameter is not given", () => {
    expect(rulesOf({})).toEqual(["-1 or 5"]);
  });

  it("counts with one branch once it is", () => {
    expect(rulesOf({ Mode: "safe" })).toEqual([]);
    expect(rulesOf({ Mode: "fast" })).toEqual(["5"]);
  });
});

it("says what a template does not tell", () => {
  const { findings, unchecked } = lint(
    withTrap("queue", "Source.EventSourceArn", "arn:aws:sqs:us-east-1:123456789012:events.fifo"),
  );
  expect(findings).toEqual([]);
  expect(unchecked).toEqual([
    {
      resource: "Source",
      why: "Its queue is not in this template: visibility time-out, redrive policy and retention were not checked.",
    },
  ]);
});
