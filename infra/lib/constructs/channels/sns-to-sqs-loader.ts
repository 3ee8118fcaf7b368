// SPDX-License-Identifier: MIT
import type { Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { SNS_TO_SQS_SETTINGS } from "../../parameters/sns-to-sqs-parameters";
import type { SubscriptionProps } from "./channel-props";
import { letServiceUse } from "../keys";
import { Loader } from "../loader";
import type { LoaderProps } from "../loader-props";
import { createQueue } from "../loader-queue";
import { settle } from "../settle";
import type { TopicProps } from "./sns-loader";
import { applyFilter, createTopic, subscribeQueue, watchTopic } from "./sns-source";
import type { QueueProps } from "./sqs-loader";
import { connectQueue, createEventQueue, withFifo } from "./sqs-source";

/** The properties of an {@link SnsToSqsLoader}. */
export interface SnsToSqsLoaderProps extends LoaderProps, TopicProps, SubscriptionProps, QueueProps {
  /** Puts the events alone into the queue, without the envelope of SNS. @defaultValue `true` */
  readonly rawMessageDelivery?: boolean;
}

/** Loads the events of an SNS topic by way of a queue, which keeps them while function or ledger are down. */
export class SnsToSqsLoader extends Loader {
  /** Where events are published. */
  readonly topic: ITopic;
  /** The queue between topic and function. */
  readonly queue: IQueue;
  /** Messages that were received too often. */
  readonly undeliveredQueue: IQueue;
  /** The queue of messages that SNS could not put into the queue. */
  readonly unqueuedQueue: IQueue;

  constructor(scope: Construct, id: string, props: SnsToSqsLoaderProps) {
    const values = settle({
      scope,
      id,
      channel: "sns-to-sqs",
      parameters: SNS_TO_SQS_SETTINGS,
      props: withFifo(props, props.topic),
      resources: {
        topicArn: props.topic?.topicArn,
        snsDeadLetterQueueArn: props.snsDeadLetterQueue?.queueArn,
      },
    });
    // A message of the queue is unwrapped by the same function that takes one without an envelope.
    super(scope, id, props, { entry: "sqs", values });
    const { fifo, rawMessageDelivery } = values;
    this.topic = props.topic ?? createTopic(this, values, this.keeping);
    const { queue, undelivered } = createEventQueue(this, values, this.keeping);
    this.queue = queue;
    this.undeliveredQueue = undelivered;
    this.unqueuedQueue =
      props.snsDeadLetterQueue ?? createQueue(this, "Unqueued", this.keeping, fifo ? { fifo } : {});
    letServiceUse(this, props.encryptionKey, "sns.amazonaws.com");
    const delivery = { rawMessageDelivery, deadLetterQueue: this.unqueuedQueue };
    applyFilter(subscribeQueue(this.topic, queue, delivery), values);
    connectQueue(this.loader, queue, values);
    this.alarms.oldestMessage("OldestMessageAlarm", queue, values.oldestMessageSeconds);
    this.alarms.deadLetters("UndeliveredAlarm", undelivered);
    watchTopic(this.alarms, this.topic);
    if (props.snsDeadLetterQueue === undefined) this.alarms.deadLetters("UnqueuedAlarm", this.unqueuedQueue);
  }

  /** Lets somebody publish events. */
  grantSend(grantee: IGrantable): Grant {
    return this.topic.grantPublish(grantee);
  }

  /** How long the oldest message waits in the queue. */
  metricOldestMessage(options?: MetricOptions): Metric {
    return this.queue.metricApproximateAgeOfOldestMessage(options);
  }
}
