// SPDX-License-Identifier: MIT
import type { Ledger } from "@ledger-loader/core";
import { UsageError } from "../cli-errors";
import type { OptionSpec } from "../options/command-spec";
import type { Terminal } from "../output/terminal";
import { connectionFrom, type ConnectionOptions } from "./connection";
import { withLedger } from "./open-ledger";
import type { StoredLedgerUse } from "./open-stored-ledger";

/** Where a ledger is: behind a server, or in a data folder that this process opens itself. */
export interface LedgerAccess extends ConnectionOptions {
  readonly data?: string;
}

/** Declares `--data` for commands that otherwise talk to a server. */
export function dataOption(description: string): OptionSpec {
  return { flags: "--data <folder>", description };
}

/** A ledger and what it is wanted for. */
export interface LedgerReach extends Omit<StoredLedgerUse, "data"> {
  readonly env: Terminal["env"];
  readonly options: LedgerAccess;
  /** Transactions at a time. */
  readonly sessions: number;
}

/** Runs `work` with the ledger that the options name, and closes it. */
export async function reachLedger<T>(
  { env, options, ...reach }: LedgerReach,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const { data, endpoint } = options;
  const { ledgerName, sessions, occRetries } = reach;
  if (data === undefined)
    return withLedger(connectionFrom(options, env), ledgerName, sessions, work, occRetries);
  if (endpoint !== undefined) {
    throw new UsageError(
      "expected --endpoint or --data, found both: name the server, or where its ledgers are",
    );
  }
  // oxlint-disable-next-line typescript/no-require-imports -- brings the ledger itself, which work with a server does without
  const stored = require("./open-stored-ledger") as typeof import("./open-stored-ledger");
  return stored.withStoredLedger({ data, ...reach }, work);
}
