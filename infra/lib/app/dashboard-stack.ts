// SPDX-License-Identifier: MIT
import { Fn, Stack, type StackProps } from "aws-cdk-lib";
import { Dashboard, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { ParameterValueType, StringListParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { dashboardRow } from "../constructs/loader-dashboard";
import type { LoaderStack } from "../constructs/loader-stack";
import { ALIAS } from "../constructs/loader-function";

/** The properties of a {@link DashboardStack}. */
export interface DashboardStackProps extends StackProps {
  /** The stacks of one account and region, in the order of their rows. */
  readonly loaders: readonly LoaderStack[];
}

/**
 * The stack with the dashboard of an app's loaders in one account and region.
 *
 * The stacks of the loaders leave the names of function and queue in a parameter. An export would keep a loader's stack from being
 * deleted as long as the dashboard shows it.
 */
export class DashboardStack extends Stack {
  constructor(scope: Construct, id: string, { loaders, ...props }: DashboardStackProps) {
    super(scope, id, props);
    const parameters = loaders.map(keepNames);
    const dashboard = new Dashboard(this, "Dashboard", {
      dashboardName: id,
      widgets: loaders.flatMap((stack) => this.#rowOf(stack)),
    });
    // They must be there first.
    dashboard.node.addDependency(...parameters);
  }

  #rowOf(stack: LoaderStack): ReturnType<typeof dashboardRow> {
    const names = StringListParameter.valueForTypedListParameter(
      this,
      parameterOf(stack),
      ParameterValueType.STRING,
    );
    return dashboardRow(stack.stackName, metricsOf(Fn.select(0, names), Fn.select(1, names)));
  }
}

/** Leaves the names that the dashboard needs in a parameter of the loader's stack. */
function keepNames(stack: LoaderStack): StringListParameter {
  const { functionName, deadLetterQueue } = stack.loader;
  return new StringListParameter(stack, "DashboardNames", {
    parameterName: parameterOf(stack),
    stringListValue: [functionName, deadLetterQueue.queueName],
    description: "The function and its queue of dead letters, for the dashboard",
  });
}

function parameterOf({ stackName }: LoaderStack): string {
  return `/ledger-loader/${stackName}/names`;
}

function metricsOf(functionName: string, queueName: string): Parameters<typeof dashboardRow>[1] {
  const ofFunction = (metricName: string, statistic: string): Metric =>
    new Metric({
      namespace: "AWS/Lambda",
      metricName,
      dimensionsMap: { FunctionName: functionName, Resource: `${functionName}:${ALIAS}` },
      statistic,
    });
  return {
    invocations: ofFunction("Invocations", "Sum"),
    errors: ofFunction("Errors", "Sum"),
    throttles: ofFunction("Throttles", "Sum"),
    duration: ofFunction("Duration", "Maximum"),
    deadLetters: new Metric({
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensionsMap: { QueueName: queueName },
      statistic: "Maximum",
    }),
  };
}
