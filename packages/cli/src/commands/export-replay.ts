// SPDX-License-Identifier: MIT
import type { JournalExport } from "@ledger-loader/export";
import { CheckpointFile, replayExport, type ReplayReport } from "@ledger-loader/move";
import { command, type AnyCommandSpec, type CommandContext } from "../options/command-spec";
import { CREDENTIALS_NOTE } from "../ledger/connection";
import { ExitCode } from "../output/exit-code";
import { counted, count } from "../output/layout";
import { SETTINGS_NOTE } from "../options/loader-settings";
import { LOADING_OPTIONS, type LoadingOptions } from "../options/loading-options";
import { MANIFEST_ARGUMENT, TABLES_OPTION, tableSet } from "../options/export-options";
import { withExport } from "../options/with-export";
import { withTarget } from "../channels/open-target";
import { openRejectedFile } from "../output/rejected-file";
import { withStopSignal } from "../stop-signal";
import { shownCommand } from "../output/shown-command";
import type { Style } from "../output/style";
import { nextAfterRejected, tallyText } from "../output/tally-text";
import { formatTargetName } from "../channels/target-name";

interface Options extends LoadingOptions {
  readonly tables?: readonly string[];
  readonly checkpoint?: string;
}

/** `export replay MANIFEST... --to TARGET` */
export const exportReplay: AnyCommandSpec = command<readonly [manifests: readonly string[]], Options>({
  path: ["export", "replay"],
  summary: "Loads every revision of a journal export into a new ledger",
  description:
    "Each revision becomes an event: the record is the document, by its id in the export, and its version is that of the " +
    "export. The new ledger's documents keep that id in an indexed field (`--id-field`), since " +
    "a ledger gives new documents ids of its own. Tables and indexes that are missing are created. Redacted revisions " +
    "keep their place and their hash. Replaying again writes nothing new.\n\n" +
    "Hashes are not checked here: run `export verify` before, and `reconcile` after.\n\n" +
    `${SETTINGS_NOTE}\n\n${CREDENTIALS_NOTE}`,
  arguments: [MANIFEST_ARGUMENT],
  options: [
    ...LOADING_OPTIONS,
    TABLES_OPTION,
    {
      flags: "--checkpoint <file>",
      description: "note there how far it came, and go on from there if the file exists",
    },
  ],
  examples: [
    {
      command: "ledger-loader export replay ./export --to ledger:vehicles",
      what: "into a ledger of the server of this machine",
    },
    {
      command:
        "ledger-loader export replay ./export --to sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/events.fifo",
      what: "through a queue",
    },
    {
      command: "ledger-loader export replay ./export --to ledger:vehicles --checkpoint replay.json",
      what: "so that an interrupted replay can go on",
    },
  ],
  exits: {
    holds: "every revision was written, skipped as already applied, or sent",
    doesNotHold: "revisions were rejected, or it was stopped",
  },
  async run(context, [manifests], options) {
    const report = await replay(context, manifests, options);
    return {
      exitCode: holds(report) ? ExitCode.holds : ExitCode.doesNotHold,
      document: report,
      text: text(report, context.style, manifests, options),
    };
  },
});

function holds({ complete, rejectedTotal, rejectedBefore }: ReplayReport): boolean {
  return complete && rejectedTotal + rejectedBefore === 0;
}

async function replay(
  context: CommandContext,
  manifests: readonly string[],
  options: Options,
): Promise<ReplayReport> {
  return withExport(context.terminal.env, manifests, (journal) => replayOpened(context, journal, options));
}

function replayOpened(
  context: CommandContext,
  journal: JournalExport,
  options: Options,
): Promise<ReplayReport> {
  const tables = tableSet(options.tables);
  return withTarget(context, options, (target) =>
    withStopSignal(context, async (signal) => {
      const progress = context.progress("replaying", "blocks");
      const rejected = openRejectedFile(options.rejected);
      try {
        return await replayExport(journal, target, {
          targetName: formatTargetName(options.to),
          signal,
          onProgress: progress.update,
          onRejected: rejected.add,
          tables,
          checkpoint: options.checkpoint === undefined ? undefined : new CheckpointFile(options.checkpoint),
        });
      } finally {
        progress.finish();
        await rejected.close();
      }
    }),
  );
}

function text(report: ReplayReport, style: Style, manifests: readonly string[], options: Options): string {
  const parts = [
    `${verdict(report, style)}\n${placeText(report)}`,
    tallyText(report, report.elapsedMs, style),
  ];
  if (report.rejectedBefore > 0) {
    parts.push(
      `${style.bad(counted(report.rejectedBefore, "revision"))} rejected before the checkpoint and not tried again: ` +
        "replay without --checkpoint to try all again; what was applied is skipped",
    );
  }
  const left = leftOutText(report);
  if (left !== "") parts.push(style.dim(left));
  const next = nextText(report, manifests, options);
  if (next !== "") parts.push(next);
  return parts.join("\n\n");
}

function verdict(report: ReplayReport, style: Style): string {
  const { complete, target, lastBlock } = report;
  if (!complete)
    return style.warn(`stopped: replayed to ${target} up to block ${lastBlock?.sequenceNo ?? "none"}`);
  if (!holds(report)) return style.bad(`replayed to ${target}, but revisions were rejected`);
  return style.good(`replayed to ${target}`);
}

function placeText({ ledgerName, blocks, resumedAfter, lastBlock }: ReplayReport): string {
  const from = ledgerName === undefined ? "" : ` of ledger ${ledgerName}`;
  const resumed =
    resumedAfter === undefined ? "" : `, after block ${resumedAfter.sequenceNo}, where the checkpoint was`;
  const last =
    lastBlock === undefined
      ? ""
      : `, the last one being ${lastBlock.sequenceNo} of strand ${lastBlock.strandId}`;
  return `${counted(blocks, "block")}${from}${resumed}${last}`;
}

function leftOutText({ leftOut }: ReplayReport): string {
  const others = Object.entries(leftOut.otherTables).map(([name, n]) => `${name} (${count(n)})`);
  const parts = [
    leftOut.bookkeeping === 0
      ? undefined
      : `${counted(leftOut.bookkeeping, "revision")} of a loader's own table`,
    others.length === 0 ? undefined : `revisions of tables not asked for: ${others.join(", ")}`,
    leftOut.systemRevisions === 0
      ? undefined
      : `${counted(leftOut.systemRevisions, "hash", "hashes")} of QLDB's own revisions, which belong to no document`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : `left out: ${parts.join("; ")}`;
}

function nextText(report: ReplayReport, manifests: readonly string[], options: Options): string {
  if (!report.complete) {
    return options.checkpoint === undefined
      ? "next: run it again; what was applied is skipped. With --checkpoint FILE it would go on where it stopped"
      : "next: run it again with the same --checkpoint to go on";
  }
  if (!holds(report)) return report.rejectedTotal > 0 ? nextAfterRejected(options) : "";
  const { to, tables, idField, mapping, endpoint, region } = options;
  const reconcile = shownCommand(["reconcile", ...manifests], {
    "--ledger": to.channel === undefined ? to.name : "NAME",
    "--tables": tables?.join(","),
    // What is sent is loaded by another program, with settings of its own.
    ...(to.channel === undefined
      ? { "--id-field": idField, "--mapping": mapping, "--endpoint": endpoint, "--region": region }
      : {}),
  });
  const when = to.channel === undefined ? "" : `once ${to.channel.consumed}, `;
  return `next: ${when}compare the ledger with the export\n${reconcile}`;
}
