// SPDX-License-Identifier: MIT
import type { SnsToSqsValues } from "../parameters/sns-to-sqs-parameters";
import type { SqsValues } from "../parameters/sqs-parameters";
import { rule, SOURCES, type Rule } from "./rule";

const SECONDS_OF_DAY = 86_400;
const QUEUES = ["sqs", "sns-to-sqs"] as const;

/** Rules of queues and their mappings. */
export const QUEUE_RULES: readonly Rule[] = [
  rule<SqsValues>({
    channels: QUEUES,
    meaning: "A batch of a FIFO queue has 10 messages or less, and does not wait to fill.",
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
    meaning: "A batch of more than 10 messages waits for a second or longer to fill.",
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
    meaning:
      "`concurrencyMax` is not above `reservedConcurrency`, or messages are throttled and received too often.",
    source: SOURCES.lambdaSqs,
    check: ({ values: { concurrencyMax = 0, reservedConcurrency } }) =>
      reservedConcurrency !== undefined &&
      concurrencyMax > reservedConcurrency &&
      `concurrencyMax: expected ${reservedConcurrency} or less, which is reserved, found ${concurrencyMax}`,
  }),
  rule<SqsValues>({
    channels: QUEUES,
    meaning: "The alarm for old messages rings before a message expires.",
    source: SOURCES.project,
    check: ({ values: { oldestMessageSeconds = 0, retentionDays, queueArn } }) =>
      queueArn === undefined &&
      retentionDays !== undefined &&
      oldestMessageSeconds >= retentionDays * SECONDS_OF_DAY &&
      `oldestMessageSeconds: expected less than ${retentionDays * SECONDS_OF_DAY}, after which messages expire, found ${oldestMessageSeconds}`,
  }),
  rule<SqsValues>({
    channels: ["sqs"],
    meaning: "`queueArn` names a FIFO queue exactly where `fifo` is true.",
    source: SOURCES.project,
    check: ({ values: { queueArn, fifo } }) =>
      queueArn !== undefined &&
      queueArn.endsWith(".fifo") !== fifo &&
      `queueArn: expected a ${fifo === true ? "FIFO" : "standard"} queue, as fifo is ${String(fifo)}, found ${queueArn}`,
  }),
  rule<SqsValues>({
    channels: ["sqs"],
    meaning: "What describes a created queue is not set for one that exists already: it would be ignored.",
    source: SOURCES.project,
    check: ({ given }) =>
      given.has("queueArn")
        ? ["receivesMax", "retentionDays", "contentBasedDeduplication"]
            .filter((name) => given.has(name))
            .map(
              (name) =>
                `${name}: expected for a created queue only, found it beside a queue that exists already`,
            )
        : [],
  }),
  rule<SnsToSqsValues>({
    channels: ["sns-to-sqs"],
    meaning: "`topicArn` names a FIFO topic exactly where `fifo` is true.",
    source: SOURCES.project,
    check: ({ values: { topicArn, fifo } }) =>
      topicArn !== undefined &&
      topicArn.endsWith(".fifo") !== fifo &&
      `topicArn: expected a ${fifo === true ? "FIFO" : "standard"} topic, as the queue is one, found ${topicArn}`,
  }),
];
