// SPDX-License-Identifier: MIT
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Alias as KeyAlias } from "aws-cdk-lib/aws-kms";
import {
  type CfnSubscription,
  Subscription,
  SubscriptionProtocol,
  Topic,
  type ITopic,
  type SubscriptionProps,
} from "aws-cdk-lib/aws-sns";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Names, Stack, Token } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { ParameterValues } from "../../parameters/parameter";
import type { SUBSCRIPTION_PARAMETERS } from "../../parameters/sns-parameters";
import type { LoaderAlarms } from "../alarms";
import type { Keeping } from "../loader-queue";

/** A topic that is created: encrypted, and published to over TLS only. */
export function createTopic(
  scope: Construct,
  kind: { readonly fifo: boolean; readonly contentBasedDeduplication?: boolean },
  { encryptionKey }: Keeping,
): Topic {
  const { fifo, contentBasedDeduplication = false } = kind;
  return new Topic(scope, "Topic", {
    ...(fifo ? { fifo, contentBasedDeduplication } : {}),
    enforceSSL: true,
    masterKey: encryptionKey ?? KeyAlias.fromAliasName(scope, "SnsKey", "alias/aws/sns"),
  });
}

/** Sets the filter of a subscription, as CloudFormation takes it: CDK's own filters know only part of SNS's. */
export function applyFilter(
  subscription: Subscription,
  { filterPolicy, filterPolicyScope }: ParameterValues<typeof SUBSCRIPTION_PARAMETERS>,
): void {
  if (filterPolicy === undefined) return;
  const resource = subscription.node.defaultChild as CfnSubscription;
  resource.filterPolicy = filterPolicy;
  resource.filterPolicyScope = filterPolicyScope;
}

/** Subscribes a queue to a topic, and keeps what SNS cannot put there. */
export function subscribeQueue(
  topic: ITopic,
  queue: IQueue,
  options: { readonly rawMessageDelivery: boolean; readonly deadLetterQueue: IQueue },
): Subscription {
  if (queue.encryptionMasterKey === undefined)
    return topic.addSubscription(new SqsSubscription(queue, options));
  // CDK's own subscription names the topic in the policy of the key. The key would need the topic, and the topic its key.
  const topicOfThis = { ArnEquals: { "aws:SourceArn": topic.topicArn } };
  queue.addToResourcePolicy(
    new PolicyStatement({
      actions: ["sqs:SendMessage"],
      principals: [new ServicePrincipal("sns.amazonaws.com")],
      resources: [queue.queueArn],
      conditions: topicOfThis,
    }),
  );
  const props: SubscriptionProps = {
    topic,
    endpoint: queue.queueArn,
    protocol: SubscriptionProtocol.SQS,
    ...options,
    ...regionOf(topic, queue),
  };
  return new Subscription(queue, Names.nodeUniqueId(topic.node), props);
}

/** A subscription names the region of its topic where that is another. */
function regionOf(topic: ITopic, queue: IQueue): { readonly region?: string } {
  return topic.env.region === queue.env.region ? {} : { region: topic.env.region };
}

/** Watches what SNS loses. A topic of another region has its metrics there, where alarms of this stack do not look. */
export function watchTopic(alarms: LoaderAlarms, topic: ITopic): void {
  const { region } = Stack.of(topic);
  if (topic.env.region === region || Token.isUnresolved(region)) alarms.lostByTopic(topic);
}
