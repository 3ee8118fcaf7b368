// SPDX-License-Identifier: MIT
import { rulePattern } from "@ledger-loader/eventbridge";
import { SETTINGS } from "@ledger-loader/core";
import { Duration } from "aws-cdk-lib";
import { EventBus, Rule, type IEventBus } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Construct } from "constructs";
import { keepFailedInvocations } from "../constructs/async-function";
import type { LoaderValues } from "../constructs/loader-function";
import { createQueue } from "../constructs/loader-queue";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { fromSetting, list, optional, text, type ParameterValues } from "../parameters/parameter";

/** The parameters of an event bus and its rule. */
export const EVENTBRIDGE_PARAMETERS = {
  eventBusName: optional<string | undefined>({
    accepts: "the name of an event bus in the same account and region",
    parse: text(/^[\w./-]{1,256}$/),
    defaultValue: undefined,
    meaning: "A bus that is there already, such as default; not set, the stack creates one.",
    tradeOff: "On a shared bus, other rules see the events too.",
  }),
  source: optional<string | undefined>({
    accepts: "the source that events are put with",
    parse: text(/^[\w./-]{1,256}$/),
    defaultValue: undefined,
    meaning: "The source that the rule selects; not set, that of this project's publisher.",
    tradeOff: "None: it must be what the publisher says.",
  }),
  detailType: optional<string | undefined>({
    accepts: "the detail type that events are put with",
    parse: text(/^.{1,128}$/),
    defaultValue: undefined,
    meaning:
      "The detail type that the rule selects; not set, that of this project's publisher. The Java loader's rule selects LedgerLoadEvent.",
    tradeOff: "None: it must be what the publisher says.",
  }),
  tables: optional<readonly string[] | undefined>({
    accepts: "names of tables",
    parse: list(/^[A-Za-z_]\w{0,127}$/),
    defaultValue: undefined,
    meaning: "The tables whose events the rule selects; not set, all.",
    tradeOff: "EventBridge drops events of tables that no rule names, without a trace.",
  }),
  allowUnordered: fromSetting(SETTINGS.allowUnordered),
} as const;

/** The most that EventBridge offers before it gives an event up. */
const RULE_RETRIES = 185;
const RULE_EVENT_AGE = Duration.hours(24);

/** The values of an event bus's loader. */
export type EventBridgeValues = LoaderValues & ParameterValues<typeof EVENTBRIDGE_PARAMETERS>;

/** Loads the events of an event bus: in no order, for events with a version or a position. */
export class EventBridgeLoaderStack extends LoaderStack {
  constructor(scope: Construct, id: string, props: LoaderStackProps<EventBridgeValues>) {
    const { allowUnordered } = props.values;
    super(scope, id, props, {
      entry: "eventbridge",
      environment: { [SETTINGS.allowUnordered.name]: String(allowUnordered) },
    });
    const { eventBusName, source, detailType, tables } = props.values;
    const bus: IEventBus =
      eventBusName === undefined
        ? new EventBus(this, "Bus")
        : EventBus.fromEventBusName(this, "Bus", eventBusName);
    const { detail, ...pattern } = rulePattern({
      source,
      detailType,
      tables,
    });
    const undelivered = createQueue(this, "Undelivered");
    const rule = new Rule(this, "Rule", {
      eventBus: bus,
      eventPattern: {
        source: [...pattern.source],
        detailType: [...pattern["detail-type"]],
        ...(detail === undefined ? {} : { detail: { table: [...detail.table] } }),
      },
      targets: [
        new LambdaFunction(this.loader.alias, {
          deadLetterQueue: undelivered,
          retryAttempts: RULE_RETRIES,
          maxEventAge: RULE_EVENT_AGE,
        }),
      ],
    });
    const failed = keepFailedInvocations(this, this.loader, this.alarms);
    this.alarms.deadLetters("UndeliveredAlarm", undelivered);
    this.output("EventBusName", bus.eventBusName, "Where events are put.");
    this.output("RuleName", rule.ruleName, "The rule that selects them.");
    this.output("UndeliveredQueueUrl", undelivered.queueUrl, "What EventBridge could not hand to Lambda.");
    this.output(
      "FailedInvocationsQueueUrl",
      failed.queueUrl,
      "Invocations that Lambda gave up, with their events.",
    );
  }
}
