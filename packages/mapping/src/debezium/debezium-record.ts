// SPDX-License-Identifier: MIT
import { InvalidEventError } from "@ledger-loader/core";
import { dom, IonTypes } from "ion-js";
import type { RecordKind } from "../file/mapping-file";
import { kindOf } from "../value/record-path";
import type { SourceTable } from "../row/table-rules";
import { schemaOfField, toConnectValue } from "./connect-value";
import { readExtendedJson } from "./extended-json";

/** A change of a row, or something that is none. */
export type DebeziumRecord = DebeziumChange | { readonly kind: "tombstone" } | { readonly kind: RecordKind };

/** A change of one row. */
export interface DebeziumChange {
  readonly kind: "change";
  readonly op: DebeziumOp;
  readonly source: dom.Struct;
  readonly table: SourceTable;
  readonly before: dom.Struct | undefined;
  readonly after: dom.Struct | undefined;
}

/** Created, updated, deleted, read by a snapshot. */
export type DebeziumOp = "c" | "u" | "d" | "r";

const OPS: readonly string[] = ["c", "u", "d", "r"] satisfies DebeziumOp[];
/** Operations that change no single row. */
const OTHER_OPS: Readonly<Record<string, RecordKind>> = { t: "truncate", m: "message" };

/**
 * Reads a record that Debezium wrote, with or without a schema.
 *
 * @throws InvalidEventError if it is none.
 */
export function readDebeziumRecord(value: dom.Value): DebeziumRecord {
  const { schema, payload } = unwrap(value);
  if (payload === null || payload.isNull()) return { kind: "tombstone" };
  if (!(payload instanceof dom.Struct))
    throw new InvalidEventError("a Debezium record", "a struct", kindOf(payload));
  const op = textOf(payload, "op");
  const source = payload.get("source");
  if (op === undefined || !(source instanceof dom.Struct)) return { kind: otherKind(payload) };
  if (Object.hasOwn(OTHER_OPS, op)) return { kind: OTHER_OPS[op] ?? "message" };
  if (!isOp(op))
    throw new InvalidEventError("op", `one of ${OPS.join(", ")}`, "another", "unsupported-operation");
  return {
    kind: "change",
    op,
    source,
    table: tableOf(source),
    before: readRow(payload, "before", schema),
    after: readRow(payload, "after", schema),
  };
}

/** Takes Kafka Connect's `{schema, payload}` apart; a record without a schema is the payload itself. */
export function unwrap(value: dom.Value): {
  readonly schema: dom.Value | null;
  readonly payload: dom.Value | null;
} {
  const isWrapped =
    value instanceof dom.Struct &&
    value.fieldNames().length === 2 &&
    value.fieldNames().includes("schema") &&
    value.fieldNames().includes("payload");
  return isWrapped
    ? { schema: value.get("schema"), payload: value.get("payload") }
    : { schema: null, payload: value };
}

function isOp(op: string): op is DebeziumOp {
  return OPS.includes(op);
}

/** The row in `before` or `after`; the MongoDB connector writes it as text. */
function readRow(
  payload: dom.Struct,
  name: "before" | "after",
  schema: dom.Value | null,
): dom.Struct | undefined {
  const value = payload.get(name);
  if (value === null || value.isNull()) return undefined;
  const row =
    value.getType() === IonTypes.STRING
      ? readExtendedJson(value.stringValue() ?? "", name)
      : toConnectValue(value, schemaOfField(schema, name), name);
  if (row instanceof dom.Struct) return row;
  throw new InvalidEventError(name, "a struct, or a struct as JSON text", kindOf(row));
}

function tableOf(source: dom.Struct): SourceTable {
  const table = textOf(source, "table") ?? textOf(source, "collection");
  if (table === undefined) throw new InvalidEventError("source.table", "the name of a table", "none");
  return { database: textOf(source, "db"), schema: textOf(source, "schema"), table };
}

/** The kind of a record of Debezium that is no change of a row. */
function otherKind(payload: dom.Struct): RecordKind {
  const names = payload.fieldNames();
  const status = textOf(payload, "status");
  if ((status === "BEGIN" || status === "END") && names.includes("id")) return "transaction";
  if (names.includes("ddl")) return "schema-change";
  if (names.length > 0 && names.every((name) => /^ts_(ms|us|ns)$/.test(name))) return "heartbeat";
  const isFlat = names.some((name) => /^__(op|deleted|lsn|source_.*)$/.test(name));
  const hint = isFlat
    ? "a row that ExtractNewRecordState made flat (write a mapping file with rules for records)"
    : "a struct without them";
  throw new InvalidEventError("a Debezium record", "an envelope with op and source", hint);
}

function textOf(struct: dom.Struct, name: string): string | undefined {
  const value = struct.get(name);
  return value?.getType() === IonTypes.STRING ? (value.stringValue() ?? undefined) : undefined;
}
