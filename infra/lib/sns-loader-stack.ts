// SPDX-License-Identifier: MIT
import { Topic, type ITopic } from "aws-cdk-lib/aws-sns";
import { Alias as KeyAlias } from "aws-cdk-lib/aws-kms";
import { LambdaSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledgements";
import { keepFailedInvocations } from "./async-function";
import type { LoaderValues } from "./loader-function";
import { createQueue } from "./loader-queue";
import { LoaderStack, type LoaderStackProps } from "./loader-stack";
import { optional, text, type ParameterValues } from "./parameter";

/** The parameters of a topic whose messages go to the function itself. */
export const SNS_PARAMETERS = {
  topicArn: optional<string | undefined>({
    accepts: "the ARN of a standard SNS topic",
    parse: text(/^arn:[\w-]+:sns:[\w-]+:\d{12}:(?!.*\.fifo$)[\w-]+$/),
    defaultValue: undefined,
    meaning: "A topic that is there already; not set, the stack creates one.",
    tradeOff: "Its encryption and policy are then yours to set.",
  }),
} as const;

/** The values of a topic's loader. */
export type SnsValues = LoaderValues & ParameterValues<typeof SNS_PARAMETERS>;

/**
 * Loads the events of an SNS topic, handed to the function by SNS itself: in no order, for events with a version or a
 * position. Prefer {@link SnsToSqsLoaderStack}, which bears longer outages.
 */
export class SnsLoaderStack extends LoaderStack {
  constructor(scope: Construct, id: string, props: LoaderStackProps<SnsValues>) {
    super(scope, id, props, { entry: "sns" });
    const topic = findOrCreateTopic(this, props.values.topicArn, false);
    const undelivered = createQueue(this, "Undelivered");
    const subscription = topic.addSubscription(
      new LambdaSubscription(this.loader.alias, { deadLetterQueue: undelivered }),
    );
    acknowledge(subscription, "CloudFormation-Validate::W3694");
    const failed = keepFailedInvocations(this, this.loader, this.alarms);
    this.alarms.deadLetters("UndeliveredAlarm", undelivered);
    this.output("TopicArn", topic.topicArn, "Where events are published.");
    this.output("UndeliveredQueueUrl", undelivered.queueUrl, "What SNS could not hand to Lambda.");
    this.output(
      "FailedInvocationsQueueUrl",
      failed.queueUrl,
      "Invocations that Lambda gave up, with their events.",
    );
  }
}

/** The topic that is named, or one that is created: encrypted, and published to over TLS only. */
export function findOrCreateTopic(scope: Construct, topicArn: string | undefined, fifo: boolean): ITopic {
  if (topicArn !== undefined) return Topic.fromTopicArn(scope, "Topic", topicArn);
  return new Topic(scope, "Topic", {
    ...(fifo ? { fifo, contentBasedDeduplication: false } : {}),
    enforceSSL: true,
    masterKey: KeyAlias.fromAliasName(scope, "SnsKey", "alias/aws/sns"),
  });
}
