// SPDX-License-Identifier: MIT
import type { ExportStatistics } from "@ledger-loader/export";
import { countNamedExport, type CountOptions } from "../ledger/count-named-export";
import { command, type AnyCommandBody } from "../options/command-spec";
import { BLOCKS_OPTION, MANIFESTS } from "../options/export-options";
import { ExitCode } from "../output/exit-code";
import { count, table } from "../output/layout";

/** `export tables MANIFEST...` */
export const exportTables: AnyCommandBody = command<readonly [manifests: readonly string[]], CountOptions>({
  description:
    "Shows id, documents, revisions and blocks of each table that has documents. A name with several ids was " +
    "dropped and created again. Hashes are not checked.",
  arguments: [MANIFESTS],
  options: [BLOCKS_OPTION],
  examples: [{ command: "ledger-loader export tables ./export", what: "of an export in a folder" }],
  exits: { holds: "the tables were listed" },
  async run(context, [manifests], options) {
    const { tables } = await countNamedExport(context, manifests, options);
    return { exitCode: ExitCode.holds, document: { tables }, text: tablesText(tables) };
  },
});

function tablesText(tables: ExportStatistics["tables"]): string {
  if (tables.length === 0) return "no tables: these blocks hold no revision of a document";
  return table(
    [
      { heading: "TABLE" },
      { heading: "DOCUMENTS", align: "right" },
      { heading: "REVISIONS", align: "right" },
      { heading: "DELETED", align: "right" },
      { heading: "BLOCKS", align: "right" },
      { heading: "TABLE ID" },
    ],
    tables.map(({ tableName, tableId, documents, revisions, deletions, firstBlock, lastBlock }) => [
      tableName,
      ...[documents, revisions, deletions].map(count),
      `${firstBlock} to ${lastBlock}`,
      tableId,
    ]),
  );
}
