// SPDX-License-Identifier: MIT

/** Variables that tell the AWS SDK where credentials are. */
const VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/** True when the environment says where the AWS SDK finds credentials. An empty variable counts as not set. */
export function hasAwsCredentials(env: Readonly<Record<string, string | undefined>>): boolean {
  return VARIABLES.some((name) => (env[name] ?? "") !== "");
}
