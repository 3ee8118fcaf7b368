// SPDX-License-Identifier: MIT
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Placement } from "../parameters/placement";
import type { LoaderValues } from "../constructs/loader-function";
import { createQueue } from "../constructs/loader-queue";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { boolean, optional, text, type ParameterValues } from "../parameters/parameter";
import { checkTopic, findOrCreateTopic, TOPIC_PARAMETERS } from "./sns-loader-stack";
import {
  checkQueue,
  checkRetries,
  connectQueue,
  createEventQueue,
  QUEUE_PARAMETERS,
} from "./sqs-loader-stack";

/** The parameters of a topic, of the queue that it fills, and of the queue's event source mapping. */
export const SNS_TO_SQS_PARAMETERS = {
  ...QUEUE_PARAMETERS,
  topicArn: optional<string | undefined>({
    accepts: "the ARN of an SNS topic, FIFO exactly where the queue is",
    parse: text(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/),
    defaultValue: undefined,
    meaning: "A topic that is there already, of another region too; not set, the stack creates one.",
    tradeOff:
      "One loader in each region, all of them on one topic, write the same events to several ledgers.",
  }),
  ...TOPIC_PARAMETERS,
  rawMessageDelivery: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: true,
    meaning: "Whether the queue gets the events alone, or in the envelope of SNS.",
    tradeOff: "An envelope takes room in the message, and says when and by which topic it was published.",
  }),
} as const;

/** The values of the loader of a topic with a queue. */
export type SnsToSqsValues = LoaderValues & ParameterValues<typeof SNS_TO_SQS_PARAMETERS>;

/** What does not fit together in the parameters of a topic with a queue. */
export function checkSnsToSqs(values: SnsToSqsValues, placement: Placement): readonly string[] {
  const { topicArn, fifo } = values;
  return [
    ...checkQueue(values),
    ...checkRetries(values),
    ...checkTopic(values, placement),
    ...(topicArn === undefined || topicArn.endsWith(".fifo") === fifo
      ? []
      : [`topicArn: expected a ${fifo ? "FIFO" : "standard"} topic, as the queue is one, found ${topicArn}`]),
  ];
}

/** Loads the events of an SNS topic by way of a queue, which keeps them while function or ledger are down. */
export class SnsToSqsLoaderStack extends LoaderStack {
  constructor(scope: Construct, id: string, props: LoaderStackProps<SnsToSqsValues>) {
    // A message of the queue is unwrapped by the same function that takes one without an envelope.
    super(scope, id, props, { entry: "sqs" });
    const { values } = props;
    const topic = findOrCreateTopic(this, values.topicArn, values.fifo);
    const { queue, undelivered } = createEventQueue(this, values);
    const unqueued =
      values.snsDeadLetterQueueArn === undefined
        ? createQueue(this, "Unqueued", values.fifo ? { fifo: true } : {})
        : Queue.fromQueueArn(this, "Unqueued", values.snsDeadLetterQueueArn);
    topic.addSubscription(
      new SqsSubscription(queue, {
        rawMessageDelivery: values.rawMessageDelivery,
        deadLetterQueue: unqueued,
      }),
    );
    connectQueue(this.loader, queue, values);
    this.alarms.oldestMessage("OldestMessageAlarm", queue, values.oldestMessageSeconds);
    this.alarms.deadLetters("UndeliveredAlarm", undelivered);
    if (values.snsDeadLetterQueueArn === undefined) this.alarms.deadLetters("UnqueuedAlarm", unqueued);
    this.output("TopicArn", topic.topicArn, "Where events are published.");
    this.output("QueueUrl", queue.queueUrl, "The queue between topic and function.");
    this.output(
      "UndeliveredQueueUrl",
      undelivered.queueUrl,
      "Messages that could not be handled often enough.",
    );
    this.output("UnqueuedQueueUrl", unqueued.queueUrl, "What SNS could not put into the queue.");
  }
}
