// SPDX-License-Identifier: MIT
import { type Block, encodeBlock } from "@ledger-loader/journal";
import {
  type ExportFormat,
  type VerificationReport,
  openExport,
  verifyExport,
  writeExport,
} from "@ledger-loader/export";
import { join } from "node:path";
import { STRAND } from "./sample-journal";

/** An export in a folder, with its one data object. */
export interface WrittenJournal {
  readonly manifestPath: string;
  readonly objectPath: string;
}

/** Writes blocks, all of one hour, as an export with a single data object. */
export async function writeJournal(
  folder: string,
  blocks: readonly Block[],
  format: ExportFormat,
): Promise<WrittenJournal> {
  const { manifestPath, keys } = await writeExport({
    folder,
    ledgerName: "vehicles",
    strandId: STRAND,
    format,
    blocks: blocks.map((block) => encodeBlock(block)),
  });
  return { manifestPath, objectPath: join(folder, keys[0]!) };
}

/** Verifies an export on disk, without anchors. */
export async function verifyWritten({ manifestPath }: WrittenJournal): Promise<VerificationReport> {
  return verifyExport(await openExport([manifestPath]));
}
