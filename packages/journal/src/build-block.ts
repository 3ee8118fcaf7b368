// SPDX-License-Identifier: MIT
import type { Block } from "./block";
import { blockHashOf, entriesHashOf, headerEntry, shapeEntry } from "./entries";
import type { BlockHeader } from "./entries";
import { type Hash, type IonSlice, hashIon, readSingleValue } from "@ledger-loader/ion";
import { merkleRoot } from "./merkle-root";
import type { Revision } from "./revision";

/** The parts of a new block. */
export interface BlockDraft extends BlockHeader {
  /** The hash of the block before; `undefined` for the first block of a journal. */
  readonly previousBlockHash: Hash | undefined;
  /** From {@link encodeTransactionInfo}. */
  readonly transactionInfo?: Uint8Array | IonSlice;
  /** From {@link encodeRedactionInfo}. */
  readonly redactionInfo?: Uint8Array | IonSlice;
  /** From {@link buildRevision}, or as restored, in the order in which they shall stand. */
  readonly revisions?: readonly Revision[];
}

/**
 * Makes a block with all its hashes, in QLDB's format.
 *
 * The entries are, in this order and as far as the block has the part: {@link headerEntry}, the root over the
 * revisions, {@link shapeEntry}, the hash of `transactionInfo`, the hash of `redactionInfo`. With revisions and
 * transaction info these are four, as in QLDB's blocks, with revisions and transaction info where QLDB has them. The
 * first block's `previousBlockHash` is an empty blob, and its hash is that of its entries: the value in QLDB's own
 * first blocks is not known, and this is what AWS's verifier makes of "no hash".
 */
export function buildBlock(draft: BlockDraft): Block {
  const { blockAddress, transactionId, blockTimestamp, revisions } = draft;
  const transactionInfo = toSlice(draft.transactionInfo);
  const redactionInfo = toSlice(draft.redactionInfo);
  const hasRevisions = revisions !== undefined && revisions.length > 0;
  const entriesHashList = [
    headerEntry(draft),
    ...(hasRevisions ? [revisionRoot(revisions)] : []),
    shapeEntry(revisions?.length ?? 0),
    ...(transactionInfo === undefined ? [] : [hashIon(transactionInfo)]),
    ...(redactionInfo === undefined ? [] : [hashIon(redactionInfo)]),
  ];
  const entriesHash = entriesHashOf(entriesHashList);
  const previousBlockHash = draft.previousBlockHash ?? new Uint8Array(0);
  return {
    blockAddress,
    transactionId,
    blockTimestamp,
    blockHash: blockHashOf(entriesHash, previousBlockHash),
    entriesHash,
    previousBlockHash,
    entriesHashList,
    transactionInfo,
    redactionInfo,
    revisions: hasRevisions ? revisions : undefined,
  };
}

/** The root of the hash tree over a block's revisions, in the order in which they stand. */
export function revisionRoot(revisions: readonly { readonly hash: Hash }[]): Hash {
  return merkleRoot(revisions.map(({ hash }) => hash));
}

function toSlice(value: Uint8Array | IonSlice | undefined): IonSlice | undefined {
  return value instanceof Uint8Array ? readSingleValue(value) : value;
}
