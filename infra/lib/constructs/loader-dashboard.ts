// SPDX-License-Identifier: MIT
import {
  Dashboard,
  GraphWidget,
  TextWidget,
  type DashboardProps,
  type IMetric,
  type IWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { Loader } from "./loader";

/** The properties of a {@link LoaderDashboard}. */
export interface LoaderDashboardProps extends Pick<DashboardProps, "dashboardName"> {
  /** The loaders of one account and region, in the order of their rows. */
  readonly loaders: readonly Loader[];
}

/** A dashboard with a row for each loader: invocations, how long they take, and what waits for people. */
export class LoaderDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { loaders, dashboardName }: LoaderDashboardProps) {
    super(scope, id);
    this.dashboard = new Dashboard(this, "Dashboard", {
      ...(dashboardName === undefined ? {} : { dashboardName }),
      widgets: loaders.flatMap((loader) => dashboardRow(loader.node.path, metricsOf(loader))),
    });
  }
}

/** The metrics of a row. */
export interface DashboardMetrics {
  readonly invocations: IMetric;
  readonly errors: IMetric;
  readonly throttles: IMetric;
  readonly duration: IMetric;
  readonly deadLetters: IMetric;
}

function metricsOf(loader: Loader): DashboardMetrics {
  return {
    invocations: loader.metric("Invocations", { statistic: "Sum" }),
    errors: loader.metricErrors(),
    throttles: loader.metricThrottles(),
    duration: loader.metricDuration({ statistic: "Maximum" }),
    deadLetters: loader.metricDeadLetters({ statistic: "Maximum" }),
  };
}

/** The row of one loader, below its title. */
export function dashboardRow(title: string, metrics: DashboardMetrics): IWidget[][] {
  const { invocations, errors, throttles, duration, deadLetters } = metrics;
  return [
    [new TextWidget({ markdown: `## ${title}`, width: 24, height: 1 })],
    [
      new GraphWidget({
        title: "Invocations",
        width: 8,
        left: [invocations, errors, throttles],
      }),
      new GraphWidget({
        title: "Duration",
        width: 8,
        left: [duration],
      }),
      new GraphWidget({
        title: "Dead letters",
        width: 8,
        left: [deadLetters],
      }),
    ],
  ];
}
