// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { createLedgerTarget, createPublisherTarget, type ReplayTarget } from "@ledger-loader/move";
import { UsageError } from "../cli-errors";
import { withLoader } from "../ledger/open-loader";
import type { CommandContext } from "../options/command-spec";
import { givenFlags } from "../options/loader-settings";
import type { LoadingOptions } from "../options/loading-options";

/** Runs `work` with the target that the options name. */
export async function withTarget<T>(
  context: CommandContext,
  options: LoadingOptions & { readonly dryRun?: true },
  work: (target: ReplayTarget) => Promise<T>,
): Promise<T> {
  const { kind, name, channel } = options.to;
  const { env } = context.terminal;
  if (channel === undefined) {
    const note = (text: string): void => {
      context.note(text);
    };
    const destination = { env, options, ledgerName: name, dryRun: options.dryRun === true, note };
    return withLoader(destination, (loader) => work(createLedgerTarget(loader)));
  }
  refuseLoaderSettings(kind, options);
  const { region, runId = randomUUID(), aggregate = false } = options;
  return channel.withPublisher(name, { env, region, runId, aggregate }, (publisher) =>
    work(createPublisherTarget(publisher)),
  );
}

/** What is sent to a channel is judged and masked by whoever consumes it: an option that says how would do nothing. */
function refuseLoaderSettings(kind: string, options: LoadingOptions & { readonly dryRun?: true }): void {
  const own = [options.data === undefined ? [] : "--data", options.dryRun === true ? "--dry-run" : []];
  const [flag] = [...own.flat(), ...givenFlags(options)];
  if (flag === undefined) return;
  throw new UsageError(
    `expected ${flag} with --to ledger: only, found it with ${kind}: give it to what consumes the channel`,
  );
}
