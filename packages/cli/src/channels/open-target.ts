// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { FileReceiptSink } from "@ledger-loader/core";
import {
  createLedgerTarget,
  createPublisherTarget,
  type ReplayTarget,
  withReceipts,
} from "@ledger-loader/move";
import { UsageError } from "../cli-errors";
import { withLoader } from "../ledger/open-loader";
import type { CommandContext } from "../options/command-spec";
import { givenFlags } from "../options/loader-settings";
import type { LoadingOptions } from "../options/loading-options";

/** Runs `work` with the target that the options name. */
export async function withTarget<T>(
  context: CommandContext,
  options: LoadingOptions & TargetOptions,
  work: (target: ReplayTarget) => Promise<T>,
): Promise<T> {
  const { kind, name, channel } = options.to;
  const { env } = context.terminal;
  if (channel === undefined) {
    const note = (text: string): void => {
      context.note(text);
    };
    const { receipts, dryRun = false } = options;
    const tellRevisions = receipts !== undefined;
    const destination = { env, options, ledgerName: name, dryRun, tellRevisions, logger: context.log, note };
    return withLoader(destination, (loader, ledger) => {
      const target = createLedgerTarget(loader);
      if (receipts === undefined) return work(target);
      const sink = new FileReceiptSink(receipts.file);
      return work(withReceipts(target, { sink, ledger, sourceName: receipts.sourceName }));
    });
  }
  refuseLoaderSettings(kind, options);
  const { region, runId = randomUUID(), aggregate = false } = options;
  return channel.withPublisher(name, { env, region, runId, aggregate }, (publisher) =>
    work(createPublisherTarget(publisher)),
  );
}

/** A command's options for its target, in addition to the options of all that load. */
interface TargetOptions {
  readonly dryRun?: true;
  /** Where receipts are kept, and what the source is called in them. */
  readonly receipts?: { readonly file: string; readonly sourceName: string };
}

/** Refuses options of judging and masking for a channel: the consumer of the channel decides those, so they would do nothing. */
function refuseLoaderSettings(kind: string, options: LoadingOptions & TargetOptions): void {
  const own = [
    options.data === undefined ? [] : "--data",
    options.dryRun === true ? "--dry-run" : [],
    options.receipts === undefined ? [] : "--receipts",
  ];
  const [flag] = [...own.flat(), ...givenFlags(options)];
  if (flag === undefined) return;
  throw new UsageError(
    `expected ${flag} with --to ledger: only, found it with ${kind}: give it to what consumes the channel`,
  );
}
