// SPDX-License-Identifier: MIT
import {
  Dashboard,
  GraphWidget,
  TextWidget,
  type DashboardProps,
  type IWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { Loader } from "./loader";

/** What a {@link LoaderDashboard} takes. */
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
      widgets: loaders.flatMap(rowsOf),
    });
  }
}

function rowsOf(loader: Loader): IWidget[][] {
  return [
    [new TextWidget({ markdown: `## ${loader.node.path}`, width: 24, height: 1 })],
    [
      new GraphWidget({
        title: "Invocations",
        width: 8,
        left: [
          loader.metric("Invocations", { statistic: "Sum" }),
          loader.metricErrors(),
          loader.metricThrottles(),
        ],
      }),
      new GraphWidget({
        title: "Duration",
        width: 8,
        left: [loader.metricDuration({ statistic: "Maximum" })],
      }),
      new GraphWidget({
        title: "Dead letters",
        width: 8,
        left: [loader.metricDeadLetters({ statistic: "Maximum" })],
      }),
    ],
  ];
}
