// SPDX-License-Identifier: MIT
import { retryWindowSeconds } from "@ledger-loader/sqs";
import { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { DeduplicationScope, FifoThroughputLimit, Queue, type IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { createQueue, RETENTION_DAYS_MAX } from "../constructs/loader-queue";
import type { LoaderFunction, LoaderValues } from "../constructs/loader-function";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { boolean, integer, optional, text, type ParameterValues } from "../parameters/parameter";

/** The parameters of a created queue and its event source mapping. */
export const QUEUE_PARAMETERS = {
  fifo: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: true,
    meaning: "Whether the queue is FIFO: in order per message group, which is the record.",
    tradeOff: "A standard queue is cheaper and faster; it needs events with versions or positions.",
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

/**
 * What Lambda needs to poll a queue (AWS managed policy AWSLambdaSQSQueueExecutionRole), and what the function needs to have
 * failed messages come back sooner.
 */
const SQS_SOURCE_ACTIONS = [
  "sqs:ReceiveMessage",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:ChangeMessageVisibility",
] as const;

/** The values of a queue's loader. */
export type SqsValues = LoaderValues & ParameterValues<typeof SQS_PARAMETERS>;

/** What does not fit together in a queue's parameters. */
export function checkSqs(values: SqsValues): readonly string[] {
  const { queueArn, fifo } = values;
  return [
    ...checkQueue(values),
    // Receives, visibility and retention of a queue that is there already are not known here.
    ...(queueArn === undefined ? checkRetries(values) : checkAge(values)),
    ...(queueArn === undefined || queueArn.endsWith(".fifo") === fifo
      ? []
      : [`queueArn: expected a ${fifo ? "FIFO" : "standard"} queue, as fifo is ${fifo}, found ${queueArn}`]),
  ];
}

/** What does not fit together in the parameters of a queue that is created. */
export function checkQueue({
  fifo,
  batchSize,
  batchingWindowSeconds,
}: Pick<SqsValues, "fifo" | "batchSize" | "batchingWindowSeconds">): readonly string[] {
  if (!fifo) {
    return batchSize > 10 && batchingWindowSeconds === 0
      ? [`batchingWindowSeconds: expected 1 or more with a batchSize above 10, found 0`]
      : [];
  }
  return [
    ...(batchSize > 10 ? [`batchSize: expected 10 or less for a FIFO queue, found ${batchSize}`] : []),
    ...(batchingWindowSeconds > 0
      ? [`batchingWindowSeconds: expected 0 for a FIFO queue, found ${batchingWindowSeconds}`]
      : []),
  ];
}

/** The values that decide when a failed message comes back, is parked, and raises an alarm. */
export type RetryValues = Pick<
  SqsValues,
  | "timeoutSeconds"
  | "batchingWindowSeconds"
  | "receivesMax"
  | "retentionDays"
  | "parkWaitMs"
  | "oldestMessageSeconds"
>;

/** What does not fit together in the retries of a queue that is created: each waiting time must fit into the next. */
export function checkRetries(values: RetryValues): readonly string[] {
  const { receivesMax, retentionDays } = values;
  const parkWaitSeconds = values.parkWaitMs / 1_000;
  const windowSeconds = retryWindowSeconds({
    visibilityTimeoutSeconds: visibilitySeconds(values),
    receivesMax,
  });
  const retentionSeconds = Duration.days(retentionDays).toSeconds();
  return [
    ...checkAge(values),
    ...(parkWaitSeconds < windowSeconds
      ? []
      : [
          `parkWaitMs: expected less than the ${windowSeconds} seconds that ${receivesMax} receives take (receivesMax), or the queue gives events up before the loader parks them, found ${parkWaitSeconds} seconds`,
        ]),
    ...(windowSeconds < retentionSeconds
      ? []
      : [
          `receivesMax: expected receives that end before retentionDays (${retentionDays}), or messages expire before the queue moves them, found ${receivesMax}, which take ${Math.round(windowSeconds / 86_400)} days`,
        ]),
  ];
}

/** An alarm must not ring for events that wait as they should. */
function checkAge({
  parkWaitMs,
  oldestMessageSeconds,
}: Pick<RetryValues, "parkWaitMs" | "oldestMessageSeconds">): readonly string[] {
  return oldestMessageSeconds > parkWaitMs / 1_000
    ? []
    : [
        `oldestMessageSeconds: expected more than the ${parkWaitMs / 1_000} seconds that an event may wait (parkWaitMs), found ${oldestMessageSeconds}`,
      ];
}

/** Six times the function's time-out and the window: AWS Lambda's developer guide, "Using Lambda with Amazon SQS". */
function visibilitySeconds({
  timeoutSeconds,
  batchingWindowSeconds,
}: Pick<RetryValues, "timeoutSeconds" | "batchingWindowSeconds">): number {
  return 6 * timeoutSeconds + batchingWindowSeconds;
}

/** Loads the events of an SQS queue, which it creates unless it is given one. */
export class SqsLoaderStack extends LoaderStack {
  constructor(scope: Construct, id: string, props: LoaderStackProps<SqsValues>) {
    super(scope, id, props, { entry: "sqs" });
    const { values } = props;
    const { queue, undelivered } = findOrCreateQueue(this, values);
    connectQueue(this.loader, queue, values);
    this.alarms.oldestMessage("OldestMessageAlarm", queue, values.oldestMessageSeconds);
    this.output("QueueUrl", queue.queueUrl, "Where events are sent.");
    if (undelivered === undefined) return;
    this.alarms.deadLetters("UndeliveredAlarm", undelivered);
    this.output(
      "UndeliveredQueueUrl",
      undelivered.queueUrl,
      "Messages that could not be handled often enough.",
    );
  }
}

function findOrCreateQueue(
  scope: Construct,
  values: SqsValues,
): { readonly queue: IQueue; readonly undelivered?: Queue } {
  return values.queueArn === undefined
    ? createEventQueue(scope, values)
    : { queue: Queue.fromQueueArn(scope, "Queue", values.queueArn) };
}

/** Lets Lambda poll a queue for a function, which names the messages that failed. */
export function connectQueue(
  loader: LoaderFunction,
  queue: IQueue,
  values: Pick<SqsValues, "batchSize" | "batchingWindowSeconds" | "concurrencyMax">,
): void {
  loader.connect(
    "Source",
    {
      eventSourceArn: queue.queueArn,
      batchSize: values.batchSize,
      reportBatchItemFailures: true,
      ...(values.batchingWindowSeconds === 0
        ? {}
        : { maxBatchingWindow: Duration.seconds(values.batchingWindowSeconds) }),
      maxConcurrency: values.concurrencyMax,
    },
    [new PolicyStatement({ actions: [...SQS_SOURCE_ACTIONS], resources: [queue.queueArn] })],
  );
}

/** A queue for events, and where SQS moves what was received too often. */
export function createEventQueue(
  scope: Construct,
  values: Pick<
    SqsValues,
    "fifo" | "timeoutSeconds" | "batchingWindowSeconds" | "receivesMax" | "retentionDays"
  >,
): { readonly queue: Queue; readonly undelivered: Queue } {
  const { fifo } = values;
  const kind = fifo ? { fifo } : {};
  const undelivered = createQueue(scope, "Undelivered", kind);
  const queue = createQueue(scope, "Queue", {
    ...kind,
    // Order and de-duplication are a message group's affair, so groups need not share one limit.
    ...(fifo
      ? {
          fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
          deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
        }
      : {}),
    visibilityTimeout: Duration.seconds(visibilitySeconds(values)),
    retentionPeriod: Duration.days(values.retentionDays),
    deadLetterQueue: { queue: undelivered, maxReceiveCount: values.receivesMax },
  });
  return { queue, undelivered };
}
