// SPDX-License-Identifier: MIT
import { Token } from "aws-cdk-lib";
import { COMMON_RULES } from "./common-rules";
import { FILTER_RULES } from "./filter-rules";
import { QUEUE_RULES } from "./queue-rules";
import type { Rule, RuleSubject } from "./rule";
import { STREAM_RULES } from "./stream-rules";
import { TOPIC_RULES } from "./topic-rules";

/** All rules that one loader must follow, in the order of the reference. */
export const RULES: readonly Rule[] = [
  ...COMMON_RULES,
  ...QUEUE_RULES,
  ...TOPIC_RULES,
  ...STREAM_RULES,
  ...FILTER_RULES,
];

/** Finds parameters of one loader that do not fit together; each problem begins with a parameter. */
export function checkLoader({ channel, values, given, region }: RuleSubject): readonly string[] {
  const known = Object.fromEntries(Object.entries(values).filter(([, value]) => !Token.isUnresolved(value)));
  return RULES.filter(({ channels }) => channels === "all" || channels.includes(channel)).flatMap((each) =>
    each.check({ channel, values: known, given, region }),
  );
}
