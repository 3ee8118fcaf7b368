// SPDX-License-Identifier: MIT
import { App, Validations, type AppProps } from "aws-cdk-lib";
import { CURRENTLY_RECOMMENDED_FLAGS } from "aws-cdk-lib/cx-api";
import { AwsSolutionsChecks } from "cdk-nag";
import { channelOf } from "./channels";
import { DashboardStack } from "./dashboard-stack";
import type { LoaderStack } from "../constructs/loader-stack";
import type { ParsedLoader } from "./parse-loaders";

/**
 * The flags that CDK recommends to new apps, of the installed version, with an exception: it must not report to AWS which
 * properties the constructs are given. A `cdk.json` may say otherwise.
 */
export const FLAGS: AppProps["context"] = {
  ...CURRENTLY_RECOMMENDED_FLAGS,
  "@aws-cdk/core:enableAdditionalMetadataCollection": false,
};

/** How an app is made. */
export interface LoaderAppProps extends AppProps {
  /** True if loaders of one account and region have a dashboard, in a stack of its own. @defaultValue `false` */
  readonly dashboard?: boolean;
}

/** Makes the CDK app of some loaders: a stack each, all of them checked against the AWS Solutions rules. */
export function createApp(
  loaders: readonly ParsedLoader[],
  { dashboard = false, ...props }: LoaderAppProps = {},
): App {
  const app = new App({ ...props, context: { ...FLAGS, ...props.context } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const made = loaders.map((loader) => ({ loader, stack: createStack(app, loader) }));
  if (!dashboard) return app;
  for (const name of dashboardNames(loaders)) {
    const shown = made.filter(({ loader }) => dashboardName(loader) === name);
    const { account, region } = shown[0]?.loader.placement ?? {};
    new DashboardStack(app, name, {
      description: "The dashboard of loaders",
      env: { account, region },
      loaders: shown.map(({ stack }) => stack),
    });
  }
  return app;
}

function createStack(app: App, { channel, id, placement, values }: ParsedLoader): LoaderStack {
  const { Stack } = channelOf(channel);
  const { stackName: name, ...env } = placement;
  return new Stack(app, stackName(id), {
    description: `Loads events into the ledger ${values.ledgerName} (${channel})`,
    env,
    ...(name === undefined ? {} : { stackName: name }),
    values,
  });
}

/** The stacks with the dashboards of some loaders: one for each account and region. */
export function dashboardNames(loaders: readonly ParsedLoader[]): readonly string[] {
  return [...new Set(loaders.map(dashboardName))];
}

/** No id of a loader makes the same name. CloudWatch knows an account's dashboards of all regions by one name each. */
function dashboardName({ placement: { account, region } }: ParsedLoader): string {
  return ["LedgerLoaderDashboard", account, region].filter((part) => part !== undefined).join("-");
}

/** The name of a loader's stack. */
export function stackName(id: string): string {
  return `LedgerLoader-${id}`;
}
