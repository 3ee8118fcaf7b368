// SPDX-License-Identifier: MIT
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { writeExport } from "@ledger-loader/export";
import { type Block, encodeBlock } from "@ledger-loader/journal";

/** Writes blocks as an export into a new folder in `folder`; returns the path of the manifest. */
export async function exportBlocks(
  folder: string,
  blocks: readonly Block[],
  format: "ion-text" | "ion-binary" = "ion-binary",
): Promise<string> {
  const written = await writeExport({
    folder: await mkdtemp(join(folder, "export-")),
    ledgerName: "source",
    strandId: blocks[0]?.blockAddress.strandId ?? "",
    format,
    // Several data objects, also for small journals.
    maxObjectBytes: 4096,
    blocks: Readable.from(blocks.map(encodeBlock)),
  });
  return written.manifestPath;
}
