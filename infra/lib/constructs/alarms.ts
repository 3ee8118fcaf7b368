// SPDX-License-Identifier: MIT
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

const PERIOD = Duration.minutes(5);

/** Whether alarms are made, and where they are sent. */
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

  /** Invocations failed or were throttled. */
  function(loader: IFunction): void {
    const sum = { period: PERIOD, statistic: "Sum" };
    this.#above("ErrorsAlarm", loader.metricErrors(sum), 0, "Invocations failed: see the function's log.");
    this.#above("ThrottlesAlarm", loader.metricThrottles(sum), 0, "Invocations were throttled.");
  }

  /** Lambda dropped asynchronous events: they are lost unless a queue for failed invocations has them. */
  dropped(loader: IFunction): void {
    const metric = loader.metric("AsyncEventsDropped", { period: PERIOD, statistic: "Sum" });
    this.#above(
      "AsyncEventsDroppedAlarm",
      metric,
      0,
      "Lambda dropped events: reconcile finds what is missing.",
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

  /** A metric that must not be above a threshold for one period. Missing data is no alarm: nothing happened. */
  #above(id: string, metric: IMetric, threshold: number, alarmDescription: string): void {
    if (!this.#isOn) return;
    const alarm = new Alarm(this.#scope, id, {
      metric,
      threshold,
      alarmDescription,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (this.#action === undefined) return;
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
  }
}
