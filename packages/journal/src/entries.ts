// SPDX-License-Identifier: MIT
import type { BlockAddress } from "./address";
import { writeBlockAddress } from "./block-address";
import { dot } from "./dot";
import { type Hash, IonWriter, TypeCode, hashIon, writeTimestamp } from "@ledger-loader/ion";
import { merkleRoot } from "./merkle-root";

/** The hash over a block's entries. */
export function entriesHashOf(entriesHashList: readonly Hash[]): Hash {
  return merkleRoot(entriesHashList);
}

/** A block's hash: of its entries and of the block before it; the first block's is that of its entries. */
export function blockHashOf(entriesHash: Hash, previousBlockHash: Hash | undefined): Hash {
  return dot(entriesHash, previousBlockHash ?? new Uint8Array(0));
}

/** The fields of a block that QLDB's format leaves out of every hash. */
export interface BlockHeader {
  readonly blockAddress: BlockAddress;
  readonly transactionId: string;
  readonly blockTimestamp: string;
}

/** One writer serves all entries. */
const writer = new IonWriter();

/**
 * The first entry of a block of our own: the hash of `{blockAddress, transactionId, blockTimestamp}`.
 *
 * QLDB fills this place with something that nobody outside could explain, and its own validator ignores it. Our
 * ledger puts there what QLDB leaves uncovered, so that none of it can change unnoticed.
 */
export function headerEntry({ blockAddress, transactionId, blockTimestamp }: BlockHeader): Hash {
  writer.clear();
  writer.open(TypeCode.STRUCT);
  writer.fieldName("blockAddress");
  writeBlockAddress(writer, blockAddress);
  writer.fieldName("transactionId");
  writer.string(transactionId);
  writer.fieldName("blockTimestamp");
  writeTimestamp(writer, blockTimestamp);
  writer.close();
  return hashIon(writer.finish());
}

/**
 * Another entry of a block of our own: the hash of `{format: "ledger-loader", version: 1, revisions: n}`.
 *
 * QLDB's tree hashes leaves and nodes alike, so that two revisions and one revision with the hash of both have the
 * same root; the number of revisions tells them apart.
 */
export function shapeEntry(revisionCount: number): Hash {
  if (revisionCount >= SHAPES_MAX) return hashShape(revisionCount);
  return (shapes[revisionCount] ??= hashShape(revisionCount));
}

/** The entries of blocks with so many revisions are kept: nearly all blocks have one, and none of QLDB's more than 40. */
const SHAPES_MAX = 256;
const shapes: Hash[] = [];

function hashShape(revisionCount: number): Hash {
  writer.clear();
  writer.open(TypeCode.STRUCT);
  writer.fieldName("format");
  writer.string("ledger-loader");
  writer.fieldName("version");
  writer.int(1);
  writer.fieldName("revisions");
  writer.int(revisionCount);
  writer.close();
  return hashIon(writer.finish());
}
