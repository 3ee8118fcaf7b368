// SPDX-License-Identifier: MIT
import type { Template } from "aws-cdk-lib/assertions";

/** A metric of AWS: the dimensions under which it is kept, each set as names with commas between. */
interface AwsMetrics {
  readonly dimensions: readonly string[];
  readonly names: readonly string[];
}

/** A function, or its alias. */
const FUNCTION = ["FunctionName", "FunctionName,Resource"];

/**
 * The documentation of AWS on the metrics that our alarms may name, written down here once more: an alarm on a metric that is never
 * written never rings.
 */
const AWS_METRICS: Readonly<Record<string, readonly AwsMetrics[]>> = {
  /** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
  "AWS/Lambda": [
    {
      dimensions: FUNCTION,
      names: [
        ...["Invocations", "Errors", "Throttles", "Duration", "IteratorAge", "OffsetLag"],
        ...["AsyncEventsReceived", "AsyncEventsDropped", "AsyncEventAge"],
        ...["DeadLetterErrors", "DestinationDeliveryFailures"],
      ],
    },
    {
      dimensions: ["EventSourceMappingUUID"],
      names: [
        ...["PolledEventCount", "FilteredOutEventCount", "InvokedEventCount", "FailedInvokeEventCount"],
        ...["DroppedEventCount", "OnFailureDestinationDeliveredEventCount", "DeletedEventCount"],
      ],
    },
  ],
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
  "AWS/SQS": [
    {
      dimensions: ["QueueName"],
      names: ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"],
    },
  ],
  /** https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html */
  "AWS/SNS": [
    {
      dimensions: ["TopicName"],
      names: ["NumberOfNotificationsFailed", "NumberOfNotificationsFailedToRedriveToDlq"],
    },
  ],
  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html: the bus is named where it is not the default one. */
  "AWS/Events": [
    { dimensions: ["RuleName", "EventBusName,RuleName"], names: ["InvocationsFailedToBeSentToDlq"] },
  ],
  /** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
  "AWS/ApplicationELB": [
    { dimensions: ["LoadBalancer,TargetGroup"], names: ["HealthyHostCount", "HTTPCode_Target_5XX_Count"] },
  ],
  /** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html */
  "AWS/RDS": [{ dimensions: ["DBClusterIdentifier"], names: ["ACUUtilization", "DatabaseConnections"] }],
};

/** An alarm as a template has it. */
interface AlarmProperties {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Statistic: "Sum" | "Maximum" | "Minimum";
  readonly Threshold: number;
  readonly ComparisonOperator: string;
}

/** The alarms of a template, by their ids without CDK's suffix. */
function alarmsOf(template: Template): readonly (readonly [string, AlarmProperties])[] {
  const resources = template.findResources("AWS::CloudWatch::Alarm") as Record<
    string,
    { readonly Properties: AlarmProperties }
  >;
  return Object.entries(resources).map(([id, { Properties }]) => [
    id.replace(/[0-9A-F]{8}$/, ""),
    Properties,
  ]);
}

/** The alarms on metrics of AWS that AWS does not document, or not with these dimensions. */
export function undocumentedMetrics(template: Template): readonly string[] {
  return alarmsOf(template).flatMap(([id, { Namespace, MetricName, Dimensions = [] }]) => {
    if (!Namespace.startsWith("AWS/")) return [];
    const dimensions = namesOf(Dimensions);
    const isKnown = (AWS_METRICS[Namespace] ?? []).some(
      (known) => known.names.includes(MetricName) && known.dimensions.includes(dimensions),
    );
    return isKnown ? [] : [`${id}: ${Namespace} ${MetricName} by ${dimensions}`];
  });
}

/** A document of CloudWatch's Embedded Metric Format. */
interface EmfDocument extends Readonly<Record<string, unknown>> {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

/**
 * The alarms on our own metrics that a function's log sets off: namespace, metric, each dimension and its value, and the threshold
 * are those of the template.
 */
export function ringingAlarms(template: Template, log: string, functionName: string): readonly string[] {
  const documents = log
    .split("\n")
    .filter((line) => line.includes('"_aws":'))
    .map((line) => JSON.parse(line.slice(line.indexOf("{"))) as EmfDocument);
  return alarmsOf(template).flatMap(([id, alarm]) => {
    if (alarm.Namespace.startsWith("AWS/")) return [];
    const values = documents.flatMap((document) => valuesFor(alarm, document, functionName));
    return values.length > 0 && isAbove(alarm, values) ? [id] : [];
  });
}

function valuesFor(alarm: AlarmProperties, document: EmfDocument, functionName: string): readonly number[] {
  const { Namespace, MetricName, Dimensions = [] } = alarm;
  const kept = document._aws.CloudWatchMetrics.some(
    (each) =>
      each.Namespace === Namespace &&
      each.Metrics.some(({ Name }) => Name === MetricName) &&
      each.Dimensions.some((set) => [...set].sort().join() === namesOf(Dimensions)),
  );
  const isEqual = Dimensions.every(({ Name, Value }) => document[Name] === textOf(Value, functionName));
  return kept && isEqual ? [document[MetricName] as number | number[]].flat() : [];
}

/** The function is the one thing in a dimension that is named when it is deployed. */
function textOf(value: unknown, functionName: string): unknown {
  return typeof value === "object" && String((value as { Ref?: string }).Ref).startsWith("LoaderFunction")
    ? functionName
    : value;
}

function isAbove(
  { Statistic, Threshold, ComparisonOperator }: AlarmProperties,
  values: readonly number[],
): boolean {
  if (ComparisonOperator !== "GreaterThanThreshold")
    throw new Error(`Expected alarms on what is above a threshold, found ${ComparisonOperator}.`);
  const found = Statistic === "Sum" ? values.reduce((a, b) => a + b, 0) : Math.max(...values);
  return found > Threshold;
}

function namesOf(dimensions: readonly { readonly Name: string }[]): string {
  return dimensions
    .map(({ Name }) => Name)
    .sort()
    .join();
}
