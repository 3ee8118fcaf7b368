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
    meaning: "The queue is FIFO, in order per record.",
    tradeOff: "A standard queue is cheaper and faster, and needs events with versions or positions.",
  }),
  contentBasedDeduplication: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: false,
    meaning: "SQS makes a deduplication id of the body.",
    tradeOff: "Two events with equal bodies within 5 minutes become one. The Java templates have it on.",
  }),
  batchSize: optional({
    accepts: "an integer from 1 to 10000, for FIFO queues to 10",
    parse: integer(1, 10_000),
    defaultValue: 10,
    meaning: "The most messages of one invocation.",
    tradeOff: "Larger batches share ledger transactions.",
  }),
  batchingWindowSeconds: optional({
    accepts: "an integer from 0 to 300, for FIFO queues 0",
    parse: integer(0, 300),
    defaultValue: 0,
    meaning: "How many seconds Lambda waits for a batch to fill.",
    tradeOff: "Longer makes fewer batches, and each event later.",
  }),
  concurrencyMax: optional<number | undefined>({
    accepts: "an integer from 2 to 1000",
    parse: integer(2, 1000),
    defaultValue: undefined,
    meaning: "The most concurrent instances for the queue.",
    tradeOff: "Times sessionsMax it must fit the ledger's sessions.",
  }),
  receivesMax: optional({
    accepts: "an integer from 5 to 1000",
    parse: integer(5, 1000),
    defaultValue: 16,
    meaning: "How often a message is received before it goes to the queue Undelivered.",
    tradeOff: "16 bear an outage of two hours.",
  }),
  retentionDays: optional({
    accepts: "an integer from 1 to 14",
    parse: integer(1, RETENTION_DAYS_MAX),
    defaultValue: RETENTION_DAYS_MAX,
    meaning: "How many days the queue keeps a message.",
    tradeOff: "None.",
  }),
  oldestMessageSeconds: optional({
    accepts: "an integer from 60 to 1209600",
    parse: integer(60, 1_209_600),
    defaultValue: 900,
    meaning: "The age of the oldest message that raises the alarm.",
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
    meaning: "An existing queue in the loader's region. Default: the stack creates one.",
    tradeOff: "Set its visibility time-out (6 times timeoutSeconds), redrive policy and retention yourself.",
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
