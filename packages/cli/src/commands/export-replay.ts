// SPDX-License-Identifier: MIT
import { loadWriter, maskingFrom } from "@ledger-loader/core";
import { openRevisionMapping } from "../options/named-mapping";
import type { JournalExport } from "@ledger-loader/export";
import { CheckpointFile, replayExport, type ReplayChanges, type ReplayReport } from "@ledger-loader/move";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import { CREDENTIALS_NOTE } from "../ledger/connection";
import { ExitCode } from "../output/exit-code";
import { idFieldOf, settleIdField } from "../ledger/settle-id-field";
import { loaderConfigFrom, SETTINGS_NOTE } from "../options/loader-settings";
import { LOADING_OPTIONS } from "../options/loading-options";
import { EXPORT_PART_OPTIONS, MANIFESTS, requireBlocks, tableSet } from "../options/export-options";
import { withExport } from "../options/with-export";
import { withTarget } from "../channels/open-target";
import { openRejectedFile } from "../output/rejected-file";
import { withStopSignal } from "../stop-signal";
import { isReplayed, type ReplayCommandOptions, replayText } from "../output/replay-text";
import { formatTargetName } from "../channels/target-name";

/** A replay that has ended, and the options with what was chosen for the user. */
interface Replayed {
  readonly report: ReplayReport;
  readonly options: ReplayCommandOptions;
}

/** `export replay MANIFEST... --to TARGET` */
export const exportReplay: AnyCommandBody = command<
  readonly [manifests: readonly string[]],
  ReplayCommandOptions
>({
  description:
    "Each revision becomes an event with its document's id and its version. The new ledger keeps the id in an " +
    "indexed field, by default `oldDocumentId`. If documents have that field, the command takes and names another " +
    "one, or stops if you named it with `--id-field`. Missing tables are created. Redacted revisions keep their place and hash. A second replay writes nothing new.\n\nHashes " +
    "are not checked: run `export verify` before, and `reconcile` " +
    `after.\n\n${SETTINGS_NOTE}\n\n${CREDENTIALS_NOTE}`,
  arguments: [MANIFESTS],
  options: [
    ...LOADING_OPTIONS,
    ...EXPORT_PART_OPTIONS,
    {
      flags: "--checkpoint <file>",
      description: "the file that keeps the progress, to continue from after an interruption",
    },
    {
      flags: "--dry-run",
      description: "judge every revision and write nothing (ledger only)",
    },
  ],
  examples: [
    {
      command: "ledger-loader export replay ./export --to ledger:vehicles",
      what: "into a ledger of the server of this machine",
    },
    {
      command: "ledger-loader export replay ./export --to ledger:vehicles --data ./ledgers",
      what: "into a ledger of a data folder that no server has open, which is fastest",
    },
    {
      command: "ledger-loader export replay ./export --to ledger:vehicles --until 2025-06-30 --dry-run",
      what: "what the ledger would accept of the state of that day",
    },
    {
      command:
        "ledger-loader export replay ./export --to sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo",
      what: "through a queue",
    },
    {
      command: "ledger-loader export replay ./export --to ledger:vehicles --checkpoint replay.json",
      what: "to continue an interrupted replay",
    },
  ],
  exits: {
    holds: "every revision was written, skipped as already applied, or sent",
    doesNotHold: "revisions were rejected, it was stopped, or a table of --tables has no revision",
  },
  async run(context, [manifests], given) {
    const { report, options } = await replay(context, manifests, given);
    const { idField, dryRun = false } = options;
    return {
      exitCode: isReplayed(report, options) ? ExitCode.holds : ExitCode.doesNotHold,
      document: { ...report, idField, dryRun },
      text: replayText(report, context.style, manifests, options),
    };
  },
});

async function replay(
  context: CommandContext,
  manifests: readonly string[],
  given: ReplayCommandOptions,
): Promise<Replayed> {
  return withExport(context.terminal.env, manifests, async (journal) => {
    requireBlocks(journal, given.blocks);
    const changes = await changesOf(context, given);
    const chosen = await chooseIdField(context, journal, given, changes);
    // What is sent is loaded by another program, with settings of its own.
    const isToLedger = given.to.channel === undefined;
    const options = chosen === undefined || !isToLedger ? given : { ...given, idField: chosen };
    return {
      report: await replayOpened(context, journal, options, { chosenIdField: chosen, changes }),
      options,
    };
  });
}

/** The changes to revisions before they are written: a sent event is masked by the program that loads it. */
async function changesOf(
  { terminal: { env } }: CommandContext,
  options: ReplayCommandOptions,
): Promise<ReplayChanges> {
  const { to } = options;
  const mapping = await openRevisionMapping(env, options);
  const isSent = to.channel !== undefined;
  return {
    read: mapping?.read,
    transform: isSent ? undefined : await maskingFrom(await loaderConfigFrom(env, options, to.name)),
  };
}

/** The id field of an earlier run of this replay; else what the documents leave free. */
async function chooseIdField(
  context: CommandContext,
  journal: JournalExport,
  options: ReplayCommandOptions,
  changes: ReplayChanges,
): Promise<string | undefined> {
  const { to } = options;
  const before = await checkpointOf(options)?.read(journal.strandId ?? "", formatTargetName(to));
  if (before !== undefined) return options.idField === undefined ? before.idField : undefined;
  const settled = await settleIdField(context, journal, options, {
    ...changes,
    tables: tableSet(options.tables),
  });
  if (settled === undefined) return undefined;
  const how =
    to.channel === undefined
      ? `the ledger's documents keep their ids in ${settled.free}`
      : `set ID_FIELD=${settled.free} for the program that loads what is sent`;
  context.note(`documents of ${settled.tables.join(", ")} have the field ${settled.taken} already: ${how}`);
  return settled.free;
}

function checkpointOf({ checkpoint }: ReplayCommandOptions): CheckpointFile | undefined {
  return checkpoint === undefined ? undefined : new CheckpointFile(checkpoint);
}

async function replayOpened(
  context: CommandContext,
  journal: JournalExport,
  options: ReplayCommandOptions,
  { chosenIdField, changes }: { readonly chosenIdField: string | undefined; readonly changes: ReplayChanges },
): Promise<ReplayReport> {
  const { to, tables, blocks: range, until, dryRun = false } = options;
  const writer =
    to.channel === undefined
      ? await loadWriter(await loaderConfigFrom(context.terminal.env, options, to.name))
      : undefined;
  return withTarget(context, options, (target) =>
    withStopSignal(context, async (signal) => {
      const progress = context.progress(dryRun ? "judging" : "replaying", "blocks");
      const rejected = openRejectedFile(options.rejected);
      try {
        return await replayExport(journal, target, {
          targetName: formatTargetName(to),
          signal,
          ...changes,
          onProgress: (blocks, total, done) => {
            progress.update(blocks, total, { done, unit: "revisions" });
          },
          onRejected: rejected.add,
          tables: tableSet(tables),
          range,
          until,
          idFieldOf: writer && idFieldOf(writer),
          chosenIdField,
          dryRun,
          checkpoint: checkpointOf(options),
        });
      } finally {
        progress.finish();
        await rejected.close();
      }
    }),
  );
}
