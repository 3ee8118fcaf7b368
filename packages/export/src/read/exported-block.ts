// SPDX-License-Identifier: MIT
import {
  type Block,
  type DocumentInfo,
  type Revision,
  type StatementInfo,
  decodeTransactionInfo,
} from "@ledger-loader/journal";

/**
 * The kind of a revision. Only `delete` means that its document was deleted: a redacted revision has no data either.
 */
export type RevisionKind = "data" | "delete" | "redacted" | "hash-only";

/** A revision with the table of its document. Its data and metadata are cursors over the export's exact Ion. */
export interface ExportedRevision extends Revision {
  readonly kind: RevisionKind;
  /** The table and the statements that the transaction names for the document; `undefined` if it names none. */
  readonly document: DocumentInfo | undefined;
}

/** A block of an export, with what replaying and reconciling need at hand. */
export interface ExportedBlock extends Pick<Block, "blockAddress" | "transactionId" | "blockTimestamp"> {
  /** The statements of the transaction, in order; none in QLDB's own blocks. */
  readonly statements: readonly StatementInfo[];
  /** The documents that the transaction changed, by document id. */
  readonly documents: ReadonlyMap<string, DocumentInfo>;
  readonly revisions: readonly ExportedRevision[];
  /** The whole block, for verifying it or writing it again. */
  readonly block: Block;
  /** Full key of the data object that holds it. */
  readonly key: string;
  /** Bytes it takes there. */
  readonly size: number;
}

/** Tells what a revision is by what it holds. */
export function revisionKind({ data, dataHash, metadata }: Revision): RevisionKind {
  if (data !== undefined) return "data";
  if (dataHash !== undefined) return "redacted";
  return metadata === undefined ? "hash-only" : "delete";
}

/** Adds to a block what its transaction says about its documents. Throws `MalformedBlockError`. */
export function toExportedBlock(block: Block, key: string, size: number): ExportedBlock {
  const { blockAddress, transactionId, blockTimestamp, transactionInfo } = block;
  const info = transactionInfo && decodeTransactionInfo(transactionInfo);
  const documents = info?.documents ?? new Map<string, DocumentInfo>();
  return {
    blockAddress,
    transactionId,
    blockTimestamp,
    statements: info?.statements ?? [],
    documents,
    revisions: (block.revisions ?? []).map((revision) => ({
      ...revision,
      kind: revisionKind(revision),
      document: revision.metadata && documents.get(revision.metadata.id),
    })),
    block,
    key,
    size,
  };
}
