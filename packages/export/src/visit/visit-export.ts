// SPDX-License-Identifier: MIT
import type { SequenceRange } from "../read/data-object-name";
import type { ExportedBlock, ExportedRevision } from "../read/exported-block";
import type { JournalExport } from "../read/journal-export";

/** The callbacks for the blocks of an export and for their revisions, in the journal's order. */
export interface ExportVisitor {
  /** Called before the revisions of the block. */
  visitBlock?(block: ExportedBlock): void | Promise<void>;
  /** Called for every element of a block's revisions, those of QLDB's own, which are a hash and nothing else, included. */
  visitRevision?(revision: ExportedRevision, block: ExportedBlock): void | Promise<void>;
}

/**
 * Visits the blocks of an export, or those of a range with both ends included, one after the other. Hashes are not checked.
 *
 * @throws what `JournalExport.blocks` throws, and what the visitor throws.
 */
export async function visitExport(
  journal: JournalExport,
  visitor: ExportVisitor,
  range?: Partial<SequenceRange>,
): Promise<void> {
  for await (const block of journal.blocks(range)) {
    await visitor.visitBlock?.(block);
    for (const revision of block.revisions) await visitor.visitRevision?.(revision, block);
  }
}
