// SPDX-License-Identifier: MIT
import { App, Validations, type AppProps } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { channelOf } from "./channels";
import type { ParsedLoader } from "./parse-loaders";

/** Makes the CDK app of some loaders: a stack each, all of them checked against the AWS Solutions rules. */
export function createApp(loaders: readonly ParsedLoader[], props: AppProps = {}): App {
  const app = new App(props);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  for (const { channel, id, placement, values } of loaders) {
    const { Stack } = channelOf(channel);
    new Stack(app, stackName(id), {
      description: `Loads events into the ledger ${values.ledgerName} (${channel})`,
      env: placement,
      values,
    });
  }
  return app;
}

/** The name of a loader's stack. */
export function stackName(id: string): string {
  return `LedgerLoader-${id}`;
}
