// SPDX-License-Identifier: MIT
import { Annotations, Tags } from "aws-cdk-lib";
import type { Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { Connections, IConnectable } from "aws-cdk-lib/aws-ec2";
import type { IGrantable, IPrincipal, IRole } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { CommonValues } from "../parameters/function-parameters";
import { LoaderAlarms } from "./alarms";
import type { ILedger } from "./ledger";
import { LoaderFunction, type FunctionSpec } from "./loader-function";
import type { LoaderProps } from "./loader-props";
import type { Keeping } from "./loader-queue";
import { OwnMetrics } from "./own-metrics";

/** The base of the constructs of all channels: a function, its dead letters, and the alarms of both. */
export abstract class Loader extends Construct implements IGrantable, IConnectable {
  /** The ledger that events are written to. */
  readonly ledger: ILedger;
  /** The function's alias `live`, which the source invokes. */
  readonly function: IFunction;
  /** The function's own name: the loader's metrics carry it as `loader`. */
  readonly functionName: string;
  /** The function's log: ids and outcomes, never documents. */
  readonly logGroup: ILogGroup;
  /** Where the loader parks what it cannot apply; `ledger-loader redrive` loads it again. */
  readonly deadLetterQueue: IQueue;
  readonly role: IRole;
  readonly grantPrincipal: IPrincipal;
  /** The function's network interfaces. Outside of a VPC it has none, and nothing can be let in or out. */
  readonly connections: Connections;
  protected readonly loader: LoaderFunction;
  protected readonly alarms: LoaderAlarms;
  protected readonly keeping: Keeping;
  readonly #own: OwnMetrics;

  protected constructor(
    scope: Construct,
    id: string,
    props: LoaderProps,
    spec: FunctionSpec & { readonly values: CommonValues },
  ) {
    super(scope, id);
    const { ledger, encryptionKey } = props;
    const { values } = spec;
    this.ledger = ledger;
    this.keeping = { encryptionKey, removalPolicy: values.removalPolicy };
    Tags.of(this).add("ledger-loader:ledger", ledger.ledgerName);
    warnOfQldb(this, ledger);
    this.loader = new LoaderFunction(this, "Loader", { ...props, ...networkOf(props), ...spec });
    this.function = this.loader.alias;
    this.functionName = this.loader.functionName;
    this.logGroup = this.loader.logGroup;
    this.deadLetterQueue = this.loader.deadLetters;
    this.role = this.loader.role;
    this.grantPrincipal = this.loader.role;
    this.connections = this.loader.connections;
    if (networkOf(props).vpc !== undefined) letIn(this.connections, ledger);
    this.alarms = new LoaderAlarms(this, { alarms: values.alarms, alarmTopic: props.alarmTopic });
    this.alarms.function(this.loader.alias, values.timeoutSeconds);
    this.alarms.deadLetters("DeadLettersAlarm", this.deadLetterQueue);
    this.#own = new OwnMetrics({
      namespace: values.metricsNamespace,
      channel: spec.entry,
      ledger: ledger.ledgerName,
      loader: this.loader.functionName,
    });
    this.alarms.own(this.#own, values.lagMaxSeconds);
  }

  /** A metric of the function's alias, by the name that AWS Lambda gives it, such as `Invocations`. */
  metric(metricName: string, options?: MetricOptions): Metric {
    return this.function.metric(metricName, options);
  }

  /** Invocations that failed: the ledger did not answer, or something is wrong with the function. */
  metricErrors(options?: MetricOptions): Metric {
    return this.function.metricErrors(options);
  }

  /** Invocations that Lambda put off, as too many ran. */
  metricThrottles(options?: MetricOptions): Metric {
    return this.function.metricThrottles(options);
  }

  /** How long invocations took. */
  metricDuration(options?: MetricOptions): Metric {
    return this.function.metricDuration(options);
  }

  /** Events that were refused; with `metricsNamespace`. */
  metricRejected(options?: MetricOptions): Metric {
    return this.#own.metric("events", { status: "rejected" }, options);
  }

  /** Events that were written; with `metricsNamespace`. */
  metricWritten(options?: MetricOptions): Metric {
    return this.#own.metric("events", { status: "written" }, options);
  }

  /** Batches during which the ledger did not answer; with `metricsNamespace`. */
  metricOutages(options?: MetricOptions): Metric {
    return this.#own.metric("batches", { result: "outage" }, options);
  }

  /** Deliveries that could not be parked; with `metricsNamespace`. */
  metricParkingFailures(options?: MetricOptions): Metric {
    return this.#own.metric("parkingFailures", {}, options);
  }

  /** How old events are when they were loaded, in milliseconds; with `metricsNamespace`. */
  metricLag(options?: MetricOptions): Metric {
    return this.#own.metric("lag", {}, options);
  }

  /** How many deliveries are parked. */
  metricDeadLetters(options?: MetricOptions): Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(options);
  }
}

/** Where the function runs: where it is told to, or where its ledger is. */
function networkOf({ vpc, vpcSubnets, ledger }: LoaderProps): Pick<LoaderProps, "vpc" | "vpcSubnets"> {
  if (vpc !== undefined) return vpcSubnets === undefined ? { vpc } : { vpc, vpcSubnets };
  if (ledger.vpc === undefined) return {};
  const subnets = vpcSubnets ?? ledger.vpcSubnets;
  return subnets === undefined ? { vpc: ledger.vpc } : { vpc: ledger.vpc, vpcSubnets: subnets };
}

/** Lets a function in to its ledger. The rule is in the function's stack: the ledger's must not wait for it. */
function letIn({ securityGroups }: Connections, { connections }: ILedger): void {
  const port = connections?.defaultPort;
  if (connections === undefined || port === undefined) return;
  for (const group of connections.securityGroups) {
    for (const peer of securityGroups) group.addIngressRule(peer, port, "A loader reaches its ledger", true);
  }
}

function warnOfQldb(scope: Construct, { endpoint }: ILedger): void {
  if (endpoint !== undefined) return;
  Annotations.of(scope).addWarningV2(
    "ledger-loader:noLedgerEndpoint",
    "Expected the ledger's address in ledgerEndpoint, found none: the function will call Amazon QLDB, which was shut down on 2025-07-31.",
  );
}
