// SPDX-License-Identifier: MIT
import { quoted } from "@ledger-loader/errors";
import { InvalidEventError } from "@ledger-loader/core";
import { dom, IonTypes } from "ion-js";
import { decodeExactJson } from "./exact-json";
import type { SourceTable } from "./load-event-mapper";

/** The operation of a row in DMS. `load` stands for a row of the full load. */
export type DmsOperation = "load" | "insert" | "update" | "delete";

/** One change of one row. */
export interface DmsDataRecord {
  readonly recordType: "data";
  readonly operation: DmsOperation;
  readonly source: SourceTable;
  /** The row after the change; of a deleted row at least its key. */
  readonly row: dom.Struct;
  /** The row before the change, as DMS writes it: all columns, those of the key or only those that changed. */
  readonly before?: dom.Struct | undefined;
  /** Where the source's log stood, as DMS prints it for the engine. Only with `IncludeTransactionDetails`. */
  readonly streamPosition?: string | undefined;
  readonly transaction?: TransactionPlace | undefined;
  /** The last record of the transaction before this one, which tells how long that was. */
  readonly previous?: TransactionPlace | undefined;
}

/** The place of a record in a source transaction. */
export interface TransactionPlace {
  readonly id: string;
  /** Counted from 1. */
  readonly recordId: bigint;
}

/** An event in the stream that is about no row: DDL, or the task itself. */
export interface DmsControlRecord {
  readonly recordType: "control";
  readonly operation: string;
  readonly source: SourceTable;
}

/** A record that DMS wrote, of an operation that is known. */
export type DmsRecord = DmsDataRecord | DmsControlRecord;

const OPERATIONS: readonly string[] = ["load", "insert", "update", "delete"] satisfies DmsOperation[];
/** In which `map-record-to-document` wraps the columns. */
const DOCUMENT_FIELD = "_doc";

/**
 * Reads the records of a delivery in DMS's JSON format: one, or several with nothing or line breaks between.
 *
 * @param beforeImageField the task's `BeforeImageSettings.FieldName`.
 * @throws InvalidEventError if it is not JSON, or not what DMS writes.
 */
export function readDmsRecords(body: string | Uint8Array, beforeImageField: string): readonly DmsRecord[] {
  const values = decodeExactJson(body);
  if (values.length === 0) throw new InvalidEventError("the delivery", "at least one DMS record", "no value");
  return values.map((value) => readRecord(value, beforeImageField));
}

function readRecord(value: dom.Value, beforeImageField: string): DmsRecord {
  const metadata = value instanceof dom.Struct ? findStruct(value, "metadata") : undefined;
  if (!(value instanceof dom.Struct) || metadata === undefined) {
    const found = value instanceof dom.Struct ? "a struct without" : value.getType().name;
    throw new InvalidEventError("a DMS record", "a struct with metadata", found);
  }
  const operation = readText(metadata, "operation");
  const source = {
    schema: findText(metadata, "schema-name") ?? "",
    table: findText(metadata, "table-name") ?? "",
  };
  const recordType = readText(metadata, "record-type");
  if (recordType === "control") return { recordType, operation, source };
  if (recordType !== "data") throw new InvalidEventError("record-type", "data or control", quote(recordType));
  if (!isOperation(operation)) {
    const expected = `one of ${OPERATIONS.join(", ")}`;
    throw new InvalidEventError("operation", expected, quote(operation), "unsupported-operation");
  }
  return readDataRecord(value, metadata, operation, source, beforeImageField);
}

function readDataRecord(
  value: dom.Struct,
  metadata: dom.Struct,
  operation: DmsOperation,
  source: SourceTable,
  beforeImageField: string,
): DmsDataRecord {
  const before = findStruct(value, beforeImageField);
  // Of a deleted row the before image tells as much.
  const row = findStruct(value, "data") ?? (operation === "delete" ? before : undefined);
  if (row === undefined) throw new InvalidEventError("data", `a struct for ${operation}`, "none");
  if (source.table === "") throw new InvalidEventError("table-name", "the name of a table", "none");
  const streamPosition = findText(metadata, "stream-position");
  const transaction = findPlace(metadata, "transaction-id", "transaction-record-id");
  const previous = findPlace(metadata, "prev-transaction-id", "prev-transaction-record-id");
  return {
    recordType: "data",
    operation,
    source,
    row: unwrap(row),
    before: before && unwrap(before),
    streamPosition,
    transaction,
    previous,
  };
}

function isOperation(text: string): text is DmsOperation {
  return OPERATIONS.includes(text);
}

function unwrap(row: dom.Struct): dom.Struct {
  const document = row.fields().length === 1 ? row.get(DOCUMENT_FIELD) : null;
  return document instanceof dom.Struct ? document : row;
}

function findStruct(struct: dom.Struct, name: string): dom.Struct | undefined {
  const value = struct.get(name);
  return value instanceof dom.Struct && !value.isNull() ? value : undefined;
}

function findText(struct: dom.Struct, name: string): string | undefined {
  const value = struct.get(name);
  return value?.getType() === IonTypes.STRING ? (value.stringValue() ?? undefined) : undefined;
}

function readText(struct: dom.Struct, name: string): string {
  const text = findText(struct, name);
  if (text === undefined) throw new InvalidEventError(name, "a string", "none");
  return text;
}

/** Without the record's own number the place is not known. */
function findPlace(metadata: dom.Struct, idName: string, recordName: string): TransactionPlace | undefined {
  const id = metadata.get(idName);
  const recordId = metadata.get(recordName);
  if (id === null || id.isNull() || recordId?.getType() !== IonTypes.INT) return undefined;
  const number = recordId.bigIntValue();
  return number === null ? undefined : { id: readTransactionId(id, idName), recordId: number };
}

/** Ids are numbers or strings, by engine. DMS shortens long numbers: two transactions may then have one id. */
function readTransactionId(id: dom.Value, name: string): string {
  if (id.getType() === IonTypes.INT) return String(id.bigIntValue());
  const text = id.getType() === IonTypes.STRING ? id.stringValue() : null;
  if (text !== null) return text;
  const hint = id.getType() === IonTypes.DECIMAL ? ", a number that may lack digits" : "";
  throw new InvalidEventError(
    name,
    "a string or a number with all its digits",
    `${id.getType().name}${hint}`,
  );
}

function quote(text: string): string {
  return quoted(text);
}
