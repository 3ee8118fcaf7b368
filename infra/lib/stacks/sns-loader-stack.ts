// SPDX-License-Identifier: MIT
import type { Construct } from "constructs";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { SnsLoader } from "../constructs/channels/sns-loader";
import { SNS_SETTINGS, type SnsValues } from "../parameters/sns-parameters";
import { loaderPropsOf, settingsOf } from "./loader-props-of";
import { topicPropsOf } from "./topic-props-of";

/** The stack of an {@link SnsLoader}. */
export class SnsLoaderStack extends LoaderStack {
  readonly loader: SnsLoader;

  constructor(scope: Construct, id: string, props: LoaderStackProps<SnsValues>) {
    super(scope, id, props);
    const { values } = props;
    this.loader = new SnsLoader(this, "Default", {
      ...loaderPropsOf(this, values, props.ledger),
      ...settingsOf(SNS_SETTINGS, values),
      ...topicPropsOf(this, "Undelivered", values),
    });
    const { topic, undeliveredQueue, failedInvocationsQueue } = this.loader;
    this.outputDeadLetters(this.loader);
    this.output("TopicArn", topic.topicArn, "Where events are published.");
    this.output("TopicName", topic.topicName, "The same, as a name.");
    this.output("UndeliveredQueueUrl", undeliveredQueue.queueUrl, "What SNS could not hand to Lambda.");
    this.output(
      "FailedInvocationsQueueUrl",
      failedInvocationsQueue.queueUrl,
      "Invocations that Lambda gave up, with their events.",
    );
  }
}
