// SPDX-License-Identifier: MIT
import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  Metric,
  TreatMissingData,
  type AlarmProps,
  type IMetric,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { HttpCodeTarget, type ApplicationTargetGroup } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import type { DatabaseCluster } from "aws-cdk-lib/aws-rds";
import type { IEventSourceMapping, IFunction } from "aws-cdk-lib/aws-lambda";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { OwnMetrics } from "./own-metrics";

const PERIOD = Duration.minutes(5);
/** From this part of the time-out on, an invocation is nearly ended. */
const NEAR = 0.8;

/** The alarms that are made, and where they are sent. */
export interface AlarmOptions {
  readonly alarms: boolean;
  readonly alarmTopic?: ITopic | undefined;
}

/** Makes the alarms of one loader, and tells its topic, if it has one, when they begin and end. */
export class LoaderAlarms {
  readonly #scope: Construct;
  readonly #isOn: boolean;
  readonly #action: SnsAction | undefined;

  constructor(scope: Construct, { alarms, alarmTopic }: AlarmOptions) {
    this.#scope = scope;
    this.#isOn = alarms;
    this.#action = alarmTopic === undefined ? undefined : new SnsAction(alarmTopic);
  }

  /** Events were parked, or given up: somebody must look, correct and redrive. */
  deadLetters(id: string, queue: IQueue): void {
    const metric = queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: "Maximum" });
    this.#above(id, metric, 0, "Dead letters wait: look at them, correct and redrive.");
  }

  /** Messages wait longer than they should: loading falls behind, or fails. */
  oldestMessage(id: string, queue: IQueue, seconds: number): void {
    const metric = queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: "Maximum" });
    this.#above(id, metric, seconds, "Messages wait too long: loading falls behind, or fails.");
  }

  /** Invocations failed, were throttled, or nearly took too long. */
  function(loader: IFunction, timeoutSeconds: number): void {
    const sum = { period: PERIOD, statistic: "Sum" };
    this.#above("ErrorsAlarm", loader.metricErrors(sum), 0, "Invocations failed: see the function's log.");
    this.#above("ThrottlesAlarm", loader.metricThrottles(sum), 0, "Invocations were throttled.");
    this.#above(
      "DurationAlarm",
      loader.metricDuration({ period: PERIOD, statistic: "Maximum" }),
      timeoutSeconds * 1_000 * NEAR,
      "Invocations nearly take as long as they may: raise timeoutSeconds, or lower batchSize.",
    );
  }

  /** Adds alarms on the loader's own metrics: events refused, letters that could not be parked, outages, and the lag. */
  own(metrics: OwnMetrics, lagMaxSeconds: number | undefined): void {
    if (!metrics.areWritten) return;
    this.#above(
      "RejectedAlarm",
      metrics.metric("events", { status: "rejected" }),
      0,
      "Events were refused: the function's log names each with its reason.",
    );
    this.#above(
      "ParkingFailuresAlarm",
      metrics.metric("parkingFailures"),
      0,
      "Refused events could not be parked: see the queue of dead letters and its key.",
    );
    this.#above(
      "OutagesAlarm",
      metrics.metric("batches", { result: "outage" }),
      0,
      "The ledger did not answer: look at it and at the way to it.",
    );
    if (lagMaxSeconds === undefined) return;
    this.#above("LagAlarm", metrics.metric("lag"), lagMaxSeconds * 1_000, "Events are loaded too late.");
  }

  /** Lambda dropped asynchronous events, or could not keep what it gave up: it is lost. */
  dropped(loader: IFunction): void {
    const metric = (name: string) => loader.metric(name, { period: PERIOD, statistic: "Sum" });
    this.#above(
      "AsyncEventsDroppedAlarm",
      metric("AsyncEventsDropped"),
      0,
      "Lambda dropped events: reconcile finds what is missing.",
    );
    this.#above(
      "DestinationFailuresAlarm",
      metric("DestinationDeliveryFailures"),
      0,
      "Lambda could not keep events that it gave up: reconcile finds what is missing.",
    );
  }

  /** Lambda gave records of a stream up: they are in the bucket, or lost. */
  givenUp(mapping: IEventSourceMapping): void {
    const metric = (metricName: string) =>
      new Metric({
        namespace: "AWS/Lambda",
        metricName,
        dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
        period: PERIOD,
        statistic: "Sum",
      });
    this.#above(
      "GivenUpAlarm",
      metric("OnFailureDestinationDeliveredEventCount"),
      0,
      "Lambda gave records up: they are in the bucket of the outputs; invoke the function with them once more.",
    );
    this.#above(
      "DroppedAlarm",
      metric("DroppedEventCount"),
      0,
      "Records expired, or were given up and not kept: reconcile finds what is missing.",
    );
  }

  /** SNS could not put what it could not deliver into its queue: it is lost. */
  lostByTopic(topic: ITopic): void {
    const metric = topic.metric("NumberOfNotificationsFailedToRedriveToDlq", {
      period: PERIOD,
      statistic: "Sum",
    });
    this.#above("LostByTopicAlarm", metric, 0, "SNS lost messages: see the policy of the queue for them.");
  }

  /** EventBridge could not put what it could not hand over into its queue: it is lost. */
  lostByRule(dimensionsMap: Readonly<Record<string, string>>): void {
    const metric = new Metric({
      namespace: "AWS/Events",
      metricName: "InvocationsFailedToBeSentToDlq",
      dimensionsMap,
      period: PERIOD,
      statistic: "Sum",
    });
    this.#above(
      "LostByRuleAlarm",
      metric,
      0,
      "EventBridge lost events: see the policy of the queue for them.",
    );
  }

  /** The function is too far behind a topic's end. */
  offsetLag(loader: IFunction, records: number): void {
    const metric = loader.metric("OffsetLag", { period: PERIOD, statistic: "Maximum" });
    this.#above("OffsetLagAlarm", metric, records, "Records wait in the topic: what expires is lost.");
  }

  /** Records wait in a stream longer than they should; beyond its retention they are lost. */
  iteratorAge(loader: IFunction, hours: number): void {
    const metric = loader.metric("IteratorAge", { period: PERIOD, statistic: "Maximum" });
    this.#above(
      "IteratorAgeAlarm",
      metric,
      hours * 3_600_000,
      "Records wait in the stream too long: beyond its retention they are lost.",
    );
  }

  /** Servers of a ledger that do not answer, or answer with errors, and a database at its limit. */
  server(targets: ApplicationTargetGroup, database: DatabaseCluster, tasks: number): void {
    const maximum = { period: PERIOD, statistic: "Maximum" };
    this.#below(
      "ServersAlarm",
      targets.metrics.healthyHostCount({ period: Duration.minutes(1), statistic: "Minimum" }),
      tasks,
      "Servers of the ledger do not answer, or are exchanged.",
    );
    this.#above(
      "ServerErrorsAlarm",
      targets.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { period: PERIOD, statistic: "Sum" }),
      0,
      "The ledger answered with errors of its own: see the servers' log.",
    );
    this.#above(
      "DatabaseCapacityAlarm",
      database.metricACUUtilization(maximum),
      90,
      "The database is at its limit: raise capacityMax.",
    );
    this.#above(
      "DatabaseConnectionsAlarm",
      database.metricDatabaseConnections(maximum),
      15 * (2 * tasks),
      "More connections than the servers hold, during an exchange too: who else is it?",
    );
  }

  /** A metric that must not be below a threshold for five minutes. Missing data is an alarm: nothing is there. */
  #below(id: string, metric: IMetric, threshold: number, alarmDescription: string): void {
    this.#create(id, {
      metric,
      threshold,
      alarmDescription,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 5,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  /** A metric that must not be above a threshold for one period. Missing data is no alarm: nothing happened. */
  #above(id: string, metric: IMetric, threshold: number, alarmDescription: string): void {
    this.#create(id, {
      metric,
      threshold,
      alarmDescription,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  #create(id: string, props: AlarmProps): void {
    if (!this.#isOn) return;
    const alarm = new Alarm(this.#scope, id, props);
    if (this.#action === undefined) return;
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
  }
}
