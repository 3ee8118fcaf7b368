// SPDX-License-Identifier: MIT
import { SETTINGS } from "@ledger-loader/core";
import { Topic, type ITopic } from "aws-cdk-lib/aws-sns";
import { Alias as KeyAlias } from "aws-cdk-lib/aws-kms";
import { LambdaSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { acknowledge } from "../constructs/acknowledgements";
import { keepFailedInvocations } from "../constructs/async-function";
import type { Placement } from "../parameters/placement";
import type { LoaderValues } from "../constructs/loader-function";
import { createQueue } from "../constructs/loader-queue";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { fromSetting, optional, text, type ParameterValues } from "../parameters/parameter";

/** The parameters of a topic that is there already, whatever it delivers to. */
export const TOPIC_PARAMETERS = {
  snsDeadLetterQueueArn: optional<string | undefined>({
    accepts: "the ARN of an SQS queue in the topic's region, FIFO exactly where the topic is",
    parse: text(/^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/),
    defaultValue: undefined,
    meaning:
      "Where SNS puts what it cannot deliver, for a topic of another region; not set, the stack creates a queue.",
    tradeOff:
      "Its policy, which must let SNS send to it, and its alarm are then yours to set, in its region.",
  }),
} as const;

/** The parameters of a topic whose messages go to the function itself. */
export const SNS_PARAMETERS = {
  topicArn: optional<string | undefined>({
    accepts: "the ARN of a standard SNS topic",
    parse: text(/^arn:[\w-]+:sns:[\w-]+:\d{12}:(?!.*\.fifo$)[\w-]+$/),
    defaultValue: undefined,
    meaning: "A topic that is there already; not set, the stack creates one.",
    tradeOff: "Its encryption and policy are then yours to set.",
  }),
  ...TOPIC_PARAMETERS,
  allowUnordered: fromSetting(SETTINGS.allowUnordered),
} as const;

/** The values of a topic's loader. */
export type SnsValues = LoaderValues & ParameterValues<typeof SNS_PARAMETERS>;

/**
 * Loads the events of an SNS topic, handed to the function by SNS itself: in no order, for events with a version or a
 * position. Prefer {@link SnsToSqsLoaderStack}, which bears longer outages.
 */
export class SnsLoaderStack extends LoaderStack {
  constructor(scope: Construct, id: string, props: LoaderStackProps<SnsValues>) {
    const { allowUnordered } = props.values;
    super(scope, id, props, {
      entry: "sns",
      environment: { [SETTINGS.allowUnordered.name]: String(allowUnordered) },
    });
    const { topicArn, snsDeadLetterQueueArn } = props.values;
    const topic = findOrCreateTopic(this, topicArn, false);
    const undelivered =
      snsDeadLetterQueueArn === undefined
        ? createQueue(this, "Undelivered")
        : Queue.fromQueueArn(this, "Undelivered", snsDeadLetterQueueArn);
    const subscription = topic.addSubscription(
      new LambdaSubscription(this.loader.alias, { deadLetterQueue: undelivered }),
    );
    acknowledge(subscription, "CloudFormation-Validate::W3694");
    const failed = keepFailedInvocations(this, this.loader, this.alarms);
    if (snsDeadLetterQueueArn === undefined) this.alarms.deadLetters("UndeliveredAlarm", undelivered);
    this.output("TopicArn", topic.topicArn, "Where events are published.");
    this.output("UndeliveredQueueUrl", undelivered.queueUrl, "What SNS could not hand to Lambda.");
    this.output(
      "FailedInvocationsQueueUrl",
      failed.queueUrl,
      "Invocations that Lambda gave up, with their events.",
    );
  }
}

/**
 * What does not fit together in the parameters of a topic. SNS moves what it cannot deliver to queues of the topic's own region
 * only (developer guide, "Amazon SNS dead-letter queues"), and a stack creates its queues in the function's.
 */
export function checkTopic(
  { topicArn, snsDeadLetterQueueArn: queueArn }: Pick<SnsValues, "topicArn" | "snsDeadLetterQueueArn">,
  { region }: Placement,
): readonly string[] {
  const name = "snsDeadLetterQueueArn";
  if (topicArn === undefined) {
    return queueArn === undefined ? [] : [`${name}: expected with topicArn only, found without`];
  }
  const [, , , topicRegion = ""] = topicArn.split(":");
  if (queueArn === undefined) {
    return region === undefined || region === topicRegion
      ? []
      : [
          `${name}: expected a queue in ${topicRegion}, the topic's region, as SNS moves what it cannot deliver to no other, found nothing`,
        ];
  }
  const [, , , queueRegion = ""] = queueArn.split(":");
  return [
    ...(queueRegion === topicRegion
      ? []
      : [`${name}: expected a queue in ${topicRegion}, the topic's region, found one in ${queueRegion}`]),
    ...(queueArn.endsWith(".fifo") === topicArn.endsWith(".fifo")
      ? []
      : [`${name}: expected a queue that is FIFO exactly where the topic is, found ${queueArn}`]),
  ];
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
