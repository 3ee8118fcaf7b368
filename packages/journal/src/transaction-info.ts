// SPDX-License-Identifier: MIT
import {
  type Hash,
  type IonSlice,
  IonWriter,
  TypeCode,
  readSingleValue,
  writeTimestamp,
} from "@ledger-loader/ion";
import { decodeBlockAddress, writeBlockAddress } from "./block-address";
import type { BlockAddress } from "./address";
import { MalformedBlockError } from "./journal-errors";
import { writeHash } from "./revision";
import { guarded, malformedBlock, StructReader } from "./struct-reader";

/** A statement that a transaction ran: reads and DDL too, with the text as the client sent it. */
export interface StatementInfo {
  readonly statement: string;
  /** When it began, as Ion text with three fractional digits. */
  readonly startTime: string;
  /** {@link statementDigest} of the statement and its parameters. */
  readonly statementDigest: Hash;
}

/** The effect of a transaction on one document. */
export interface DocumentInfo {
  readonly tableName: string;
  readonly tableId: string;
  /** Indexes into the statements, one per modification: `SET a = 1, b = 2` counts twice. */
  readonly statements: readonly number[];
}

/** A block's description of its transaction. All of it is hashed, as one struct. */
export interface TransactionInfo {
  readonly statements: readonly StatementInfo[];
  /** By document id; `undefined` if no document changed. */
  readonly documents: ReadonlyMap<string, DocumentInfo> | undefined;
}

/** A revision whose data a block asks to redact. */
export interface RedactedRevision {
  readonly blockAddress: BlockAddress;
  readonly tableId: string;
  readonly documentId: string;
  readonly version: number;
}

/** The values that were read already: a program that verifies a block and then stores it reads its transaction twice. */
const DECODED = new WeakMap<IonSlice, TransactionInfo>();

/** Reads a block's `transactionInfo`; throws {@link MalformedBlockError}. */
export function decodeTransactionInfo(value: IonSlice): TransactionInfo {
  const known = DECODED.get(value);
  if (known !== undefined) return known;
  const info = decode(value);
  DECODED.set(value, info);
  return info;
}

function decode(value: IonSlice): TransactionInfo {
  const path = "transactionInfo";
  const fields = new StructReader(value, path);
  const statements = (fields.optionalElements("statements") ?? []).map((statement, index) => {
    const of = new StructReader(statement, `${path}.statements[${index}]`);
    return {
      statement: of.string("statement"),
      startTime: of.timestamp("startTime"),
      statementDigest: of.hash("statementDigest"),
    };
  });
  const documents = fields.optional("documents", "struct");
  return { statements, documents: documents && decodeDocuments(documents, `${path}.documents`) };
}

/** The ids of the documents that a transaction changed. */
export type DocumentIds = Pick<ReadonlySet<string>, "has">;

/** The ids of the documents that a transaction changed; `undefined` if it names none. Reads damaged descriptions as far as it can. */
export function findDocumentIds(transactionInfo: IonSlice): DocumentIds | undefined {
  try {
    return decodeTransactionInfo(transactionInfo).documents;
  } catch (error) {
    if (!(error instanceof MalformedBlockError)) throw error;
    return readDocumentIds(transactionInfo);
  }
}

function readDocumentIds(transactionInfo: IonSlice): DocumentIds | undefined {
  const path = "transactionInfo.documents";
  return guarded(path, () => {
    const documents = transactionInfo.field("documents");
    return documents && new Set(documents.fields().map(([id]) => id ?? ""));
  });
}

function decodeDocuments(value: IonSlice, path: string): Map<string, DocumentInfo> {
  const documents = new Map<string, DocumentInfo>();
  for (const [id, document] of guarded(path, () => value.fields())) {
    if (id === undefined || documents.has(id)) {
      throw malformedBlock(
        `Expected each document id of ${path} once, found one twice or without text`,
        path,
      );
    }
    const of = new StructReader(document, `${path}.${id}`);
    const statements = (of.optionalElements("statements") ?? []).map((index) =>
      guarded(`${path}.${id}.statements`, () => index.intValue()),
    );
    documents.set(id, { tableName: of.string("tableName"), tableId: of.string("tableId"), statements });
  }
  return documents;
}

/** The struct that stands in a block and is hashed. */
export function encodeTransactionInfo(info: TransactionInfo): IonSlice {
  const writer = new IonWriter();
  writer.open(TypeCode.STRUCT);
  writer.fieldName("statements");
  writer.open(TypeCode.LIST);
  for (const { statement, startTime, statementDigest } of info.statements) {
    writer.open(TypeCode.STRUCT);
    writer.fieldName("statement");
    writer.string(statement);
    writer.fieldName("startTime");
    writeTimestamp(writer, startTime);
    writeHash(writer, "statementDigest", statementDigest);
    writer.close();
  }
  writer.close();
  if (info.documents !== undefined) writeDocuments(writer, info.documents);
  writer.close();
  return readSingleValue(writer.finish());
}

function writeDocuments(writer: IonWriter, documents: ReadonlyMap<string, DocumentInfo>): void {
  writer.fieldName("documents");
  writer.open(TypeCode.STRUCT);
  for (const [id, { tableName, tableId, statements }] of documents) {
    writer.fieldName(id);
    writer.open(TypeCode.STRUCT);
    writer.fieldName("tableName");
    writer.string(tableName);
    writer.fieldName("tableId");
    writer.string(tableId);
    writer.fieldName("statements");
    writer.open(TypeCode.LIST);
    for (const index of statements) writer.int(index);
    writer.close();
    writer.close();
  }
  writer.close();
}

/** Reads a block's `redactionInfo`; throws {@link MalformedBlockError}. */
export function decodeRedactionInfo(value: IonSlice): RedactedRevision[] {
  const revisions = new StructReader(value, "redactionInfo").optionalElements("revisions") ?? [];
  return revisions.map((revision, index) => {
    const path = `redactionInfo.revisions[${index}]`;
    const of = new StructReader(revision, path);
    return {
      blockAddress: decodeBlockAddress(of.required("blockAddress"), `${path}.blockAddress`),
      tableId: of.string("tableId"),
      documentId: of.string("documentId"),
      version: of.int("version"),
    };
  });
}

/** The struct that stands in the block of a redaction request and is hashed. */
export function encodeRedactionInfo(revisions: readonly RedactedRevision[]): IonSlice {
  const writer = new IonWriter();
  writer.open(TypeCode.STRUCT);
  writer.fieldName("revisions");
  writer.open(TypeCode.LIST);
  for (const { blockAddress, tableId, documentId, version } of revisions) {
    writer.open(TypeCode.STRUCT);
    writer.fieldName("blockAddress");
    writeBlockAddress(writer, blockAddress);
    writer.fieldName("tableId");
    writer.string(tableId);
    writer.fieldName("documentId");
    writer.string(documentId);
    writer.fieldName("version");
    writer.int(version);
    writer.close();
  }
  writer.close();
  writer.close();
  return readSingleValue(writer.finish());
}
