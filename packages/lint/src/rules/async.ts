// SPDX-License-Identifier: MIT
import type { Inspection } from "../inspection";
import { asNode, mayBeAbsent, mayBeOff, mayBeOn, numbers, shown } from "../template-view";
import type { Resource } from "../template";
import { functionsNamed, namesPointer } from "../topology";

const RETRIES_MAX = 2;
const EVENT_AGE_MAX = 21_600;
const RULE_RETRIES_MAX = 185;
const RULE_AGE_MAX = 86_400;

/** Looks at all subscriptions of SNS that deliver to queues and functions; returns how many there are. */
export function inspectSubscriptions(look: Inspection): number {
  const { view } = look;
  const subscriptions = view
    .ofType("AWS::SNS::Subscription")
    .filter(({ properties }) => delivers(look, properties));
  for (const subscription of subscriptions) inspectSubscription(look, subscription);
  const inline = view.ofType("AWS::SNS::Topic").filter((topic) => inlineOf(look, topic).length > 0);
  for (const topic of inline) {
    look.reportText(
      "subscription-without-dead-letter-queue",
      topic,
      "Subscription",
      "subscriptions in the topic, which cannot have one",
    );
    for (const each of inlineOf(look, topic)) inspectInvoked(look, asNode(each)["Endpoint"]);
  }
  return subscriptions.length + inline.length;
}

function inlineOf(look: Inspection, topic: Resource): readonly unknown[] {
  return look.view.items(topic, "Subscription").filter((each) => delivers(look, each));
}

function delivers({ view }: Inspection, subscription: unknown): boolean {
  return view
    .valuesIn(subscription, "Protocol")
    .some((value) => value.kind === "literal" && (value.value === "lambda" || value.value === "sqs"));
}

function inspectSubscription(look: Inspection, subscription: Resource): void {
  const { view } = look;
  const { Endpoint: endpoint, TopicArn: topicArn, RedrivePolicy: redrive } = subscription.properties;
  const values = view.values(subscription, "RedrivePolicy");
  if (mayBeAbsent(values))
    look.report("subscription-without-dead-letter-queue", subscription, "RedrivePolicy", values);
  for (const queue of view.named(redrive, "AWS::SQS::Queue")) look.failureQueues.add(queue);
  const isFifoTopic = view
    .named(topicArn, "AWS::SNS::Topic")
    .some((topic) => mayBeOn(view.values(topic, "FifoTopic")));
  for (const queue of view.named(endpoint, "AWS::SQS::Queue")) {
    const fifo = view.values(queue, "FifoQueue");
    if (isFifoTopic && mayBeOff(fifo))
      look.reportText(
        "fifo-topic-to-standard-queue",
        subscription,
        "Endpoint",
        `${queue.id}, FifoQueue ${shown(fifo)}`,
      );
  }
  inspectInvoked(look, endpoint);
}

/** Looks at all rules of EventBridge that deliver to queues, streams and functions; returns how many there are. */
export function inspectEventRules(look: Inspection): number {
  const rules = look.view
    .ofType("AWS::Events::Rule")
    .map((rule) => ({
      rule,
      targets: look.view.items(rule, "Targets").filter((target) => isChannel(look, target)),
    }))
    .filter(({ targets }) => targets.length > 0);
  for (const { rule, targets } of rules) for (const target of targets) inspectTarget(look, rule, target);
  return rules.length;
}

function isChannel({ view }: Inspection, target: unknown): boolean {
  const arn = asNode(target)["Arn"];
  return (
    functionsNamed(view, arn).length > 0 ||
    view.named(arn, "AWS::SQS::Queue", "AWS::Kinesis::Stream").length > 0
  );
}

