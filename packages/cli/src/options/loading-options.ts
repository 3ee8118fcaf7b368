// SPDX-License-Identifier: MIT
import type { OptionSpec } from "./command-spec";
import { CONNECTION_OPTIONS } from "../ledger/connection";
import { dataOption, type LedgerAccess } from "../ledger/reach-ledger";
import { LOADER_SETTING_OPTIONS, type LoaderSettingOptions } from "./loader-settings";
import { parseTargetName, TARGET_KINDS, type TargetName } from "../channels/target-name";

/** The options of commands that send events somewhere. */
export interface LoadingOptions extends LedgerAccess, LoaderSettingOptions {
  readonly to: TargetName;
  readonly rejected?: string;
  readonly runId?: string;
  readonly aggregate?: true;
}

/** Declares {@link LoadingOptions}. */
export const LOADING_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--to <target>",
    description: `where the events go: ${TARGET_KINDS}. AWS's channels use the AWS SDK's settings`,
    required: true,
    parse: parseTargetName,
  },
  ...LOADER_SETTING_OPTIONS.map((option) =>
    option.flags.startsWith("--mapping ")
      ? option
      : { ...option, description: `${option.description} (ledger only)` },
  ),
  {
    flags: "--rejected <file>",
    description: "write rejected events with their documents to this file, for `load`",
  },
  {
    flags: "--run-id <text>",
    description:
      "the name of the run: a FIFO queue or topic drops events that come twice under one name within five minutes (SQS and SNS only). Default: a new name",
  },
  {
    flags: "--aggregate",
    description: "pack many events into one record, as the Kinesis Producer Library does (Kinesis only)",
  },
  dataOption(
    "write into the data folder of a stopped server, which is faster. A missing ledger is created (ledger only)",
  ),
  ...CONNECTION_OPTIONS,
];
