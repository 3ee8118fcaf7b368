// SPDX-License-Identifier: MIT
import type { ExportStatistics, PeriodStatistics, StatisticsPeriod } from "@ledger-loader/export";
import { countNamedExport, type CountOptions } from "../ledger/count-named-export";
import { command, type AnyCommandBody } from "../options/command-spec";
import { BLOCKS_OPTION, MANIFESTS } from "../options/export-options";
import { ExitCode } from "../output/exit-code";
import { bytes, count, facts, table } from "../output/layout";

interface Options extends CountOptions {
  readonly csv?: true;
}

const PERIODS: readonly StatisticsPeriod[] = ["hour", "day", "month"];

/** `export stats MANIFEST...` */
export const exportStats: AnyCommandBody = command<readonly [manifests: readonly string[]], Options>({
  description: "Counts by the blocks' timestamps (UTC). Hashes are not checked.",
  arguments: [MANIFESTS],
  options: [
    BLOCKS_OPTION,
    { flags: "--every <period>", description: "the length of a period", choices: PERIODS, default: "day" },
    { flags: "--csv", description: "print the periods as comma-separated values, and nothing else" },
  ],
  examples: [
    { command: "ledger-loader export stats ./export", what: "by day" },
    {
      command: "ledger-loader export stats ./export --every month --csv > rates.csv",
      what: "for a spreadsheet",
    },
  ],
  exits: { holds: "the export was counted" },
  async run(context, [manifests], options) {
    const statistics = await countNamedExport(context, manifests, options);
    const isData = options.csv === true;
    const text = isData ? csv(statistics.periods) : statisticsText(statistics);
    return { exitCode: ExitCode.holds, document: statistics, text, isData };
  },
});

function csv(periods: readonly PeriodStatistics[]): string {
  const rows = periods.map(({ period, blocks, revisions, bytes: size }) =>
    [period, blocks, revisions, size].join(),
  );
  return ["period,blocks,revisions,bytes", ...rows].join("\n");
}

function statisticsText(statistics: ExportStatistics): string {
  const { blocks, statements, revisions, first, last, periods } = statistics;
  const { data, delete: deleted, redacted, "hash-only": hashOnly } = revisions;
  const summary = facts([
    ["blocks", first && last && `${count(blocks)} (${first.sequenceNo} to ${last.sequenceNo})`],
    ["period", first && last && `${first.blockTimestamp} to ${last.blockTimestamp}`],
    ["statements", count(statements)],
    ["revisions", `${count(data)} with data, ${count(deleted)} deletions, ${count(redacted)} redacted`],
    ["hash only", hashOnly === 0 ? undefined : `${count(hashOnly)} of QLDB's own`],
    ["size", bytes(statistics.bytes)],
  ]);
  const rows = periods.map((each) => [
    each.period,
    count(each.blocks),
    count(each.revisions),
    bytes(each.bytes),
  ]);
  const columns = ["BLOCKS", "REVISIONS", "SIZE"].map((heading) => ({ heading, align: "right" as const }));
  return `${summary}\n\n${table([{ heading: "PERIOD" }, ...columns], rows)}`;
}
