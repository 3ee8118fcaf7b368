// SPDX-License-Identifier: MIT
import { type Hash, IonWriter, TypeCode, copySlice, readSingleValue } from "@ledger-loader/ion";
import {
  type Block,
  type DocumentInfo,
  type Revision,
  decodeBlock,
  decodeTransactionInfo,
  encodeBlock,
  writeRevision,
} from "@ledger-loader/journal";
import type { UserRecord } from "@ledger-loader/kpl";

/**
 * The record that begins or ends a stream (QLDB developer guide, "QLDB stream records in Kinesis").
 *
 * @param key its partition key: QLDB's is not known.
 */
export function controlRecord(streamArn: string, type: "CREATED" | "COMPLETED", key: string): UserRecord {
  const data = envelope(streamArn, "CONTROL", (writer) => {
    writer.open(TypeCode.STRUCT);
    writer.fieldName("controlRecordType");
    writer.string(type);
    writer.close();
  });
  return { partitionKey: key, data };
}

/**
 * The records of a block: its summary, then the details of each revision that belongs to a document.
 *
 * Partition keys are the hashes in hexadecimal digits, as those that Amazon QLDB wrote.
 */
export function blockRecords(streamArn: string, ion: Uint8Array): readonly UserRecord[] {
  const block = decodeBlock(ion);
  const { transactionInfo, revisions = [] } = block;
  const documents = transactionInfo && decodeTransactionInfo(transactionInfo).documents;
  const details = revisions.flatMap((revision) => {
    const document = revision.metadata && documents?.get(revision.metadata.id);
    return document === undefined ? [] : [revisionRecord(streamArn, revision, document)];
  });
  return [summaryRecord(streamArn, block), ...details];
}

function summaryRecord(streamArn: string, { revisions, ...block }: Block): UserRecord {
  const summary = encodeBlock({
    ...block,
    ...(revisions && {
      revisionSummaries: revisions.map(({ hash, metadata }) =>
        metadata === undefined ? { hash } : { hash, documentId: metadata.id },
      ),
    }),
  });
  const data = envelope(streamArn, "BLOCK_SUMMARY", (writer) => {
    copySlice(writer, readSingleValue(summary));
  });
  return { partitionKey: hex(block.blockHash), data };
}

function revisionRecord(streamArn: string, revision: Revision, document: DocumentInfo): UserRecord {
  const data = envelope(streamArn, "REVISION_DETAILS", (writer) => {
    writer.open(TypeCode.STRUCT);
    writer.fieldName("tableInfo");
    writer.open(TypeCode.STRUCT);
    writer.fieldName("tableName");
    writer.string(document.tableName);
    writer.fieldName("tableId");
    writer.string(document.tableId);
    writer.close();
    writer.fieldName("revision");
    writeRevision(writer, revision);
    writer.close();
  });
  return { partitionKey: hex(revision.hash), data };
}

function envelope(streamArn: string, type: string, writePayload: (writer: IonWriter) => void): Uint8Array {
  const writer = new IonWriter();
  writer.open(TypeCode.STRUCT);
  writer.fieldName("qldbStreamArn");
  writer.string(streamArn);
  writer.fieldName("recordType");
  writer.string(type);
  writer.fieldName("payload");
  writePayload(writer);
  writer.close();
  return writer.finish();
}

function hex(hash: Hash): string {
  return Buffer.from(hash).toString("hex");
}
