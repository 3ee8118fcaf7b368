// SPDX-License-Identifier: MIT
import type { ExportedBlock, ExportedRevision, SequenceRange } from "@ledger-loader/export";
import { printBinary } from "@ledger-loader/ion";
import { encodeBlock, encodeRevision } from "@ledger-loader/journal";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import { BLOCKS_OPTION, MANIFESTS, TABLES_OPTION, requireBlocks, tableSet } from "../options/export-options";
import { wholeNumber } from "../options/parse-options";
import { withExport } from "../options/with-export";
import { ExitCode } from "../output/exit-code";
import { printableData } from "../output/printable-data";

interface Options {
  readonly blocks?: Partial<SequenceRange>;
  readonly tables?: readonly string[];
  readonly document?: string;
  readonly revisions?: true;
  readonly limit: number;
}

/** Blocks that are printed where nothing else is asked for. */
const LIMIT = 100;

/** `export print MANIFEST...` */
export const exportPrint: AnyCommandBody = command<readonly [manifests: readonly string[]], Options>({
  description:
    "Prints one block per line, or with --revisions, --tables or --document revisions as QLDB's streams do. " +
    "Hashes are not checked. Documents may be personal data.",
  arguments: [MANIFESTS],
  options: [
    BLOCKS_OPTION,
    { ...TABLES_OPTION, description: "revisions of these tables, separated by commas" },
    { flags: "--document <id>", description: "revisions of the document with this id" },
    { flags: "--revisions", description: "print revisions, not blocks" },
    {
      flags: "--limit <count>",
      description: "the most lines to print",
      default: LIMIT,
      parse: wholeNumber("--limit", 1, 1_000_000),
    },
  ],
  examples: [
    { command: "ledger-loader export print ./export --blocks 0-9", what: "the first ten blocks" },
    {
      command: "ledger-loader export print ./export --document 8F0TPCmdNQ6JTRpiLj2TmW",
      what: "the history of a document",
    },
  ],
  exits: { holds: "what was asked for was printed" },
  async run(context, [manifests], options) {
    const { lines, isCut } = await print(context, manifests, options);
    if (isCut) context.note(`stopped after ${options.limit} lines: there are more (--limit)`);
    return {
      exitCode: ExitCode.holds,
      document: { lines, isCut },
      text: printableData(lines.join("\n")),
      isData: true,
    };
  },
});

function print(
  context: CommandContext,
  manifests: readonly string[],
  options: Options,
): Promise<{ readonly lines: string[]; readonly isCut: boolean }> {
  return withExport(context.terminal.env, manifests, async (journal) => {
    requireBlocks(journal, options.blocks);
    const lines: string[] = [];
    for await (const block of journal.blocks(options.blocks)) {
      for (const line of linesOf(block, options)) {
        if (lines.length === options.limit) return { lines, isCut: true };
        lines.push(line);
      }
    }
    return { lines, isCut: false };
  });
}

function linesOf(block: ExportedBlock, { tables, document, revisions }: Options): string[] {
  if (revisions === undefined && tables === undefined && document === undefined) {
    return [printBinary(encodeBlock(block.block))];
  }
  const names = tableSet(tables);
  return block.revisions
    .filter((revision) => names === undefined || names.has(revision.document?.tableName ?? ""))
    .filter(({ metadata }) => document === undefined || metadata?.id === document)
    .map(revisionLine);
}

function revisionLine(exported: ExportedRevision): string {
  const { kind: _kind, document, ...revision } = exported;
  const text = printBinary(encodeRevision(revision));
  if (document === undefined) return `{revision:${text}}`;
  const { tableName, tableId } = document;
  return `{tableInfo:{tableName:${JSON.stringify(tableName)},tableId:${JSON.stringify(tableId)}},revision:${text}}`;
}
