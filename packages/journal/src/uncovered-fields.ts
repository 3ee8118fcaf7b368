// SPDX-License-Identifier: MIT
import type { Block } from "./block";

/** A field that can be changed, in some blocks at least, without any rule noticing. */
export interface UncoveredField {
  /** The field, as a path from the block. */
  readonly field: string;
  /** In which blocks it is uncovered. */
  readonly when: string;
  /** Why nothing covers it there. */
  readonly reason: string;
}

/**
 * The fields that QLDB's format leaves uncovered by hashes and by repetition. Reports list these fields.
 *
 * Blocks that our own ledger makes leave none of the first five uncovered ({@link headerEntry}).
 */
export const UNCOVERED_FIELDS: readonly UncoveredField[] = [
  {
    field: "blockTimestamp",
    when: "in every block",
    reason:
      "No hash includes it and nothing repeats it. It only draws a warning if it lies before the block before it, or before the time of a revision.",
  },
  {
    field: "transactionId",
    when: "in blocks without a revision that has metadata",
    reason: "No hash includes it; only metadata.txId, which is hashed, repeats it.",
  },
  {
    field: "blockAddress.strandId",
    when: "in a block without neighbour and without a revision that has a blockAddress",
    reason: "No hash includes it; neighbouring blocks and the block's revisions repeat it.",
  },
  {
    field: "blockAddress.sequenceNo",
    when: "in a block without neighbour and without a revision that has a blockAddress",
    reason: "No hash includes it; neighbouring blocks, the block's revisions and a proof's shape tell it.",
  },
  {
    field: "previousBlockHash",
    when: "in block 0: among an empty blob, no field and 32 zero bytes",
    reason: "What QLDB writes where no block goes before is not known, so that each of them is read as none.",
  },
  {
    field: "revisionSummaries[].documentId",
    when: "in stream records: exchanged among the documents of the same transaction",
    reason: "No hash includes it; only the set of documents in transactionInfo, which is hashed, repeats it.",
  },
];

/** The {@link UNCOVERED_FIELDS} that are uncovered in one block. */
export function uncoveredFields(
  block: Block,
  context: {
    /** True if the block before or after it was verified with it. */
    readonly hasNeighbour: boolean;
    /** True if our own ledger made the block and its entries were checked as such. */
    readonly sealed?: boolean;
  },
): string[] {
  const names: string[] = [];
  if (context.sealed !== true) {
    const revisions = block.revisions ?? [];
    names.push("blockTimestamp");
    if (!revisions.some(({ metadata }) => metadata !== undefined)) names.push("transactionId");
    if (!context.hasNeighbour && !revisions.some(({ blockAddress }) => blockAddress !== undefined)) {
      names.push("blockAddress.strandId", "blockAddress.sequenceNo");
    }
    if (block.blockAddress.sequenceNo === 0) names.push("previousBlockHash");
  }
  if (block.revisionSummaries?.some(({ documentId }) => documentId !== undefined)) {
    names.push("revisionSummaries[].documentId");
  }
  return names;
}
