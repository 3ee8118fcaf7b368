// SPDX-License-Identifier: MIT
import {
  createLoaderFromConfig,
  noMetrics,
  silentLogger,
  type Ledger,
  type Loader,
  type Logger,
} from "@ledger-loader/core";
import { loaderConfigFrom, type LoaderSettingOptions } from "../options/loader-settings";
import { type LedgerAccess, reachLedger } from "./reach-ledger";
import type { Terminal } from "../output/terminal";

/** The destination of the loader of {@link withLoader}. */
export interface LoaderDestination {
  readonly env: Terminal["env"];
  readonly options: LoaderSettingOptions & LedgerAccess;
  readonly ledgerName: string;
  /** Judges and writes nothing. */
  readonly dryRun?: boolean;
  /** Makes outcomes name the revisions that hold the events' content. */
  readonly tellRevisions?: boolean;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
  /** Told that a ledger was made; only where the options name a data folder. */
  readonly note?: (text: string) => void;
}

/**
 * Runs `work` with a loader, made of options and environment as a function or worker makes its own.
 *
 * What a mapping reads is mapped by the command before. What it rejects is for the command to report: it is parked nowhere, so that no letter is parked again by its redrive.
 */
export async function withLoader<T>(
  {
    env,
    options,
    ledgerName,
    dryRun = false,
    tellRevisions = false,
    logger = silentLogger,
    note = () => undefined,
  }: LoaderDestination,
  work: (loader: Loader, ledger: Ledger) => Promise<T>,
): Promise<T> {
  const config = await loaderConfigFrom(env, options, ledgerName);
  const { sessionsMax: sessions, occRetriesMax: occRetries } = config;
  const reach = {
    env,
    options,
    ledgerName,
    sessions,
    occRetries,
    use: dryRun ? "judge" : "write",
    note,
  } as const;
  return reachLedger(reach, async (ledger) => {
    const surroundings = { ledger, dryRun, metrics: noMetrics, tellRevisions };
    const unparked = { ...config, deadLetters: undefined, receipts: undefined, mapping: undefined };
    const loader = await createLoaderFromConfig(unparked, logger, surroundings);
    try {
      return await work(loader, ledger);
    } finally {
      await loader.close();
    }
  });
}
