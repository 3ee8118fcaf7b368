// SPDX-License-Identifier: MIT
import type { SnsToSqsValues } from "../parameters/sns-to-sqs-parameters";
import { retryWindowSeconds } from "@ledger-loader/sqs";
import { visibilitySeconds, type SqsValues } from "../parameters/sqs-parameters";
import { describedThoughExisting, rule, SOURCES, type Rule } from "./rule";

const SECONDS_OF_DAY = 86_400;
const QUEUES = ["sqs", "sns-to-sqs"] as const;

/** Rules of queues and their mappings. */
export const QUEUE_RULES: readonly Rule[] = [
  rule<SqsValues>({
    channels: QUEUES,
    meaning: "A batch of a FIFO queue has at most 10 messages, and does not wait to fill.",
    source: SOURCES.lambdaSqs,
    check: ({ values: { fifo, batchSize = 1, batchingWindowSeconds = 0 } }) =>
      fifo === true
        ? [
            ...(batchSize > 10
              ? [`batchSize: expected 10 or less for a FIFO queue, found ${batchSize}`]
              : []),
            ...(batchingWindowSeconds > 0
              ? [`batchingWindowSeconds: expected 0 for a FIFO queue, found ${batchingWindowSeconds}`]
              : []),
          ]
        : [],
  }),
  rule<SqsValues>({
    channels: QUEUES,
    meaning: "A batch of more than 10 messages waits at least a second to fill.",
    source: SOURCES.lambdaSqs,
    check: ({ values: { fifo, batchSize = 1, batchingWindowSeconds } }) =>
      fifo === false &&
      batchSize > 10 &&
      batchingWindowSeconds === 0 &&
      "batchingWindowSeconds: expected 1 or more with a batchSize above 10, found 0",
  }),
  rule<SqsValues>({
    channels: QUEUES,
    meaning: "`contentBasedDeduplication` is for FIFO queues.",
    source: SOURCES.lambdaSqs,
    check: ({ values: { fifo, contentBasedDeduplication } }) =>
      fifo === false &&
      contentBasedDeduplication === true &&
      "contentBasedDeduplication: expected for a FIFO queue only, found true although fifo is false",
  }),
  rule<SqsValues>({
    channels: QUEUES,
    meaning: "`concurrencyMax` is not above `reservedConcurrency`.",
    source: SOURCES.lambdaSqs,
    check: ({ values: { concurrencyMax = 0, reservedConcurrency } }) =>
      reservedConcurrency !== undefined &&
      concurrencyMax > reservedConcurrency &&
      `concurrencyMax: expected ${reservedConcurrency} or less, which is reserved, found ${concurrencyMax}`,
  }),
  rule<SqsValues>({
    channels: QUEUES,
    meaning: "`oldestMessageSeconds` is less than the retention.",
    source: SOURCES.project,
    check: ({ values: { oldestMessageSeconds = 0, retentionDays, queueArn } }) =>
      queueArn === undefined &&
      retentionDays !== undefined &&
      oldestMessageSeconds >= retentionDays * SECONDS_OF_DAY &&
      `oldestMessageSeconds: expected less than ${retentionDays * SECONDS_OF_DAY}, after which messages expire, found ${oldestMessageSeconds}`,
  }),
  rule<SqsValues>({
    channels: ["sqs"],
    meaning: "`queueArn` names a FIFO queue exactly if `fifo` is true.",
    source: SOURCES.project,
    check: ({ values: { queueArn, fifo } }) =>
      queueArn !== undefined &&
      queueArn.endsWith(".fifo") !== fifo &&
      `queueArn: expected a ${fifo === true ? "FIFO" : "standard"} queue, as fifo is ${String(fifo)}, found ${queueArn}`,
  }),
  rule<SqsValues>({
    channels: ["sqs"],
    meaning: "Parameters of a created queue do not come with `queueArn`.",
    source: SOURCES.project,
    check: (input) =>
      describedThoughExisting(input, "queueArn", "queue", [
        "receivesMax",
        "retentionDays",
        "contentBasedDeduplication",
      ]),
  }),
  rule<SqsValues>({
    channels: QUEUES,
    meaning: "`oldestMessageSeconds` is more than `parkWaitMs`.",
    source: SOURCES.project,
    check: ({ values: { parkWaitMs = 0, oldestMessageSeconds } }) =>
      oldestMessageSeconds !== undefined &&
      oldestMessageSeconds <= parkWaitMs / 1_000 &&
      `oldestMessageSeconds: expected more than the ${parkWaitMs / 1_000} seconds that an event may wait (parkWaitMs), found ${oldestMessageSeconds}`,
  }),
  rule<SqsValues>({
    channels: QUEUES,
    meaning: "`parkWaitMs` is less than the time of all receives.",
    source: SOURCES.project,
    check: ({ values, given }) => {
      const windowSeconds = given.has("queueArn") ? undefined : windowSecondsOf(values);
      const waitSeconds = (values.parkWaitMs ?? 0) / 1_000;
      return (
        windowSeconds !== undefined &&
        waitSeconds >= windowSeconds &&
        `parkWaitMs: expected less than the ${windowSeconds} seconds that ${String(values.receivesMax)} receives take (receivesMax), or the queue gives events up before the loader parks them, found ${waitSeconds} seconds`
      );
    },
  }),
  rule<SqsValues>({
    channels: QUEUES,
    meaning: "The time of all receives is less than `retentionDays`.",
    source: SOURCES.project,
    check: ({ values, given }) => {
      const windowSeconds = given.has("queueArn") ? undefined : windowSecondsOf(values);
      const { retentionDays, receivesMax } = values;
      return (
        windowSeconds !== undefined &&
        retentionDays !== undefined &&
        windowSeconds >= retentionDays * SECONDS_OF_DAY &&
        `receivesMax: expected receives that end before retentionDays (${retentionDays}), or messages expire before the queue moves them, found ${String(receivesMax)}, which take ${Math.round(windowSeconds / SECONDS_OF_DAY)} days`
      );
    },
  }),
  rule<SnsToSqsValues>({
    channels: ["sns-to-sqs"],
    meaning: "`topicArn` names a FIFO topic exactly if `fifo` is true.",
    source: SOURCES.project,
    check: ({ values: { topicArn, fifo } }) =>
      topicArn !== undefined &&
      topicArn.endsWith(".fifo") !== fifo &&
      `topicArn: expected a ${fifo === true ? "FIFO" : "standard"} topic, as the queue is one, found ${topicArn}`,
  }),
];

/** How long all receives of a message take, where that is known. */
function windowSecondsOf({
  timeoutSeconds,
  batchingWindowSeconds,
  receivesMax,
}: Partial<SqsValues>): number | undefined {
  if (timeoutSeconds === undefined || batchingWindowSeconds === undefined || receivesMax === undefined)
    return undefined;
  const visibilityTimeoutSeconds = visibilitySeconds({ timeoutSeconds, batchingWindowSeconds });
  return retryWindowSeconds({ visibilityTimeoutSeconds, receivesMax });
}