function inspectTarget(look: Inspection, rule: Resource, target: unknown): void {
  const { view } = look;
  const { Arn: arn, DeadLetterConfig: deadLetters } = asNode(target);
  const queue = view.valuesIn(target, "DeadLetterConfig.Arn");
  if (mayBeAbsent(queue))
    look.report("rule-without-dead-letter-queue", rule, "Targets.DeadLetterConfig", queue);
  for (const each of view.named(deadLetters, "AWS::SQS::Queue")) look.failureQueues.add(each);
  inspectLimit(look, rule, target, "MaximumRetryAttempts", RULE_RETRIES_MAX);
  inspectLimit(look, rule, target, "MaximumEventAgeInSeconds", RULE_AGE_MAX);
  const key = view.valuesIn(target, "KinesisParameters.PartitionKeyPath");
  if (view.named(arn, "AWS::Kinesis::Stream").length > 0 && mayBeAbsent(key)) {
    look.report(
      "partition-key-not-record",
      rule,
      "Targets.KinesisParameters.PartitionKeyPath",
      key,
      "not set, so the id of the event",
    );
  }
  inspectInvoked(look, arn);
}

function inspectLimit(look: Inspection, rule: Resource, target: unknown, name: string, most: number): void {
  const path = `RetryPolicy.${name}`;
  const values = look.view.valuesIn(target, path);
  if (numbers(values, most).some((limit) => limit < most))
    look.report("rule-retries-end", rule, `Targets.${path}`, values);
}

/** Looks at how a function is invoked asynchronously. */
function inspectInvoked(look: Inspection, endpoint: unknown): void {
  const { view } = look;
  for (const invoked of functionsNamed(view, endpoint)) {
    const configs = view
      .ofType("AWS::Lambda::EventInvokeConfig")
      .filter((config) => appliesTo(look, config, invoked, endpoint));
    inspectAsyncDestination(look, invoked, configs);
    for (const config of configs) {
      inspectInvokeLimit(look, config, "MaximumRetryAttempts", RETRIES_MAX);
      inspectInvokeLimit(look, config, "MaximumEventAgeInSeconds", EVENT_AGE_MAX);
    }
    if (!hasAlarm(look, "AsyncEventsDropped"))
      look.reportText("drops-unwatched", invoked, "AWS::CloudWatch::Alarm", "none");
  }
}

/** A configuration of `$LATEST` does nothing for an alias or version that is invoked. */
function appliesTo({ view }: Inspection, config: Resource, invoked: Resource, endpoint: unknown): boolean {
  const { FunctionName: name, Qualifier: qualifier } = config.properties;
  const isNamed =
    functionsNamed(view, name).includes(invoked) || functionsNamed(view, qualifier).includes(invoked);
  return isNamed && !(qualifier === "$LATEST" && namesPointer(view, endpoint));
}

function inspectAsyncDestination(look: Inspection, invoked: Resource, configs: readonly Resource[]): void {
  const { view } = look;
  const path = "DestinationConfig.OnFailure.Destination";
  const deadLetters = view.values(invoked, "DeadLetterConfig.TargetArn");
  const places = [
    invoked.properties["DeadLetterConfig"],
    ...configs.map(({ properties }) => properties["DestinationConfig"]),
  ];
  for (const place of places)
    for (const queue of view.named(place, "AWS::SQS::Queue")) look.failureQueues.add(queue);
  const isKept =
    !mayBeAbsent(deadLetters) || configs.some((config) => !mayBeAbsent(view.values(config, path)));
  if (!isKept) look.reportText("async-destination-missing", invoked, "OnFailure destination", "none");
}

function inspectInvokeLimit(look: Inspection, config: Resource, path: string, most: number): void {
  const values = look.view.values(config, path);
  if (numbers(values, most).some((limit) => limit < most))
    look.report("async-retries-end", config, path, values);
}

/** True if the template has an alarm on one of these metrics, alone or within an expression. */
export function hasAlarm({ view }: Inspection, ...metrics: readonly string[]): boolean {
  return view
    .ofType("AWS::CloudWatch::Alarm")
    .some(({ properties }) => view.texts(properties).some((text) => metrics.includes(text)));
}
