// SPDX-License-Identifier: MIT
import { App, Validations, type AppProps, type Environment } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { ExportVerifyStack, type ExportVerifyStackProps } from "../stacks/export-verify-stack";
import { FLAGS } from "./create-app";

/** The name of the stack that verifies exports. */
export const VERIFY_STACK = "LedgerLoader-ExportVerify";

/** Makes the CDK app with the stack that verifies exports, checked against the AWS Solutions rules. */
export function createVerifyApp(
  values: Omit<ExportVerifyStackProps, "env">,
  env: Environment = {},
  props: AppProps = {},
): App {
  const app = new App({ ...props, context: { ...FLAGS, ...props.context } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new ExportVerifyStack(app, VERIFY_STACK, {
    description: `Verifies journal exports in the bucket ${values.exportBucketName}`,
    env,
    ...values,
  });
  return app;
}
