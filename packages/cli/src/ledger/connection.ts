// SPDX-License-Identifier: MIT
import { hasAwsCredentials } from "@ledger-loader/core/has-aws-credentials";
import { findLedgerKey, type LedgerKey } from "@ledger-loader/core/ledger-key";
import type { OptionSpec } from "../options/command-spec";
import { UsageError } from "../cli-errors";
import type { Terminal } from "../output/terminal";

/** Where a ledger server is and how to sign requests to it. */
export interface Connection {
  readonly endpoint: string;
  readonly region: string;
  /** `undefined` leaves the search to the AWS SDK. */
  readonly credentials: LedgerKey | undefined;
}

/** The options that name a ledger server. */
export interface ConnectionOptions {
  readonly endpoint?: string;
  readonly region?: string;
}

/** Where `ledger serve` listens unless told otherwise. */
export const DEFAULT_ENDPOINT = "http://127.0.0.1:8182";

const DEFAULT_REGION = "us-east-1";

/** A server without `--credentials` checks no signature, but the drivers insist on signing. */
const PLACEHOLDER_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** Declares {@link ConnectionOptions}. */
export const CONNECTION_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--endpoint <url>",
    description: `the ledger server. Default: ${DEFAULT_ENDPOINT}. Environment: LEDGER_ENDPOINT`,
    parse: parseEndpoint,
  },
  {
    flags: "--region <name>",
    description: `the region that requests are signed for. Default: ${DEFAULT_REGION}. Environment: LEDGER_REGION or AWS_REGION`,
  },
];

/** The text of `--help` about credentials. */
export const CREDENTIALS_NOTE =
  "LEDGER_ACCESS_KEY_ID and LEDGER_SECRET_ACCESS_KEY sign requests to the ledger. Without them, the configured AWS credentials " +
  "(AWS_PROFILE and others) do, or placeholders, which a server without --credentials accepts.";

/** Finds out where the server is from options and environment. @throws UsageError if the ledger's own key is named in part */
export function connectionFrom(options: ConnectionOptions, env: Terminal["env"]): Connection {
  return {
    endpoint: options.endpoint ?? parseEndpoint(setting(env, "LEDGER_ENDPOINT") ?? DEFAULT_ENDPOINT),
    region: options.region ?? setting(env, "LEDGER_REGION") ?? setting(env, "AWS_REGION") ?? DEFAULT_REGION,
    credentials: ledgerKeysFrom(env) ?? (hasAwsCredentials(env) ? undefined : PLACEHOLDER_CREDENTIALS),
  };
}

/** The ledger's own key: a worker's channel may need another one. */
function ledgerKeysFrom(env: Terminal["env"]): Connection["credentials"] {
  const { key, problem } = findLedgerKey(
    setting(env, "LEDGER_ACCESS_KEY_ID"),
    setting(env, "LEDGER_SECRET_ACCESS_KEY"),
  );
  if (problem !== undefined) throw new UsageError(problem);
  if (key !== undefined) return key;
  if (setting(env, "LEDGER_CREDENTIALS_SECRET") === undefined) return undefined;
  throw new UsageError(
    "expected LEDGER_ACCESS_KEY_ID and LEDGER_SECRET_ACCESS_KEY, found LEDGER_CREDENTIALS_SECRET, which functions alone read: " +
      "set the key itself, which ECS and Kubernetes can fill from a secret",
  );
}

/** An environment variable; empty counts as not set. */
export function setting(env: Terminal["env"], name: string): string | undefined {
  const value = env[name];
  return value === "" ? undefined : value;
}

/** Reads the URL of a ledger server. @throws UsageError if it is none */
export function parseEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError(`expected an endpoint such as ${DEFAULT_ENDPOINT}, found ${JSON.stringify(text)}`);
  }
  return url.origin;
}
