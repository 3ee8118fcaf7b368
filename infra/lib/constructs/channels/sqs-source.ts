// SPDX-License-Identifier: MIT
import { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { DeduplicationScope, FifoThroughputLimit, type IQueue, type Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { visibilitySeconds, type SqsValues } from "../../parameters/sqs-parameters";
import { keyStatement } from "../keys";
import type { LoaderFunction } from "../loader-function";
import { createQueue, type Keeping } from "../loader-queue";
import { mappingOptions, windowOptions } from "../mapping-options";

/**
 * The actions with which Lambda polls a queue (AWS managed policy AWSLambdaSQSQueueExecutionRole), and the function lets
 * failed messages come back sooner.
 */
const SQS_SOURCE_ACTIONS = [
  "sqs:ReceiveMessage",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:ChangeMessageVisibility",
];

/** Lets Lambda poll a queue for a function, which names the messages that failed. */
export function connectQueue(
  loader: LoaderFunction,
  queue: IQueue,
  values: Pick<SqsValues, "batchSize" | "batchingWindowSeconds" | "concurrencyMax" | "enabled" | "filters">,
): void {
  loader.connect(
    "Source",
    {
      eventSourceArn: queue.queueArn,
      ...mappingOptions(values),
      batchSize: values.batchSize,
      reportBatchItemFailures: true,
      ...windowOptions(values),
      ...(values.concurrencyMax === undefined ? {} : { maxConcurrency: values.concurrencyMax }),
    },
    [
      new PolicyStatement({ actions: SQS_SOURCE_ACTIONS, resources: [queue.queueArn] }),
      ...(queue.encryptionMasterKey === undefined ? [] : [keyStatement(queue.encryptionMasterKey, "read")]),
    ],
  );
}

/** Properties of a queue that is FIFO where the source is that exists already, unless they say otherwise. */
export function withFifo<P extends { readonly fifo?: boolean }>(
  props: P,
  source: { readonly fifo?: boolean } | undefined,
): P {
  const fifo = props.fifo ?? source?.fifo;
  return fifo === undefined ? props : { ...props, fifo };
}

/** A queue for events, and where SQS moves what was received too often. */
export interface EventQueue {
  readonly queue: Queue;
  readonly undelivered: Queue;
}

/** Creates the queue of a loader. */
export function createEventQueue(
  scope: Construct,
  values: Pick<
    SqsValues,
    | "fifo"
    | "contentBasedDeduplication"
    | "timeoutSeconds"
    | "batchingWindowSeconds"
    | "receivesMax"
    | "retentionDays"
  >,
  keeping: Keeping,
): EventQueue {
  const { fifo, contentBasedDeduplication } = values;
  const kind = fifo ? { fifo } : {};
  const undelivered = createQueue(scope, "Undelivered", keeping, kind);
  const queue = createQueue(scope, "Queue", keeping, {
    ...kind,
    // Order and de-duplication are a message group's affair, so groups need not share one limit.
    ...(fifo
      ? {
          fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
          deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
        }
      : {}),
    ...(contentBasedDeduplication ? { contentBasedDeduplication } : {}),
    visibilityTimeout: Duration.seconds(visibilitySeconds(values)),
    retentionPeriod: Duration.days(values.retentionDays),
    deadLetterQueue: { queue: undelivered, maxReceiveCount: values.receivesMax },
  });
  return { queue, undelivered };
}
