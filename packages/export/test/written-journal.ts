// SPDX-License-Identifier: MIT
import { type Block, encodeBlock } from "@ledger-loader/journal";
import {
  type ExportWriterOptions,
  type VerificationReport,
  openExport,
  verifyExport,
  writeExport,
} from "@ledger-loader/export";
import { join } from "node:path";
import { STRAND } from "./sample-journal";

/** An export in a folder, with its first data object (the folder itself, if it has none). */
export interface WrittenJournal {
  readonly manifestPath: string;
  readonly objectPath: string;
}

/** Writes blocks, all of one hour, as an export: in Ion text with a single data object, unless the options say otherwise. */
export async function writeJournal(
  folder: string,
  blocks: readonly Block[],
  options: Partial<Pick<ExportWriterOptions, "format" | "maxObjectBytes" | "exportId">> = {},
): Promise<WrittenJournal> {
  const { manifestPath, keys } = await writeExport({
    folder,
    ledgerName: "vehicles",
    strandId: blocks[0]?.blockAddress.strandId ?? STRAND,
    format: "ion-text",
    blocks: blocks.map((block) => encodeBlock(block)),
    ...options,
  });
  return { manifestPath, objectPath: join(folder, ...keys.slice(0, 1)) };
}

/** Verifies an export on disk, without anchors. */
export async function verifyWritten({ manifestPath }: WrittenJournal): Promise<VerificationReport> {
  return verifyExport(await openExport([manifestPath]));
}

/** The findings of a report in short: `failed block-hash`. */
export function rulesOf({ findings }: VerificationReport): string[] {
  return findings.map(({ rule, severity }) => `${severity} ${rule}`);
}
