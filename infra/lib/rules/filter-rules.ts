// SPDX-License-Identifier: MIT
import { rulePattern } from "@ledger-loader/eventbridge";
import type { EventBridgeValues } from "../parameters/eventbridge-parameters";
import type { SqsValues } from "../parameters/sqs-parameters";
import { rule, SOURCES, type Rule } from "./rule";

const FILTERS_MAX = 5;
const FILTER_CHARACTERS_MAX = 4_096;
const PATTERN_CHARACTERS_MAX = 2_048;

/** Rules of what leaves events out. */
export const FILTER_RULES: readonly Rule[] = [
  rule<SqsValues>({
    channels: ["sqs", "sns-to-sqs", "kinesis", "dms", "dynamodb", "msk"],
    meaning: `\`filters\` are at most ${FILTERS_MAX}, of at most ${FILTER_CHARACTERS_MAX} characters.`,
    source: SOURCES.lambdaFilters,
    check: ({ values: { filters = [] } }) => [
      ...(filters.length > FILTERS_MAX
        ? [`filters: expected ${FILTERS_MAX} or less, found ${filters.length}`]
        : []),
      ...filters
        .map((filter) => JSON.stringify(filter).length)
        .filter((length) => length > FILTER_CHARACTERS_MAX)
        .map((length) => `filters: expected ${FILTER_CHARACTERS_MAX} characters or less, found ${length}`),
    ],
  }),
  rule<EventBridgeValues>({
    channels: ["eventbridge"],
    meaning: `The pattern of the rule has at most ${PATTERN_CHARACTERS_MAX} characters.`,
    source: SOURCES.eventBridge,
    check: ({ values: { source, detailType, tables, detail } }) => {
      const { detail: own, ...pattern } = rulePattern({ source, detailType, tables });
      const { length } = JSON.stringify({ ...pattern, detail: { ...own, ...detail } });
      return (
        length > PATTERN_CHARACTERS_MAX &&
        `${tables === undefined ? "detail" : "tables"}: expected a pattern of ${PATTERN_CHARACTERS_MAX} characters or less, found ${length}; name fewer tables, or deploy several loaders`
      );
    },
  }),
  rule<EventBridgeValues>({
    channels: ["eventbridge"],
    meaning: "`detail` does not name the table: `tables` does.",
    source: SOURCES.project,
    check: ({ values: { tables, detail = {} } }) =>
      tables !== undefined && "table" in detail && "detail: expected no table beside tables, found both",
  }),
];
