// SPDX-License-Identifier: MIT
import {
  type ExportStatistics,
  type SequenceRange,
  type StatisticsPeriod,
  countExport,
} from "@ledger-loader/export";
import type { CommandContext } from "../options/command-spec";
import { requireBlocks } from "../options/export-options";
import { withExport } from "../options/with-export";
import { withProgress } from "../output/with-progress";

/** The part of an export that is counted. */
export interface CountOptions {
  readonly blocks?: Partial<SequenceRange>;
  readonly every?: StatisticsPeriod;
}

/** Counts what the export holds that the command line names, with a progress line. */
export function countNamedExport(
  context: CommandContext,
  manifests: readonly string[],
  { blocks, every = "day" }: CountOptions,
): Promise<ExportStatistics> {
  return withExport(context.terminal.env, manifests, (journal) => {
    requireBlocks(journal, blocks);
    return withProgress(context, "reading", "blocks", (onProgress) =>
      countExport(journal, { range: blocks ?? {}, every, onProgress }),
    );
  });
}
