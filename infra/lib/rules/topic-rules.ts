// SPDX-License-Identifier: MIT
import type { JsonObject } from "../parameters/parameter";
import type { SnsValues } from "../parameters/sns-parameters";
import { rule, SOURCES, type Rule } from "./rule";

const TOPICS = ["sns", "sns-to-sqs"] as const;
const NAME = "snsDeadLetterQueueArn";
const POLICY_KEYS_MAX = 5;
const POLICY_VALUES_MAX = 150;

/**
 * Rules of topics. SNS moves what it cannot deliver to queues of the topic's own region only, and a stack creates its queues in
 * the function's.
 */
export const TOPIC_RULES: readonly Rule[] = [
  rule<SnsValues>({
    channels: TOPICS,
    meaning: "`snsDeadLetterQueueArn` comes with `topicArn`.",
    source: SOURCES.snsQueues,
    check: ({ given }) =>
      given.has(NAME) && !given.has("topicArn") && `${NAME}: expected with topicArn only, found without`,
  }),
  rule<SnsValues>({
    channels: TOPICS,
    meaning: "That queue is in the topic's region.",
    source: SOURCES.snsQueues,
    check: ({ values: { topicArn, snsDeadLetterQueueArn }, given, region }) => {
      if (topicArn === undefined) return undefined;
      const wanted = regionOf(topicArn);
      if (!given.has(NAME))
        return (
          region !== undefined &&
          region !== wanted &&
          `${NAME}: expected a queue in ${wanted}, the topic's region, as SNS moves what it cannot deliver to no other, found nothing`
        );
      const found = regionOf(snsDeadLetterQueueArn ?? topicArn);
      return (
        found !== wanted &&
        `${NAME}: expected a queue in ${wanted}, the topic's region, found one in ${found}`
      );
    },
  }),
  rule<SnsValues>({
    channels: TOPICS,
    meaning: "That queue is FIFO exactly if the topic is.",
    source: SOURCES.snsQueues,
    check: ({ values: { topicArn, snsDeadLetterQueueArn: queueArn } }) =>
      topicArn !== undefined &&
      queueArn !== undefined &&
      queueArn.endsWith(".fifo") !== topicArn.endsWith(".fifo") &&
      `${NAME}: expected a queue that is FIFO exactly where the topic is, found ${queueArn}`,
  }),
  rule<SnsValues>({
    channels: TOPICS,
    meaning: `\`filterPolicy\` has at most ${POLICY_KEYS_MAX} keys and ${POLICY_VALUES_MAX} combinations of values.`,
    source: SOURCES.snsFilters,
    check: ({ values: { filterPolicy = {} } }) => {
      const sizes = leavesOf(filterPolicy);
      const combinations = sizes.reduce((product, size) => product * size, 1);
      return [
        ...(sizes.length > POLICY_KEYS_MAX
          ? [`filterPolicy: expected ${POLICY_KEYS_MAX} keys or less, found ${sizes.length}`]
          : []),
        ...(combinations > POLICY_VALUES_MAX
          ? [
              `filterPolicy: expected ${POLICY_VALUES_MAX} combinations of values or less, found ${combinations}`,
            ]
          : []),
      ];
    },
  }),
  rule<SnsValues>({
    channels: TOPICS,
    meaning: "`filterPolicyScope` comes with `filterPolicy`.",
    source: SOURCES.project,
    check: ({ given }) =>
      given.has("filterPolicyScope") &&
      !given.has("filterPolicy") &&
      "filterPolicyScope: expected with filterPolicy only, found without",
  }),
];

/** How many values each key of a policy has; keys may be nested. */
function leavesOf(policy: JsonObject): readonly number[] {
  return Object.values(policy).flatMap((value) =>
    Array.isArray(value) ? [value.length] : leavesOf((value ?? {}) as JsonObject),
  );
}

function regionOf(arn: string): string {
  return arn.split(":")[3] ?? "";
}
