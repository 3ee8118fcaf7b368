// SPDX-License-Identifier: MIT
import type { ExportedBlock, JournalExport, SequenceRange } from "@ledger-loader/export";

/** Which blocks of an export are meant. */
export interface ExportPart {
  /** Only these blocks, both ends included. Default: all. */
  readonly range?: Partial<SequenceRange> | undefined;
  /** A point in time: only the blocks whose timestamp is not after it. Default: all. */
  readonly until?: Date | undefined;
}

/** The blocks of a part of an export, in the journal's order. A journal's timestamps never go back. */
export async function* readPart(
  journal: JournalExport,
  { range, until }: ExportPart,
): AsyncGenerator<ExportedBlock> {
  for await (const block of journal.blocks(range)) {
    if (until !== undefined && Date.parse(block.blockTimestamp) > until.getTime()) return;
    yield block;
  }
}
