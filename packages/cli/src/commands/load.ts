// SPDX-License-Identifier: MIT
import { loadEvents, type LoadEventsReport, type ReplayTarget } from "@ledger-loader/move";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import { CREDENTIALS_NOTE } from "../ledger/connection";
import { UsageError } from "../cli-errors";
import { ExitCode } from "../output/exit-code";
import { withInput } from "../files";
import { SETTINGS_NOTE } from "../options/loader-settings";
import { openMappingFor } from "../options/named-mapping";
import { LOADING_OPTIONS, type LoadingOptions } from "../options/loading-options";
import { withTarget } from "../channels/open-target";
import { openRejectedFile } from "../output/rejected-file";
import { withStopSignal } from "../stop-signal";
import type { Style } from "../output/style";
import { nextAfterRejected, tallyText } from "../output/tally-text";
import { formatTargetName } from "../channels/target-name";

interface LoadOptions extends LoadingOptions {
  readonly dryRun?: true;
  readonly receipts?: string;
}

/** `load FILE --to TARGET` */
export const load: AnyCommandBody = command<readonly [file: string], LoadOptions>({
  description:
    "The file holds events as JSON or Ion text, one per line, or as Ion binary. A line that begins with a blank " +
    "or a closing bracket continues the line above. A list of events is one source transaction, written all or " +
    "nothing. Malformed events are rejected with line and reason. Events with an id can be loaded twice: the " +
    `second time is skipped.\n\n${SETTINGS_NOTE}\n\n${CREDENTIALS_NOTE}`,
  arguments: ["the events, or `-` for standard input"],
  options: [
    ...LOADING_OPTIONS,
    {
      flags: "--dry-run",
      description: "judge every event and write nothing (ledger only)",
    },
    {
      flags: "--receipts <file>",
      description: "write receipts there, for `receipt verify` (ledger only)",
    },
  ],
  examples: [
    {
      command: "ledger-loader load events.jsonl --to ledger:vehicles",
      what: "into a ledger of the server of this machine",
    },
    { command: "zcat events.jsonl.gz | ledger-loader load - --to ledger:vehicles", what: "from a pipe" },
    {
      command: "ledger-loader load events.jsonl --to ledger:vehicles --dry-run",
      what: "what the ledger would accept",
    },
    {
      command: "ledger-loader load rejected.ion --to ledger:vehicles --start-mid-history",
      what: "rejected events again, of records that began before the export",
    },
  ],
  exits: {
    holds: "every event was written, skipped as already applied, or sent",
    doesNotHold: "events were rejected, or it was stopped",
  },
  async run(context, [file], options) {
    const report = await withInput(file, "events", context.terminal, (input) =>
      withTarget(context, toTargetOptions(file, options), (target) =>
        loadInto(context, input, target, options),
      ),
    );
    const to = formatTargetName(options.to);
    return {
      exitCode: holds(report) ? ExitCode.holds : ExitCode.doesNotHold,
      document: { target: to, dryRun: options.dryRun === true, ...report },
      text: text(report, options, context.style),
    };
  },
});

/** @throws UsageError where nothing would be written that a receipt could name. */
function toTargetOptions(
  sourceName: string,
  { receipts: file, ...options }: LoadOptions,
): Parameters<typeof withTarget>[1] {
  if (file === undefined) return options;
  if (options.dryRun === true)
    throw new UsageError("expected --receipts or --dry-run, found both: nothing is written");
  return { ...options, receipts: { file, sourceName } };
}

async function loadInto(
  context: CommandContext,
  input: AsyncIterable<Uint8Array>,
  target: ReplayTarget,
  options: LoadOptions,
): Promise<LoadEventsReport> {
  const mapping = await openMappingFor(context.terminal.env, options);
  return withStopSignal(context, async (signal) => {
    const progress = context.progress(options.dryRun === true ? "judging" : "loading", "events");
    const rejected = openRejectedFile(options.rejected);
    try {
      return await loadEvents(input, target, {
        signal,
        read: mapping?.read,
        onProgress: progress.update,
        onRejected: rejected.add,
      });
    } finally {
      progress.finish();
      await rejected.close();
    }
  });
}

function holds({ rejectedTotal, complete }: LoadEventsReport): boolean {
  return complete && rejectedTotal === 0;
}

function text(report: LoadEventsReport, options: LoadOptions, style: Style): string {
  const dryRun = options.dryRun === true;
  const tally = tallyText(report, report.elapsedMs, style, { dryRun });
  const parts = [`${verdict(report, options, style)}\n${tally}`];
  if (report.complete && report.rejectedTotal > 0 && !dryRun) parts.push(nextAfterRejected(options));
  return parts.join("\n\n");
}

function verdict(report: LoadEventsReport, { to: target, dryRun }: LoadOptions, style: Style): string {
  const to = formatTargetName(target);
  const done = dryRun === true ? `judged for ${to}` : `loaded into ${to}`;
  const nothing = dryRun === true ? "; nothing was written" : "";
  if (!report.complete) return style.warn(`stopped: ${done} in part; load the file again to go on${nothing}`);
  if (report.rejectedTotal > 0) return style.bad(`${done}, but events were rejected${nothing}`);
  return style.good(`${done}${nothing}`);
}
