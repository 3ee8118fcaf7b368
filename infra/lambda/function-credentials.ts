// SPDX-License-Identifier: MIT
import { fromEnv } from "@aws-sdk/credential-provider-env";
import { fromHttp } from "@aws-sdk/credential-provider-http";

type Credentials = Awaited<ReturnType<ReturnType<typeof fromEnv>>>;

/**
 * Takes the place of the AWS SDK's chain of credential sources in functions: Lambda gives a function its role's credentials in the
 * environment, or by an address that the environment names. No other source of the chain exists there.
 */
export function defaultProvider(): () => Promise<Credentials> {
  return process.env["AWS_ACCESS_KEY_ID"] === undefined && hasAddress() ? fromHttp() : fromEnv();
}

function hasAddress(): boolean {
  const { env } = process;
  return (
    (env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]) !== undefined
  );
}
