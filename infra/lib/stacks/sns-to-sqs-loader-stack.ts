// SPDX-License-Identifier: MIT
import type { Construct } from "constructs";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { SnsToSqsLoader } from "../constructs/channels/sns-to-sqs-loader";
import { SNS_TO_SQS_SETTINGS, type SnsToSqsValues } from "../parameters/sns-to-sqs-parameters";
import { loaderPropsOf, settingsOf } from "./loader-props-of";
import { topicPropsOf } from "./topic-props-of";

/** The stack of an {@link SnsToSqsLoader}. */
export class SnsToSqsLoaderStack extends LoaderStack {
  readonly loader: SnsToSqsLoader;

  constructor(scope: Construct, id: string, props: LoaderStackProps<SnsToSqsValues>) {
    super(scope, id, props);
    const { values } = props;
    this.loader = new SnsToSqsLoader(this, "Default", {
      ...loaderPropsOf(this, values, props.ledger),
      ...settingsOf(SNS_TO_SQS_SETTINGS, values),
      fifo: values.fifo,
      ...topicPropsOf(this, "Unqueued", values),
    });
    const { topic, queue, undeliveredQueue, unqueuedQueue } = this.loader;
    this.outputDeadLetters(this.loader);
    this.output("TopicArn", topic.topicArn, "Where events are published.");
    this.output("TopicName", topic.topicName, "The same, as a name.");
    this.output("QueueUrl", queue.queueUrl, "The queue between topic and function.");
    this.output("QueueArn", queue.queueArn, "The same, as an ARN.");
    this.output("QueueName", queue.queueName, "The same, as a name.");
    this.output(
      "UndeliveredQueueUrl",
      undeliveredQueue.queueUrl,
      "Messages that could not be handled often enough.",
    );
    this.output("UnqueuedQueueUrl", unqueuedQueue.queueUrl, "What SNS could not put into the queue.");
  }
}
