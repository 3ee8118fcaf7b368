// SPDX-License-Identifier: MIT
import type { JournalExport, SequenceRange } from "@ledger-loader/export";
import { UsageError } from "../cli-errors";
import type { ShownOptions } from "../output/shown-command";
import type { OptionSpec } from "./command-spec";
import { time } from "./parse-options";

/** The meaning of an argument that names the exports which a command reads. */
export const MANIFESTS =
  "a `*.completed.manifest`, a folder with manifests up to 4 folders below, or `s3://BUCKET/PREFIX`. Several consecutive exports in any order";

/** Declares `--blocks`. */
export const BLOCKS_OPTION: OptionSpec = {
  flags: "--blocks <range>",
  description: "the blocks N-M, N- or N",
  parse: parseBlocks,
};

function parseBlocks(text: string): Partial<SequenceRange> {
  const [, from = "", dash, to = ""] = /^(\d{1,15})(-)?(\d{1,15})?$/.exec(text) ?? [];
  const first = from === "" ? NaN : Number(from);
  const last = to === "" ? (dash === undefined ? first : Number.MAX_SAFE_INTEGER) : Number(to);
  if (first <= last) return { first, last };
  throw new UsageError(`expected --blocks to be N-M, N- or N, found ${JSON.stringify(text)}`);
}

/**
 * Refuses a range that holds no block of the export: nothing would be read, and the result would look like one.
 *
 * @throws UsageError naming the blocks that there are.
 */
export function requireBlocks(
  { range }: Pick<JournalExport, "range">,
  blocks: Partial<SequenceRange> | undefined,
): void {
  if (range === undefined || blocks === undefined) return;
  const { first = 0, last = Number.MAX_SAFE_INTEGER } = blocks;
  if (first <= range.last && last >= range.first) return;
  throw new UsageError(
    `expected --blocks to name blocks of the export, which holds ${range.first} to ${range.last}, found ${formatBlocks(blocks)}`,
  );
}

/** The text that `--blocks` reads. */
export function formatBlocks({ first = 0, last = Number.MAX_SAFE_INTEGER }: Partial<SequenceRange>): string {
  if (first === last) return `${first}`;
  return last === Number.MAX_SAFE_INTEGER ? `${first}-` : `${first}-${last}`;
}

/** Declares `--until`. */
export const UNTIL_OPTION: OptionSpec = {
  flags: "--until <time>",
  description: "the blocks until this time, such as 2025-07-31T12:00:00Z",
  parse: time("--until"),
};

/** The options that choose a part of an export. */
export interface ExportPartOptions {
  readonly tables?: readonly string[];
  readonly blocks?: Partial<SequenceRange>;
  readonly until?: Date;
}

/** The part as a command line names it. */
export function shownPart({ tables, blocks, until }: ExportPartOptions): ShownOptions {
  return {
    "--tables": tables?.join(","),
    "--blocks": blocks && formatBlocks(blocks),
    "--until": until?.toISOString(),
  };
}

/** Declares `--tables`. */
export const TABLES_OPTION: OptionSpec = {
  flags: "--tables <names>",
  description: "these tables, separated by commas",
  parse: (text) =>
    text
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
};

/** Declares {@link ExportPartOptions}. */
export const EXPORT_PART_OPTIONS: readonly OptionSpec[] = [TABLES_OPTION, BLOCKS_OPTION, UNTIL_OPTION];

/** The set that `--tables` gave. */
export function tableSet(tables: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return tables === undefined ? undefined : new Set(tables);
}
