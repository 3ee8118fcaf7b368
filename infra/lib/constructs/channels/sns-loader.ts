// SPDX-License-Identifier: MIT
import { SETTINGS } from "@ledger-loader/core";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { LambdaSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { SNS_SETTINGS } from "../../parameters/sns-parameters";
import { acknowledge } from "../acknowledgements";
import { keepFailedInvocations } from "../async-function";
import type { SubscriptionProps } from "./channel-props";
import { letServiceUse } from "../keys";
import { Loader } from "../loader";
import type { LoaderProps } from "../loader-props";
import { createQueue } from "../loader-queue";
import { settle } from "../settle";
import { applyFilter, createTopic, watchTopic } from "./sns-source";

/** A topic that exists already, of another region too. */
export interface TopicProps {
  /** A topic that exists already. Its encryption and policy are then yours to set. @defaultValue one is created */
  readonly topic?: ITopic;
  /**
   * Where SNS puts what it cannot deliver, in the topic's region. For a topic of another region it must be given; its policy
   * and its alarm are then yours to set. @defaultValue one is created
   */
  readonly snsDeadLetterQueue?: IQueue;
}

/** The properties of an {@link SnsLoader}. */
export interface SnsLoaderProps extends LoaderProps, TopicProps, SubscriptionProps {
  /** Loads events with neither version nor position, although SNS keeps no order. @defaultValue `false` */
  readonly allowUnordered?: boolean;
}

/**
 * Loads the events of an SNS topic, handed to the function by SNS itself: in no order, for events with a version or a
 * position. Prefer {@link SnsToSqsLoader}, which bears longer outages.
 */
export class SnsLoader extends Loader {
  /** Where events are published. */
  readonly topic: ITopic;
  /** The queue of messages that SNS could not hand to Lambda. */
  readonly undeliveredQueue: IQueue;
  /** Invocations that Lambda gave up, with their events. */
  readonly failedInvocationsQueue: IQueue;

  constructor(scope: Construct, id: string, props: SnsLoaderProps) {
    const values = settle({
      scope,
      id,
      channel: "sns",
      parameters: SNS_SETTINGS,
      props,
      resources: {
        topicArn: props.topic?.topicArn,
        snsDeadLetterQueueArn: props.snsDeadLetterQueue?.queueArn,
      },
    });
    const environment = { [SETTINGS.allowUnordered.name]: String(values.allowUnordered) };
    super(scope, id, props, { entry: "sns", values, environment });
    this.topic = props.topic ?? createTopic(this, { fifo: false }, this.keeping);
    this.undeliveredQueue = props.snsDeadLetterQueue ?? createQueue(this, "Undelivered", this.keeping);
    letServiceUse(this, props.encryptionKey, "sns.amazonaws.com");
    const subscription = this.topic.addSubscription(
      new LambdaSubscription(this.function, { deadLetterQueue: this.undeliveredQueue }),
    );
    acknowledge(subscription, "CloudFormation-Validate::W3694");
    applyFilter(subscription, values);
    this.failedInvocationsQueue = keepFailedInvocations(this, this.loader, this.alarms, this.keeping);
    watchTopic(this.alarms, this.topic);
    if (props.snsDeadLetterQueue === undefined)
      this.alarms.deadLetters("UndeliveredAlarm", this.undeliveredQueue);
  }

  /** Lets somebody publish events. */
  grantSend(grantee: IGrantable): Grant {
    return this.topic.grantPublish(grantee);
  }
}
