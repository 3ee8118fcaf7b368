// SPDX-License-Identifier: MIT
import {
  type Block,
  type DocumentInfo,
  MalformedBlockError,
  type Revision,
  encodeMetadata,
  encodeTransactionInfo,
} from "@ledger-loader/journal";
import { HASH_LENGTH, type Hash, type IonSlice } from "@ledger-loader/ion";

/**
 * Reads a block of a JSON export, as far as the chain goes: addresses, hashes, metadata and the tables of documents.
 *
 * QLDB's JSON output has lost the types that revision and transaction hashes cover. The hashes themselves are there, in
 * base64, so that entries, block hashes and links can be recomputed.
 *
 * @throws MalformedBlockError if a field is missing or of another type.
 */
export function decodeJsonBlock(value: IonSlice): Block {
  const address = required(value, "blockAddress");
  const previous = value.field("previousBlockHash");
  const transactionInfo = value.field("transactionInfo");
  const revisions = value.field("revisions");
  return {
    blockAddress: { strandId: text(address, "strandId"), sequenceNo: int(address, "sequenceNo") },
    transactionId: text(value, "transactionId"),
    blockTimestamp: text(value, "blockTimestamp"),
    blockHash: hash(required(value, "blockHash"), "blockHash"),
    entriesHash: hash(required(value, "entriesHash"), "entriesHash"),
    previousBlockHash:
      isEmpty(previous) || isEmptyText(previous) ? undefined : hash(previous, "previousBlockHash"),
    entriesHashList: required(value, "entriesHashList")
      .elements()
      .map((entry) => hash(entry, "entriesHashList")),
    transactionInfo: isEmpty(transactionInfo) ? undefined : readTransactionInfo(transactionInfo),
    revisions: isEmpty(revisions) ? undefined : revisions.elements().map(readRevision),
  };
}

/** Only the documents: statements are hashed with the types that JSON lost. */
function readTransactionInfo(value: IonSlice): IonSlice {
  const documents = new Map<string, DocumentInfo>();
  const fields = value.field("documents");
  for (const [id = "", info] of isEmpty(fields) ? [] : fields.fields()) {
    documents.set(id, { tableName: text(info, "tableName"), tableId: text(info, "tableId"), statements: [] });
  }
  return encodeTransactionInfo({ statements: [], documents });
}

function readRevision(value: IonSlice): Revision {
  const [metadata, data, dataHash] = [value.field("metadata"), value.field("data"), value.field("dataHash")];
  return {
    hash: hash(required(value, "hash"), "revisions.hash"),
    data,
    dataHash: isEmpty(dataHash) ? undefined : hash(dataHash, "revisions.dataHash"),
    ...(isEmpty(metadata) ? {} : readMetadata(metadata)),
  };
}

function readMetadata(value: IonSlice): Pick<Revision, "metadata" | "metadataIon"> {
  const metadata = {
    id: text(value, "id"),
    version: int(value, "version"),
    txTime: text(value, "txTime"),
    txId: text(value, "txId"),
  };
  return { metadata, metadataIon: encodeMetadata(metadata) };
}

/** JSON output may hold null where Ion has no field. */
function isEmpty(value: IonSlice | undefined): value is undefined {
  return value === undefined || value.isNull;
}

/** The first block may hold an empty blob. */
function isEmptyText(value: IonSlice): boolean {
  return value.type === "string" && value.stringValue() === "";
}

function required(value: IonSlice, name: string): IonSlice {
  const field = value.type === "struct" ? value.field(name) : undefined;
  if (!isEmpty(field)) return field;
  throw malformed(name, "no such field");
}

function text(value: IonSlice, name: string): string {
  const field = required(value, name);
  if (field.type === "string") return field.stringValue();
  throw malformed(name, `a ${field.type}`);
}

function int(value: IonSlice, name: string): number {
  const field = required(value, name);
  if (field.type === "int") return field.intValue();
  throw malformed(name, `a ${field.type}`);
}

function hash(value: IonSlice, name: string): Hash {
  const bytes = value.type === "string" ? Buffer.from(value.stringValue(), "base64") : Buffer.alloc(0);
  if (bytes.length === HASH_LENGTH) return new Uint8Array(bytes);
  throw malformed(name, value.type === "string" ? `${bytes.length} bytes` : `a ${value.type}`);
}

function malformed(field: string, found: string): MalformedBlockError {
  return new MalformedBlockError(
    `Expected the field ${field} of a block in JSON, found ${found}: get the object again from its source.`,
    { field },
  );
}
