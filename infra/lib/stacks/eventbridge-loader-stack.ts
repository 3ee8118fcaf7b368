// SPDX-License-Identifier: MIT
import { EventBus } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import { EventBridgeLoader } from "../constructs/channels/eventbridge-loader";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { RULE_PARAMETERS, type EventBridgeValues } from "../parameters/eventbridge-parameters";
import { loaderPropsOf, settingsOf } from "./loader-props-of";

/** The stack of an {@link EventBridgeLoader}. */
export class EventBridgeLoaderStack extends LoaderStack {
  readonly loader: EventBridgeLoader;

  constructor(scope: Construct, id: string, props: LoaderStackProps<EventBridgeValues>) {
    super(scope, id, props);
    const { values } = props;
    const { eventBusName } = values;
    this.loader = new EventBridgeLoader(this, "Default", {
      ...loaderPropsOf(this, values, props.ledger),
      ...settingsOf(RULE_PARAMETERS, values),
      ...(eventBusName === undefined
        ? {}
        : { eventBus: EventBus.fromEventBusName(this, "Bus", eventBusName) }),
    });
    const { eventBus, rule, undeliveredQueue, failedInvocationsQueue } = this.loader;
    this.outputDeadLetters(this.loader);
    this.output("EventBusName", eventBus.eventBusName, "Where events are put.");
    this.output("RuleName", rule.ruleName, "The rule that selects them.");
    this.output(
      "UndeliveredQueueUrl",
      undeliveredQueue.queueUrl,
      "What EventBridge could not hand to Lambda.",
    );
    this.output(
      "FailedInvocationsQueueUrl",
      failedInvocationsQueue.queueUrl,
      "Invocations that Lambda gave up, with their events.",
    );
  }
}
