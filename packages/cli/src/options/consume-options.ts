// SPDX-License-Identifier: MIT
import type { LoaderConfig } from "@ledger-loader/core";
import type { OptionSpec } from "./command-spec";
import { CONNECTION_OPTIONS, type ConnectionOptions } from "../ledger/connection";
import { loaderConfigFrom, LOADER_SETTING_OPTIONS, type LoaderSettingOptions } from "./loader-settings";
import { LOG_OPTIONS, logChoice, type LogOptions } from "./log-options";
import { time, wholeNumber } from "./parse-options";
import { ITEM_OPTIONS } from "./item-options";
import type { SourceOptions } from "../channels/channel";
import type { SourceName } from "../channels/source-name";
import type { Terminal } from "../output/terminal";

/** The options of `consume`; what is absent is as the environment says, see docs/reference/configuration.md. */
export interface ConsumeOptions extends ConnectionOptions, LoaderSettingOptions, SourceOptions, LogOptions {
  readonly deadLetters?: string;
  readonly receipts?: string;
  readonly parkAfter?: number;
  readonly healthPort?: number;
}

/** Declares {@link ConsumeOptions}. */
export const CONSUME_OPTIONS: readonly OptionSpec[] = [
  { flags: "--ledger <name>", description: "the ledger that the events go to", required: true },
  {
    flags: "--until-idle <seconds>",
    description:
      "stop after this time without new events, for scripts. The time begins when the worker has its partitions or shards, and other " +
      "workers hold no messages. No answer for this time is an error",
    parse: wholeNumber("--until-idle", 1, 86_400),
  },
  {
    flags: "--dead-letters <place>",
    description:
      "where to park events that cannot be applied, for `redrive`: `sqs:QUEUE-URL` or a file. Default: the channel gets them back. Environment: DEAD_LETTERS",
  },
  {
    flags: "--receipts <place>",
    description:
      "write receipts to a file or `sqs:QUEUE-URL` before a delivery is acknowledged, for `receipt verify`. Environment: RECEIPTS",
  },
  {
    flags: "--park-after <seconds>",
    description:
      "how long a revision may wait for the one before it. Default: 300, kinesis 3600, dynamodb 0 unless an outbox. " +
      "Environment: PARK_WAIT_MS",
    parse: wholeNumber("--park-after", 0, 43_200),
  },
  ...LOADER_SETTING_OPTIONS,
  {
    flags: "--group <name>",
    description: "the consumer group of Kafka, and the owner in a table of checkpoints",
    default: "ledger-loader",
  },
  {
    flags: "--checkpoints <place>",
    description:
      "where to keep each shard's place: a file for one machine, or `dynamodb:TABLE` for several (Kinesis and DynamoDB, required)",
  },
  {
    flags: "--lease <seconds>",
    description:
      "how long shards stay with a process that does not renew (Kinesis and DynamoDB only). Default: 15",
    parse: wholeNumber("--lease", 1, 3_600),
  },
  {
    flags: "--qldb-stream",
    description: "the records are those of a ledger's journal stream (Kinesis only)",
  },
  {
    flags: "--from <time>",
    description: "where to begin in shards without a checkpoint (Kinesis only). Default: the oldest record",
    parse: time("--from"),
  },
  ...ITEM_OPTIONS,
  {
    flags: "--health-port <number>",
    description:
      "answer /health and /metrics on this port, or with 0 on a free one. Default: none. Environment: HEALTH_PORT",
    parse: wholeNumber("--health-port", 0, 65_535),
  },
  ...LOG_OPTIONS,
  ...CONNECTION_OPTIONS,
];

/** The environment with what the options say instead, as the loader's settings. */
export async function configFrom(
  env: Terminal["env"],
  { channel }: SourceName,
  options: ConsumeOptions,
): Promise<LoaderConfig> {
  const defaults = channel.defaults?.(env, options) ?? {};
  const said = {
    DEAD_LETTERS: options.deadLetters?.replace(/^(?!sqs:|file:)/, "file:"),
    RECEIPTS: options.receipts?.replace(/^(?!sqs:|file:)/, "file:"),
    PARK_WAIT_MS: options.parkAfter === undefined ? undefined : String(options.parkAfter * 1_000),
    LOG_LEVEL: logChoice(options).level,
    HEALTH_PORT: options.healthPort?.toString(),
  };
  return loaderConfigFrom(env, options, options.ledger, { defaults, said });
}
