// SPDX-License-Identifier: MIT
import { decodeBlockAddress, writeBlockAddress } from "./block-address";
import type { BlockAddress } from "./address";
import { dot } from "./dot";
import {
  type Hash,
  type IonSlice,
  IonWriter,
  TypeCode,
  copySlice,
  hashIon,
  readSingleValue,
  sha256,
  writeTimestamp,
} from "@ledger-loader/ion";
import { StructReader } from "./struct-reader";

/** QLDB's metadata of a revision; exactly these four fields are hashed. */
export interface RevisionMetadata {
  /** The document's id. */
  readonly id: string;
  /** 0 for a document's first revision, one more for each that follows, its deletion included. */
  readonly version: number;
  /** When the transaction ran, as Ion text with three fractional digits: `2019-09-16T19:37:05.344Z`. */
  readonly txTime: string;
  readonly txId: string;
}

/**
 * One version of a document, as blocks and `history()` hold it.
 *
 * - with `data`: the document as of then;
 * - with `dataHash`: redacted, the hash of the data in place of the data;
 * - with `metadata` alone: the document was deleted;
 * - with `hash` alone: a revision of QLDB's own, of which nothing else is known.
 */
export interface Revision {
  readonly blockAddress?: BlockAddress | undefined;
  readonly hash: Hash;
  readonly data?: IonSlice | undefined;
  readonly dataHash?: Hash | undefined;
  readonly metadata?: RevisionMetadata | undefined;
  /** The metadata as they were hashed. There is one if and only if there is `metadata`. */
  readonly metadataIon?: IonSlice | undefined;
}

/**
 * The hash in place of the missing data of a delete revision: the digest of nothing.
 *
 * No real delete revision with its hash was ever published. AWS's Java sample hashes "no value", which gives this;
 * the other reading of QLDB's rules is {@link DeleteRule} `metadata-only`. Journals of our own use this one.
 */
export const NO_DATA_HASH: Hash = sha256(new Uint8Array(0));

/** The two readings of QLDB's rules for the hash of a deletion; our own ledger uses `empty-digest`. */
export type DeleteRule = "empty-digest" | "metadata-only";

/** The hash of a revision: of its metadata and its data, or of the hash that redaction left in place of the data. */
export function revisionHash(metadata: Uint8Array | IonSlice, data: Uint8Array | IonSlice): Hash {
  return dot(hashIon(metadata), hashIon(data));
}

/** The hash of a redacted revision: `dataHash` is the hash that the data had. */
export function redactedRevisionHash(metadata: Uint8Array | IonSlice, dataHash: Hash): Hash {
  return dot(hashIon(metadata), dataHash);
}

/** The hash of a delete revision by one of the two readings of the rules. */
export function deleteRevisionHash(metadata: Uint8Array | IonSlice, rule: DeleteRule = "empty-digest"): Hash {
  const hash = hashIon(metadata);
  return rule === "empty-digest" ? dot(hash, NO_DATA_HASH) : hash;
}

/** Reads a revision; throws {@link MalformedBlockError}. */
export function decodeRevision(value: Uint8Array | IonSlice, path = "revision"): Revision {
  const fields = new StructReader(value instanceof Uint8Array ? readSingleValue(value) : value, path);
  const address = fields.optional("blockAddress", "struct");
  const metadata = fields.optional("metadata", "struct");
  // Any value may be data here, so that a null or annotated one is seen as data and not as a deletion.
  const data = fields.optional("data");
  const dataHash = fields.optionalHash("dataHash");
  const hash = fields.hash("hash");
  fields.rejectUnknown();
  return {
    blockAddress: address && decodeBlockAddress(address, `${path}.blockAddress`),
    hash,
    data,
    dataHash,
    metadata: metadata && decodeMetadata(metadata, `${path}.metadata`),
    metadataIon: metadata,
  };
}

function decodeMetadata(value: IonSlice, path: string): RevisionMetadata {
  const fields = new StructReader(value, path);
  return {
    id: fields.string("id"),
    version: fields.int("version"),
    txTime: fields.timestamp("txTime"),
    txId: fields.string("txId"),
  };
}

/** Writes a revision where `writer` stands, its fields in QLDB's order. */
export function writeRevision(writer: IonWriter, revision: Revision): void {
  writer.open(TypeCode.STRUCT);
  if (revision.blockAddress !== undefined) {
    writer.fieldName("blockAddress");
    writeBlockAddress(writer, revision.blockAddress);
  }
  writeHash(writer, "hash", revision.hash);
  writeSlice(writer, "data", revision.data);
  if (revision.dataHash !== undefined) writeHash(writer, "dataHash", revision.dataHash);
  writeSlice(writer, "metadata", revision.metadataIon);
  writer.close();
}

/** Encodes a revision as self-contained Ion binary: the row of the committed view, or what a stream carries. */
export function encodeRevision(revision: Revision): Uint8Array {
  const writer = new IonWriter();
  writeRevision(writer, revision);
  return writer.finish();
}

/** The parts of a new revision. */
export interface RevisionDraft {
  readonly blockAddress: BlockAddress;
  readonly metadata: RevisionMetadata;
  /** The document, as Ion binary; none for a deletion. */
  readonly data?: Uint8Array | IonSlice;
  /** The Ion hash of `data`, where it is known already. */
  readonly hashOfData?: Hash | undefined;
  /** Instead of `data`: a revision that arrives already redacted. */
  readonly dataHash?: Hash;
}

/** Makes a revision with its hash. */
export function buildRevision(draft: RevisionDraft): Revision {
  const metadataIon = encodeMetadata(draft.metadata);
  const shared = { blockAddress: draft.blockAddress, metadata: draft.metadata, metadataIon };
  if (draft.dataHash !== undefined) {
    return { ...shared, dataHash: draft.dataHash, hash: redactedRevisionHash(metadataIon, draft.dataHash) };
  }
  if (draft.data === undefined) return { ...shared, hash: deleteRevisionHash(metadataIon) };
  const data = draft.data instanceof Uint8Array ? readSingleValue(draft.data) : draft.data;
  const { hashOfData } = draft;
  const hash =
    hashOfData === undefined
      ? revisionHash(metadataIon, data)
      : // Redacting leaves the hash as it is.
        redactedRevisionHash(metadataIon, hashOfData);
  return { ...shared, data, hash };
}

/** Redacts a revision: the hash of its data takes the place of the data. All other hashes stay as they are. */
export function redactRevision(revision: Revision): Revision {
  const { data, ...rest } = revision;
  return data === undefined ? revision : { ...rest, dataHash: hashIon(data) };
}

/** The metadata as the struct that is hashed. */
export function encodeMetadata(metadata: RevisionMetadata): IonSlice {
  const writer = new IonWriter();
  writer.open(TypeCode.STRUCT);
  writer.fieldName("id");
  writer.string(metadata.id);
  writer.fieldName("version");
  writer.int(metadata.version);
  writer.fieldName("txTime");
  writeTimestamp(writer, metadata.txTime);
  writer.fieldName("txId");
  writer.string(metadata.txId);
  writer.close();
  return readSingleValue(writer.finish());
}

/** Writes a blob field. */
export function writeHash(writer: IonWriter, name: string, hash: Hash): void {
  writer.fieldName(name);
  writer.lob(TypeCode.BLOB, hash);
}

/** Writes a copy of a slice as a field, if there is one. */
export function writeSlice(writer: IonWriter, name: string, value: IonSlice | undefined): void {
  if (value === undefined) return;
  writer.fieldName(name);
  copySlice(writer, value);
}
