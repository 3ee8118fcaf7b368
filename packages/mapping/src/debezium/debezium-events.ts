// SPDX-License-Identifier: MIT
import { createEvent, type DecodedEvent, InvalidEventError } from "@ledger-loader/core";
import { dom, IonTypes } from "ion-js";
import type { TableRule } from "../file/mapping-file";
import { ignoreOrRefuse, type PresetContext } from "../presets/preset-context";
import { readId, toId } from "../row/map-record";
import { mapRow } from "../row/table-rules";
import type { SourceRecord } from "../value/record-path";
import { toConnectValue } from "./connect-value";
import { type DebeziumChange, readDebeziumRecord, unwrap } from "./debezium-record";
import { readExtendedJson } from "./extended-json";
import { sourcePosition } from "./source-position";

/** The text that Debezium writes for a value that the log leaves out because it has not changed; in base64 for bytes. */
const UNAVAILABLE = "__debezium_unavailable_value";
const UNAVAILABLE_TEXTS: readonly string[] = [UNAVAILABLE, Buffer.from(UNAVAILABLE).toString("base64")];
const UNAVAILABLE_BYTES = Buffer.from(UNAVAILABLE);

/**
 * The events of a Debezium record: one for a change of a row, none for a tombstone, which follows the deletion that says the
 * same.
 */
export function toDebeziumEvents(record: SourceRecord, context: PresetContext): readonly DecodedEvent[] {
  const read = readDebeziumRecord(record.value);
  if (read.kind === "tombstone") {
    context.logger.debug({}, "tombstone: the deletion came before");
    return [];
  }
  if (read.kind !== "change") return ignoreOrRefuse(read.kind, context);
  const rule = context.tables.read(read.table);
  if (rule === "ignore") {
    context.logger.info({ sourceTable: read.table.table }, "ignored by the mapping");
    return [];
  }
  return [{ event: createEvent(toFields(read, rule, record.key, context)) }];
}

function toFields(
  change: DebeziumChange,
  rule: TableRule,
  key: dom.Value | undefined,
  { epoch }: PresetContext,
): Parameters<typeof createEvent>[0] {
  const { op, source, after, table } = change;
  const target = {
    table: rule.table ?? table.table,
    id: idOf(change, rule, key),
    position: sourcePosition(source, op, epoch),
  };
  if (op === "d") return { ...target, op: "DELETE" };
  if (after === undefined)
    throw new InvalidEventError("after", `the row of an event with op ${op}`, withoutRow(source));
  const unknown = unavailableColumns(after);
  if (unknown.size > 0 && op !== "u") {
    throw new InvalidEventError(
      `column ${[...unknown][0] ?? ""}`,
      "a value",
      "Debezium's mark for one left out",
    );
  }
  return { ...target, op: op === "u" ? "UPDATE" : "INSERT", ...mapRow(rule, after, unknown) };
}

function withoutRow(source: dom.Struct): string {
  const isMongo = source.get("connector")?.stringValue() === "mongodb";
  return isMongo ? "null (set capture.mode=change_streams_update_full in the connector)" : "null";
}

/** The record's id: of the columns that the mapping names, else of the key that came beside the record. */
function idOf(
  { op, before, after, source }: DebeziumChange,
  rule: TableRule,
  key: dom.Value | undefined,
): dom.Value {
  const row = op === "d" ? before : after;
  if (rule.id !== undefined) {
    if (row !== undefined) return readId(rule.id, { value: row, key });
    throw noId("no row before the change (for PostgreSQL, see REPLICA IDENTITY)");
  }
  if (key === undefined) throw noId(`no key beside it: name the key's columns as "id" in a mapping file`);
  return idOfKey(key, source);
}

function idOfKey(key: dom.Value, source: dom.Struct): dom.Value {
  const { schema, payload } = unwrap(key);
  const typed = payload === null ? null : toConnectValue(payload, schema, "the key");
  const values = typed instanceof dom.Struct ? typed.fields().map(([, value]) => value) : [];
  if (values.length === 0 || values.some((value) => value.isNull()))
    throw noId("a key without columns, or with null in one");
  const isMongo = source.get("connector")?.stringValue() === "mongodb";
  return toId(isMongo ? values.map(readMongoId) : values);
}

/** The MongoDB connector writes an id as Extended JSON in a text. */
function readMongoId(value: dom.Value): dom.Value {
  const text = value.getType() === IonTypes.STRING ? value.stringValue() : null;
  return text === null ? value : readExtendedJson(text, "the key");
}

function noId(found: string): InvalidEventError {
  return new InvalidEventError("the id", "a value in each column of the key", found, "id-required");
}

function unavailableColumns(row: dom.Struct): ReadonlySet<string> {
  return new Set(row.fields().flatMap(([name, value]) => (isUnavailable(value) ? [name] : [])));
}

function isUnavailable(value: dom.Value): boolean {
  if (value.isNull()) return false;
  switch (value.getType()) {
    case IonTypes.STRING:
      return UNAVAILABLE_TEXTS.includes(value.stringValue() ?? "");
    case IonTypes.BLOB:
      return UNAVAILABLE_BYTES.equals(value.uInt8ArrayValue() ?? new Uint8Array());
    case IonTypes.LIST: {
      const [only, ...others] = value.elements();
      return only !== undefined && others.length === 0 && isUnavailable(only);
    }
    default:
      return false;
  }
}
