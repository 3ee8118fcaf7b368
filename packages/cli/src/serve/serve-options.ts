// SPDX-License-Identifier: MIT
import { isStreamPattern, SELF_SIGNED_FILE } from "@ledger-loader/ledger";
import { UsageError } from "../cli-errors";
import { DEFAULT_ENDPOINT } from "../ledger/connection";
import { DATABASE_OPTIONS } from "../ledger/ledger-place";
import type { OptionSpec } from "../options/command-spec";
import { flagOf } from "../options/environment-options";
import { type LimitOptions, limitOptions } from "../options/ledger-limits";
import { LOG_OPTIONS, type LogOptions } from "../options/log-options";
import { wholeNumber } from "../options/parse-options";

/** The result of parsing {@link SERVE_OPTIONS}. */
export interface ServeOptions extends LimitOptions, LogOptions {
  readonly data?: string;
  readonly postgres?: string;
  readonly advertise?: string;
  readonly host: string;
  readonly port: number;
  readonly exportFolder?: string;
  readonly allowBucket?: readonly string[];
  readonly allowHost?: readonly string[];
  readonly credentials?: string;
  readonly insecure?: true;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsSelfSigned?: true;
  readonly allowStream?: readonly string[];
  readonly explorer: "read" | "write" | "off";
  readonly healthPort?: number;
  readonly healthHost: string;
}

/**
 * How the variables of options begin that only `ledger serve` has.
 *
 * Kubernetes sets `LEDGER_SERVER_PORT` and others in every container where a service is called `ledger-server`: this prefix
 * keeps out of its way.
 */
const PREFIX = "LEDGER_SERVE_";

/** Options of `ledger serve`; each is read from the environment too. */
export const SERVE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--data <folder>",
    description: "the folder of the ledgers, made if it is missing",
    replacedBy: ["--postgres"],
  },
  ...DATABASE_OPTIONS,
  { flags: "--host <address>", description: "the address to listen on", default: "127.0.0.1" },
  {
    flags: "--port <number>",
    description: "the port to listen on, or 0 for a free one",
    default: Number(new URL(DEFAULT_ENDPOINT).port),
    parse: wholeNumber("--port", 0, 65_535),
  },
  {
    flags: "--credentials <file>",
    description: "the file of access keys, from `ledger add-key`",
  },
  {
    flags: "--allow-bucket <name>",
    description:
      "a bucket, with * and ? as wildcards, to which ExportJournalToS3 may export with the server's AWS credentials",
    repeatable: true,
    parse: bucketPattern,
  },
  {
    flags: "--export-folder <folder>",
    description: "the folder in which all other buckets of ExportJournalToS3 are folders",
  },
  {
    flags: "--insecure",
    description: "listen beyond loopback without --credentials: everyone may do everything",
  },
  {
    flags: "--tls-cert <file>",
    description: "serve by TLS: the certificate and those of its issuers, in PEM",
    replacedBy: ["--tls-self-signed"],
  },
  {
    flags: "--tls-key <file>",
    description: "the private key of --tls-cert, in PEM",
    replacedBy: ["--tls-self-signed"],
  },
  {
    flags: "--tls-self-signed",
    description: `serve by TLS with a new certificate, for trying: ${SELF_SIGNED_FILE} in the data folder`,
    replacedBy: ["--tls-cert", "--tls-key"],
  },
  {
    flags: "--allow-host <name>",
    description: "a name by which clients reach the server, besides loopback and the address it listens on",
    repeatable: true,
  },
  {
    flags: "--allow-stream <arn>",
    description:
      "the ARN of a Kinesis data stream, with * and ? as wildcards, to which journals may be streamed with the server's AWS credentials",
    repeatable: true,
    parse: streamPattern,
  },
  {
    flags: "--explorer <mode>",
    description: "what a browser may do",
    default: "read",
    choices: ["read", "write", "off"],
  },
  {
    flags: "--health-port <number>",
    env: "HEALTH_PORT",
    description:
      "answer /health/live, /health/ready and /metrics without keys on this port, or with 0 on a free one. Default: none",
    parse: wholeNumber("--health-port", 0, 65_535),
  },
  {
    flags: "--health-host <address>",
    env: "HEALTH_HOST",
    description: "the address for --health-port",
    default: "127.0.0.1",
  },
  ...limitOptions,
  ...LOG_OPTIONS,
].map(withVariable);

function withVariable(spec: OptionSpec): OptionSpec {
  return { ...spec, env: spec.env ?? variableOf(spec) };
}

/** The variable of an option of `ledger serve` without one of its own: `LEDGER_SERVE_DATA` of `--data`. */
export function variableOf(spec: OptionSpec): string {
  return PREFIX + flagOf(spec).slice("--".length).toUpperCase().replaceAll("-", "_");
}

/** Variables that look like settings of `ledger serve` and are none: misspelled, or of another version. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = new Set(SERVE_OPTIONS.map((spec) => spec.env));
  return Object.keys(env).filter((name) => name.startsWith(PREFIX) && !known.has(name));
}

/** The characters are those of buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function bucketPattern(text: string): string {
  if (/^[a-z0-9.*?-]{1,63}$/.test(text)) return text;
  throw new UsageError(
    `expected --allow-bucket to be the name of a bucket, such as my-journals or my-*, found ${JSON.stringify(text)}`,
  );
}

function streamPattern(text: string): string {
  if (isStreamPattern(text)) return text;
  throw new UsageError(
    "expected --allow-stream to be the ARN of a Kinesis data stream such as arn:aws:kinesis:REGION:ACCOUNT:stream/NAME, " +
      `found ${JSON.stringify(text)}`,
  );
}
