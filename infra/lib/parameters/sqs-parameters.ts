// SPDX-License-Identifier: MIT
import { boolean, integer, optional, text, type ParameterValues } from "./parameter";
import type { LoaderValues } from "./function-parameters";
import { FILTER_PARAMETERS, MAPPING_PARAMETERS } from "./mapping-parameters";

/** The longest that SQS keeps a message. */
export const RETENTION_DAYS_MAX = 14;

/** The parameters of a created queue and its event source mapping. */
export const QUEUE_PARAMETERS = {
  ...MAPPING_PARAMETERS,
  ...FILTER_PARAMETERS,
  fifo: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: true,
    meaning: "Whether the queue is FIFO: in order per message group, which is the record.",
    tradeOff: "A standard queue is cheaper and faster; it needs events with versions or positions.",
  }),
  contentBasedDeduplication: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: false,
    meaning: "Whether SQS takes a FIFO message without a deduplication id, and makes one of the body.",
    tradeOff:
      "Two events with equal bodies within 5 minutes become one: a DELETE, an INSERT and the same DELETE without versions lose the second. The Java templates have it on.",
  }),
  batchSize: optional({
    accepts: "an integer from 1 to 10000; for FIFO queues, up to 10",
    parse: integer(1, 10_000),
    defaultValue: 10,
    meaning: "How many messages one invocation gets at most.",
    tradeOff: "Larger batches share ledger transactions; they also take longer, see timeoutSeconds.",
  }),
  batchingWindowSeconds: optional({
    accepts: "an integer from 0 to 300; for FIFO queues, 0",
    parse: integer(0, 300),
    defaultValue: 0,
    meaning: "How many seconds Lambda waits for a batch to fill.",
    tradeOff: "Above 0 there are fewer and fuller batches, and each event comes that much later.",
  }),
  concurrencyMax: optional<number | undefined>({
    accepts: "an integer from 2 to 1000",
    parse: integer(2, 1000),
    defaultValue: undefined,
    meaning: "How many instances of the function the queue may use at the same time.",
    tradeOff: "Times sessionsMax, it must fit the ledger's sessions; too few, and the queue grows.",
  }),
  receivesMax: optional({
    accepts: "an integer from 5 to 1000",
    parse: integer(5, 1000),
    defaultValue: 16,
    meaning: "How often a message is received before it goes to the queue's own dead-letter queue.",
    tradeOff:
      "That happens in an outage of the ledger only, as the loader parks bad events itself; fewer bear a shorter one. By default, two hours.",
  }),
  retentionDays: optional({
    accepts: "an integer from 1 to 14",
    parse: integer(1, RETENTION_DAYS_MAX),
    defaultValue: RETENTION_DAYS_MAX,
    meaning: "How many days the queue keeps a message.",
    tradeOff: "What is older is lost.",
  }),
  oldestMessageSeconds: optional({
    accepts: "an integer from 60 to 1209600",
    parse: integer(60, 1_209_600),
    defaultValue: 900,
    meaning: "How old the oldest message may be before the alarm.",
    tradeOff: "None.",
  }),
} as const;

/** The parameters of a queue, which the stack creates unless it is given one. */
export const SQS_PARAMETERS = {
  ...QUEUE_PARAMETERS,
  queueArn: optional<string | undefined>({
    accepts: "the ARN of an SQS queue, FIFO exactly where fifo is true",
    parse: text(/^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/),
    defaultValue: undefined,
    meaning: "A queue that is there already, in the loader's region; not set, the stack creates one.",
    tradeOff:
      "Its visibility time-out (6 times timeoutSeconds), redrive policy and retention are then yours to set.",
  }),
} as const;

/** The values of a queue's loader. */
export type SqsValues = LoaderValues & ParameterValues<typeof SQS_PARAMETERS>;

/** Six times the function's time-out and the window: AWS Lambda's developer guide, "Using Lambda with Amazon SQS". */
export function visibilitySeconds({
  timeoutSeconds,
  batchingWindowSeconds,
}: Pick<SqsValues, "timeoutSeconds" | "batchingWindowSeconds">): number {
  return 6 * timeoutSeconds + batchingWindowSeconds;
}
