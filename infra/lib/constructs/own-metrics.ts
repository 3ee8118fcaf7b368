// SPDX-License-Identifier: MIT
import { METRICS, type MetricKey } from "@ledger-loader/core";
import { Duration } from "aws-cdk-lib";
import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { DeploymentConfigError } from "../infra-errors";

/** The dimensions and the namespace of a loader's metrics. */
export interface OwnMetricsProps {
  /** The namespace. Absent: the loader writes no metrics of its own. */
  readonly namespace: string | undefined;
  readonly channel: string;
  readonly ledger: string;
  /** The function's name. */
  readonly loader: string;
}

/** The metrics that the loader itself writes to its log, from which CloudWatch takes them. */
export class OwnMetrics {
  readonly #props: OwnMetricsProps;

  constructor(props: OwnMetricsProps) {
    this.#props = props;
  }

  /** True if the loader writes them. */
  get areWritten(): boolean {
    return this.#props.namespace !== undefined;
  }

  /** @throws DeploymentConfigError if the loader writes none. */
  metric(key: MetricKey, labels: Readonly<Record<string, string>> = {}, options: MetricOptions = {}): Metric {
    const { namespace, channel, ledger, loader } = this.#props;
    if (namespace === undefined) {
      throw new DeploymentConfigError([
        "metricsNamespace: expected the namespace of the loader's own metrics, found none, so that it writes none",
      ]);
    }
    return new Metric({
      namespace,
      metricName: METRICS[key].name,
      dimensionsMap: { channel, ledger, loader, ...labels },
      statistic: METRICS[key].kind === "counter" ? "Sum" : "Maximum",
      period: Duration.minutes(5),
      ...options,
    });
  }
}
