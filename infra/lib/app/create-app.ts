// SPDX-License-Identifier: MIT
import { App, Validations, type AppProps } from "aws-cdk-lib";
import { CURRENTLY_RECOMMENDED_FLAGS } from "aws-cdk-lib/cx-api";
import { AwsSolutionsChecks } from "cdk-nag";
import { channelOf } from "./channels";
import type { ParsedLoader } from "./parse-loaders";

/**
 * What CDK recommends to new apps, of the version that is installed, with an exception: it must not report to AWS which
 * properties the constructs are given. A `cdk.json` may say otherwise.
 */
export const FLAGS: AppProps["context"] = {
  ...CURRENTLY_RECOMMENDED_FLAGS,
  "@aws-cdk/core:enableAdditionalMetadataCollection": false,
};

/** Makes the CDK app of some loaders: a stack each, all of them checked against the AWS Solutions rules. */
export function createApp(loaders: readonly ParsedLoader[], props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...FLAGS, ...props.context } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  for (const { channel, id, placement, values } of loaders) {
    const { Stack } = channelOf(channel);
    const { stackName: name, ...env } = placement;
    new Stack(app, stackName(id), {
      description: `Loads events into the ledger ${values.ledgerName} (${channel})`,
      env,
      ...(name === undefined ? {} : { stackName: name }),
      values,
    });
  }
  return app;
}

/** The name of a loader's stack. */
export function stackName(id: string): string {
  return `LedgerLoader-${id}`;
}
