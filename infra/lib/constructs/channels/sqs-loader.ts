// SPDX-License-Identifier: MIT
import type { Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { QUEUE_PARAMETERS } from "../../parameters/sqs-parameters";
import type { FilterProps, MappingProps } from "./channel-props";
import { Loader } from "../loader";
import type { LoaderProps } from "../loader-props";
import { settle } from "../settle";
import { connectQueue, createEventQueue, withFifo } from "./sqs-source";

/** The properties of a queue that is created, and how it is read. */
export interface QueueProps extends MappingProps, FilterProps {
  /** Makes the queue FIFO: in order per message group, which is the record. @defaultValue `true`, or as the given queue is */
  readonly fifo?: boolean;
  /**
   * Lets SQS take a FIFO message without a deduplication id. Off, because it makes one event of two with equal bodies
   * within 5 minutes. @defaultValue `false`
   */
  readonly contentBasedDeduplication?: boolean;
  /** How many messages one invocation gets at most. @defaultValue 10 */
  readonly batchSize?: number;
  /** How many seconds Lambda waits for a batch to fill. @defaultValue 0 */
  readonly batchingWindowSeconds?: number;
  /** How many instances of the function the queue may use at the same time. @defaultValue no limit */
  readonly concurrencyMax?: number;
  /** How often a message is received before it goes to the queue's own dead-letter queue. @defaultValue 16, which take two hours */
  readonly receivesMax?: number;
  /** How many days the queue keeps a message. @defaultValue 14 */
  readonly retentionDays?: number;
  /** How old the oldest message may be before the alarm. @defaultValue 900 */
  readonly oldestMessageSeconds?: number;
}

/** The properties of an {@link SqsLoader}. */
export interface SqsLoaderProps extends LoaderProps, QueueProps {
  /**
   * A queue that exists already. Its visibility time-out (6 times `timeoutSeconds`), redrive policy and retention are then yours
   * to set. @defaultValue one is created
   */
  readonly queue?: IQueue;
}

/** Loads the events of an SQS queue, which it creates unless it is given one. */
export class SqsLoader extends Loader {
  /** Where events are sent. */
  readonly queue: IQueue;
  /** Messages that were received too often, where the queue is created here. */
  readonly undeliveredQueue: IQueue | undefined;

  constructor(scope: Construct, id: string, props: SqsLoaderProps) {
    const values = settle({
      scope,
      id,
      channel: "sqs",
      parameters: QUEUE_PARAMETERS,
      props: withFifo(props, props.queue),
      resources: { queueArn: props.queue?.queueArn },
    });
    super(scope, id, props, { entry: "sqs", values });
    const { queue, undelivered }: { readonly queue: IQueue; readonly undelivered?: IQueue } =
      props.queue === undefined ? createEventQueue(this, values, this.keeping) : { queue: props.queue };
    this.queue = queue;
    this.undeliveredQueue = undelivered;
    connectQueue(this.loader, this.queue, values);
    this.alarms.oldestMessage("OldestMessageAlarm", this.queue, values.oldestMessageSeconds);
    if (undelivered !== undefined) this.alarms.deadLetters("UndeliveredAlarm", undelivered);
  }

  /** Lets somebody send events. */
  grantSend(grantee: IGrantable): Grant {
    return this.queue.grantSendMessages(grantee);
  }

  /** How long the oldest message waits. */
  metricOldestMessage(options?: MetricOptions): Metric {
    return this.queue.metricApproximateAgeOfOldestMessage(options);
  }
}
