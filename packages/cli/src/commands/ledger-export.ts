// SPDX-License-Identifier: MIT
import { type ExportFormat, type WrittenExport, writeExport } from "@ledger-loader/export";
import { UsageError } from "../cli-errors";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import { ExitCode } from "../output/exit-code";
import { bytes, count, counted, facts } from "../output/layout";
import {
  blockTime,
  JOURNAL_OPTIONS,
  withJournal,
  type JournalOptions,
  type LedgerJournal,
} from "../ledger/ledger-journal";
import { withOutput } from "../ledger/export-output";
import { shownCommand } from "../output/shown-command";
import { time } from "../options/parse-options";

interface Options extends JournalOptions {
  readonly output: string;
  readonly prefix?: string;
  readonly format: ExportFormat;
  readonly from?: Date;
  readonly to?: Date;
}

/** `ledger export NAME --output DIR` */
export const ledgerExport: AnyCommandBody = command<readonly [name: string], Options>({
  description:
    "Writes manifests and data objects as QLDB's ExportJournalToS3 did, the completed manifest last. Nothing is " +
    "overwritten.",
  arguments: ["the ledger"],
  options: [
    {
      flags: "--output <place>",
      description: "the place: a folder, or s3://BUCKET/FOLDER",
      required: true,
    },
    {
      flags: "--prefix <text>",
      description: "begins every name. A / at its end makes a folder",
    },
    {
      flags: "--format <format>",
      description: "the form of the blocks",
      choices: ["ion-text", "ion-binary"],
      default: "ion-text",
    },
    { flags: "--from <time>", description: "blocks of this time or later", parse: time("--from") },
    { flags: "--to <time>", description: "blocks before this time", parse: time("--to") },
    ...JOURNAL_OPTIONS,
  ],
  examples: [
    { command: "ledger-loader ledger export vehicles --output ./export", what: "the whole journal" },
    {
      command:
        "ledger-loader ledger export vehicles --output ./may --from 2026-05-01 --to 2026-06-01 --format ion-binary",
      what: "one month",
    },
    {
      command: "ledger-loader ledger export vehicles --output s3://my-journals/vehicles",
      what: "to a bucket, with the AWS credentials that are configured",
    },
  ],
  exits: { holds: "the export is complete" },
  async run(context, [name], options) {
    if (options.from !== undefined && options.to !== undefined && options.from >= options.to) {
      throw new UsageError("expected --from before --to, found it the other way round");
    }
    const written = await withJournal(context.terminal, name, options, (journal) =>
      write(context, journal, options),
    );
    return {
      exitCode: ExitCode.holds,
      document: { ledger: name, ...written },
      text: [
        `${context.style.good("exported")} ledger ${name}: ${counted(written.blocks, "block")}, ${bytes(written.bytes)}`,
        facts([
          ["manifest", written.manifestPath],
          ["objects", count(written.keys.length)],
        ]),
        "next: verify it",
        shownCommand(["export", "verify", written.manifestPath]),
      ].join("\n"),
    };
  },
});

async function write(
  context: CommandContext,
  journal: LedgerJournal,
  options: Options,
): Promise<WrittenExport> {
  const { from, to } = options;
  const { strandId, sequenceNo } = journal.digest.tipAddress;
  const progress = context.progress("exporting", "blocks");
  async function* blocks(): AsyncGenerator<Uint8Array> {
    let read = 0;
    for await (const ion of journal.blocks()) {
      read += 1;
      progress.update(read, sequenceNo + 1);
      const at = from === undefined && to === undefined ? undefined : blockTime(ion);
      if (at !== undefined && from !== undefined && at < from) continue;
      // Blocks are in the order of their times.
      if (at !== undefined && to !== undefined && at >= to) return;
      yield ion;
    }
  }
  try {
    return await withOutput(context.terminal.env, options, (output) =>
      writeExport({
        ...output,
        ledgerName: journal.ledgerName,
        strandId,
        format: options.format,
        blocks: blocks(),
        inclusiveStartTime: from,
        exclusiveEndTime: to,
      }),
    );
  } finally {
    progress.finish();
  }
}
