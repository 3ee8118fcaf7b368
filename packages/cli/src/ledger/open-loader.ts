// SPDX-License-Identifier: MIT
import { createLoaderFromConfig, noMetrics, silentLogger, type Loader } from "@ledger-loader/core";
import { connectionFrom, type ConnectionOptions } from "./connection";
import { loaderConfigFrom, type LoaderSettingOptions } from "../options/loader-settings";
import { withLedger } from "./open-ledger";
import type { Terminal } from "../output/terminal";

/** What {@link withLoader} makes its loader of. */
export interface LoaderDestination {
  readonly env: Terminal["env"];
  readonly options: LoaderSettingOptions & ConnectionOptions;
  readonly ledgerName: string;
  /** Judges and writes nothing. */
  readonly dryRun?: boolean;
}

/**
 * Runs `work` with a loader, made of options and environment as a function or worker makes its own.
 *
 * What it rejects is for the command to report: it is parked nowhere, so that no letter is parked again by its redrive.
 */
export async function withLoader<T>(
  { env, options, ledgerName, dryRun = false }: LoaderDestination,
  work: (loader: Loader) => Promise<T>,
): Promise<T> {
  const config = await loaderConfigFrom(env, options, ledgerName);
  return withLedger(
    connectionFrom(options, env),
    ledgerName,
    config.sessionsMax,
    async (ledger) => {
      const surroundings = { ledger, dryRun, metrics: noMetrics };
      const unparked = { ...config, deadLetters: undefined };
      return work(await createLoaderFromConfig(unparked, silentLogger, surroundings));
    },
    config.occRetriesMax,
  );
}
