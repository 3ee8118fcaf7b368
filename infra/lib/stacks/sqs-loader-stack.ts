// SPDX-License-Identifier: MIT
import { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { SqsLoader } from "../constructs/channels/sqs-loader";
import { QUEUE_PARAMETERS, type SqsValues } from "../parameters/sqs-parameters";
import { loaderPropsOf, settingsOf } from "./loader-props-of";

/** The stack of an {@link SqsLoader}. */
export class SqsLoaderStack extends LoaderStack {
  readonly loader: SqsLoader;

  constructor(scope: Construct, id: string, props: LoaderStackProps<SqsValues>) {
    super(scope, id, props);
    const { values } = props;
    const { queueArn, fifo } = values;
    this.loader = new SqsLoader(this, "Default", {
      ...loaderPropsOf(this, values, props.ledger),
      ...settingsOf(QUEUE_PARAMETERS, values),
      fifo,
      ...(queueArn === undefined ? {} : { queue: Queue.fromQueueArn(this, "Queue", queueArn) }),
    });
    const { queue, undeliveredQueue } = this.loader;
    this.outputDeadLetters(this.loader);
    this.output("QueueUrl", queue.queueUrl, "Where events are sent.");
    this.output("QueueArn", queue.queueArn, "The same, as an ARN.");
    this.output("QueueName", queue.queueName, "The same, as a name.");
    if (undeliveredQueue === undefined) return;
    this.output(
      "UndeliveredQueueUrl",
      undeliveredQueue.queueUrl,
      "Messages that could not be handled often enough.",
    );
  }
}
