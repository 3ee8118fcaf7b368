// SPDX-License-Identifier: MIT
import { decodeBlockAddress, writeBlockAddress } from "./block-address";
import type { BlockAddress } from "./address";
import {
  type Hash,
  type IonSlice,
  IonWriter,
  TypeCode,
  readSingleValue,
  writeTimestamp,
} from "@ledger-loader/ion";
import { MalformedBlockError } from "./journal-errors";
import { decodeRevision, writeHash, writeRevision, writeSlice } from "./revision";
import type { Revision } from "./revision";
import { readHash, StructReader } from "./struct-reader";

/** The summary of a revision in a stream's BLOCK_SUMMARY. Those of QLDB's own have no `documentId`. */
export interface RevisionSummary {
  readonly hash: Hash;
  readonly documentId?: string;
}

/**
 * One transaction in the journal, as exports, `GetBlock` and streams hold it.
 *
 * What is hashed as a whole stays the Ion it was, as slices of the bytes that the block was read from: verifying and
 * writing it again lose nothing.
 */
export interface Block {
  readonly blockAddress: BlockAddress;
  readonly transactionId: string;
  /** When the block was committed, as Ion text with three fractional digits. */
  readonly blockTimestamp: string;
  readonly blockHash: Hash;
  readonly entriesHash: Hash;
  /** Empty in the first block of a journal of our own; QLDB's first block may lack it or have another filler. */
  readonly previousBlockHash: Hash | undefined;
  readonly entriesHashList: readonly Hash[];
  /** Absent in QLDB's own blocks. {@link decodeTransactionInfo} reads it. */
  readonly transactionInfo?: IonSlice | undefined;
  /** Only in the block of a redaction request. {@link decodeRedactionInfo} reads it. */
  readonly redactionInfo?: IonSlice | undefined;
  readonly revisions?: readonly Revision[] | undefined;
  /** Only in streams, instead of `revisions`. */
  readonly revisionSummaries?: readonly RevisionSummary[] | undefined;
}

/**
 * Reads a block from self-contained Ion binary, or from where it stands in a stream.
 *
 * @throws MalformedBlockError if a field is missing, there twice, of another type, annotated, null, or unknown.
 */
export function decodeBlock(value: Uint8Array | IonSlice): Block {
  const slice = value instanceof Uint8Array ? readSingleValue(value) : value;
  const fields = new StructReader(slice, "");
  const blockAddress = decodeBlockAddress(fields.required("blockAddress"));
  try {
    return decodeFields(fields, blockAddress);
  } catch (error) {
    if (!(error instanceof MalformedBlockError)) throw error;
    const { message, field, cause } = error;
    throw new MalformedBlockError(
      `Block ${blockAddress.sequenceNo}: ${message}`,
      { field, blockAddress },
      cause === undefined ? {} : { cause },
    );
  }
}

function decodeFields(fields: StructReader, blockAddress: BlockAddress): Block {
  const transactionInfo = fields.optional("transactionInfo", "struct");
  const redactionInfo = fields.optional("redactionInfo", "struct");
  const revisions = fields.optionalElements("revisions");
  const summaries = fields.optionalElements("revisionSummaries");
  const list = fields.required("entriesHashList", "list").elements();
  const block: Block = {
    blockAddress,
    transactionId: fields.string("transactionId"),
    blockTimestamp: fields.timestamp("blockTimestamp"),
    blockHash: fields.hash("blockHash"),
    entriesHash: fields.hash("entriesHash"),
    previousBlockHash: readPreviousHash(fields),
    entriesHashList: list.map((entry, index) => readHash(entry, `entriesHashList[${index}]`)),
    transactionInfo,
    redactionInfo,
    revisions: revisions?.map((revision, index) => decodeRevision(revision, `revisions[${index}]`)),
    revisionSummaries: summaries?.map(decodeSummary),
  };
  fields.rejectUnknown();
  return block;
}

/** 32 bytes, or none: the first block has no block before it. */
function readPreviousHash(fields: StructReader): Hash | undefined {
  const value = fields.optional("previousBlockHash", "blob");
  return value?.bytesValue().length === 0 ? value.bytesValue() : fields.optionalHash("previousBlockHash");
}

function decodeSummary(value: IonSlice, index: number): RevisionSummary {
  const fields = new StructReader(value, `revisionSummaries[${index}]`);
  const hash = fields.hash("hash");
  const summary =
    fields.optional("documentId") === undefined
      ? { hash }
      : { hash, documentId: fields.string("documentId") };
  fields.rejectUnknown();
  return summary;
}

/** Encodes a block as self-contained Ion binary, its fields in QLDB's order. */
export function encodeBlock(block: Block): Uint8Array {
  const writer = new IonWriter();
  writer.open(TypeCode.STRUCT);
  writer.fieldName("blockAddress");
  writeBlockAddress(writer, block.blockAddress);
  writer.fieldName("transactionId");
  writer.string(block.transactionId);
  writer.fieldName("blockTimestamp");
  writeTimestamp(writer, block.blockTimestamp);
  writeHash(writer, "blockHash", block.blockHash);
  writeHash(writer, "entriesHash", block.entriesHash);
  if (block.previousBlockHash !== undefined) writeHash(writer, "previousBlockHash", block.previousBlockHash);
  writer.fieldName("entriesHashList");
  writer.open(TypeCode.LIST);
  for (const entry of block.entriesHashList) writer.lob(TypeCode.BLOB, entry);
  writer.close();
  writeSlice(writer, "transactionInfo", block.transactionInfo);
  writeSlice(writer, "redactionInfo", block.redactionInfo);
  if (block.revisions !== undefined) writeRevisions(writer, block.revisions);
  if (block.revisionSummaries !== undefined) writeSummaries(writer, block.revisionSummaries);
  writer.close();
  return writer.finish();
}

function writeRevisions(writer: IonWriter, revisions: readonly Revision[]): void {
  writer.fieldName("revisions");
  writer.open(TypeCode.LIST);
  for (const revision of revisions) writeRevision(writer, revision);
  writer.close();
}

function writeSummaries(writer: IonWriter, summaries: readonly RevisionSummary[]): void {
  writer.fieldName("revisionSummaries");
  writer.open(TypeCode.LIST);
  for (const { hash, documentId } of summaries) {
    writer.open(TypeCode.STRUCT);
    writeHash(writer, "hash", hash);
    if (documentId !== undefined) {
      writer.fieldName("documentId");
      writer.string(documentId);
    }
    writer.close();
  }
  writer.close();
}
