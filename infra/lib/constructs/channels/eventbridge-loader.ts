// SPDX-License-Identifier: MIT
import { SETTINGS } from "@ledger-loader/core";
import { rulePattern } from "@ledger-loader/eventbridge";
import { Duration, Fn, Token } from "aws-cdk-lib";
import { EventBus, Rule, type EventPattern, type IEventBus, type IRule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { RULE_PARAMETERS } from "../../parameters/eventbridge-parameters";
import type { JsonObject, ParameterValues } from "../../parameters/parameter";
import { keepFailedInvocations } from "../async-function";
import type { MappingProps } from "./channel-props";
import { letServiceUse } from "../keys";
import { Loader } from "../loader";
import type { LoaderProps } from "../loader-props";
import { createQueue } from "../loader-queue";
import { settle } from "../settle";

/** The properties of an {@link EventBridgeLoader}. */
export interface EventBridgeLoaderProps extends LoaderProps, MappingProps {
  /** A bus that exists already. @defaultValue one is created */
  readonly eventBus?: IEventBus;
  /** The source that the rule selects. @defaultValue that of this project's publisher */
  readonly source?: string;
  /** The detail type that the rule selects. @defaultValue that of this project's publisher */
  readonly detailType?: string;
  /** The tables whose events the rule selects. @defaultValue all */
  readonly tables?: readonly string[];
  /** A pattern that the event itself must match too. @defaultValue anything */
  readonly detail?: JsonObject;
  /** Loads events with neither version nor position, although EventBridge keeps no order. @defaultValue `false` */
  readonly allowUnordered?: boolean;
}

/** The most that EventBridge offers before it gives an event up. */
const RULE_RETRIES = 185;
const RULE_EVENT_AGE = Duration.hours(24);

/** Loads the events of an event bus: in no order, for events with a version or a position. */
export class EventBridgeLoader extends Loader {
  /** Where events are put. */
  readonly eventBus: IEventBus;
  /** The rule that selects them. */
  readonly rule: IRule;
  /** The queue of events that EventBridge could not hand to Lambda. */
  readonly undeliveredQueue: IQueue;
  /** Invocations that Lambda gave up, with their events. */
  readonly failedInvocationsQueue: IQueue;

  constructor(scope: Construct, id: string, props: EventBridgeLoaderProps) {
    const values = settle({ scope, id, channel: "eventbridge", parameters: RULE_PARAMETERS, props });
    const environment = { [SETTINGS.allowUnordered.name]: String(values.allowUnordered) };
    super(scope, id, props, { entry: "eventbridge", values, environment });
    this.eventBus = props.eventBus ?? new EventBus(this, "Bus");
    const deadLetterQueue = createQueue(this, "Undelivered", this.keeping);
    this.undeliveredQueue = deadLetterQueue;
    letServiceUse(this, props.encryptionKey, "events.amazonaws.com");
    this.rule = new Rule(this, "Rule", {
      eventBus: this.eventBus,
      ...(values.enabled ? {} : { enabled: false }),
      eventPattern: patternOf(values),
      targets: [
        new LambdaFunction(this.function, {
          deadLetterQueue,
          retryAttempts: RULE_RETRIES,
          maxEventAge: RULE_EVENT_AGE,
        }),
      ],
    });
    this.failedInvocationsQueue = keepFailedInvocations(this, this.loader, this.alarms, this.keeping);
    this.alarms.deadLetters("UndeliveredAlarm", deadLetterQueue);
    this.alarms.lostByRule(dimensionsOf(this.rule, this.eventBus));
  }

  /** Lets somebody put events. */
  grantSend(grantee: IGrantable): Grant {
    return this.eventBus.grantPutEventsTo(grantee);
  }
}

function patternOf({
  source,
  detailType,
  tables,
  detail: own,
}: ParameterValues<typeof RULE_PARAMETERS>): EventPattern {
  const { detail, ...pattern } = rulePattern({ source, detailType, tables });
  return {
    source: [...pattern.source],
    detailType: [...pattern["detail-type"]],
    ...(detail === undefined && own === undefined
      ? {}
      : { detail: { ...(detail === undefined ? {} : { table: [...detail.table] }), ...own } }),
  };
}

/**
 * The dimensions of a rule's metrics. Those of a rule of the default bus have its name alone. A rule is referred to by bus and
 * name, so the name is taken from the ARN: `…:rule/NAME`, or `…:rule/BUS/NAME`, where a bus of a partner has slashes itself.
 */
function dimensionsOf({ ruleArn }: IRule, { eventBusName }: IEventBus): Readonly<Record<string, string>> {
  const isDefault = eventBusName === "default";
  const partsOfBus = Token.isUnresolved(eventBusName) ? 1 : eventBusName.split("/").length;
  const RuleName = Fn.select(isDefault ? 1 : 1 + partsOfBus, Fn.split("/", ruleArn));
  return isDefault ? { RuleName } : { EventBusName: eventBusName, RuleName };
}
