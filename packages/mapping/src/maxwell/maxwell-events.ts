// SPDX-License-Identifier: MIT
import {
  createEvent,
  type DecodedEvent,
  type EventOp,
  InvalidEventError,
  type Position,
  toRecordId,
} from "@ledger-loader/core";
import { dom, IonTypes } from "ion-js";
import type { TableRule } from "../file/mapping-file";
import { ignoreOrRefuse, type PresetContext } from "../presets/preset-context";
import { readId, toId } from "../row/map-record";
import { mapRow } from "../row/table-rules";
import { kindOf, type SourceRecord } from "../value/record-path";

/** Rows read by a bootstrap come before everything that the binlog tells. */
const BOOTSTRAP = 0n;
const LOG = 1n;

const OPS: Readonly<Record<string, EventOp>> = {
  insert: "INSERT",
  update: "UPDATE",
  delete: "DELETE",
  "bootstrap-insert": "INSERT",
};
/** The begin and end of a bootstrap change no row. */
const FRAMES: readonly string[] = ["bootstrap-start", "bootstrap-complete"];
const DDL = /^(table|database)-(create|alter|drop)$/;

/**
 * The events of a record that Maxwell wrote: one, two in a transaction where an update has changed the key, none for the begin and
 * end of a bootstrap.
 *
 * @throws InvalidEventError if it is none, or tells neither position nor key.
 */
export function toMaxwellEvents(
  { value, key }: SourceRecord,
  context: PresetContext,
): readonly DecodedEvent[] {
  if (!(value instanceof dom.Struct))
    throw new InvalidEventError("a Maxwell record", "a struct", kindOf(value));
  const type = readText(value, "type");
  if (FRAMES.includes(type)) return [];
  if (DDL.test(type)) return ignoreOrRefuse("schema-change", context);
  const op = Object.hasOwn(OPS, type) ? OPS[type] : undefined;
  if (op === undefined)
    throw new InvalidEventError(
      "type",
      `one of ${Object.keys(OPS).join(", ")}`,
      "another",
      "unsupported-operation",
    );
  const source = {
    database: readText(value, "database"),
    schema: undefined,
    table: readText(value, "table"),
  };
  const rule = context.tables.read(source);
  if (rule === "ignore") {
    context.logger.info({ sourceTable: source.table }, "ignored by the mapping");
    return [];
  }
  const position = positionOf(value, type, context.epoch);
  return toRowEvents({ op, table: rule.table ?? source.table, position }, rule, value, key);
}

type Target = Pick<Parameters<typeof createEvent>[0], "op" | "table" | "position">;

function toRowEvents(
  target: Target,
  rule: TableRule,
  value: dom.Struct,
  key: dom.Value | undefined,
): readonly DecodedEvent[] {
  const row = readStruct(value, "data");
  const id = idOf(row, rule, value, key);
  if (target.op === "DELETE") return [{ event: createEvent({ ...target, id }) }];
  const mapped = mapRow(rule, row, new Set());
  const oldId = target.op === "UPDATE" ? oldIdOf(row, rule, value, id) : id;
  if (toRecordId(oldId)?.key === toRecordId(id)?.key)
    return [{ event: createEvent({ ...target, id, data: mapped.data }) }];
  // The old record ends and the new one begins, at one position and in one transaction.
  return [
    { event: createEvent({ ...target, op: "DELETE", id: oldId }) },
    { event: createEvent({ ...target, op: "INSERT", id, data: mapped.data }) },
  ];
}

/** The id that the row had before an update: the old values of the key's columns, as far as they have changed. */
function oldIdOf(row: dom.Struct, rule: TableRule, value: dom.Struct, id: dom.Value): dom.Value {
  const old = value.get("old");
  if (!(old instanceof dom.Struct) || old.isNull()) return id;
  const before = new dom.Struct([...new Map([...row.fields(), ...old.fields()])]);
  if (rule.id !== undefined) return readId(rule.id, { value: before, key: undefined });
  const columns = keyColumns(value);
  return columns === undefined ? id : ofColumns(before, columns);
}

/** Of the mapping's columns, else of those that Maxwell names, else of the message's key (`pk.id`). */
function idOf(row: dom.Struct, rule: TableRule, value: dom.Struct, key: dom.Value | undefined): dom.Value {
  if (rule.id !== undefined) return readId(rule.id, { value: row, key });
  const columns = keyColumns(value) ?? columnsOfKey(key);
  if (columns !== undefined) return ofColumns(row, columns);
  throw new InvalidEventError(
    "the id",
    "a key",
    `none (start Maxwell with output_primary_key_columns=true, or name the key's columns as "id" in a mapping file)`,
    "id-required",
  );
}

function ofColumns(row: dom.Struct, columns: readonly string[]): dom.Value {
  return toId(
    columns.map((column) => {
      const found = row.get(column);
      if (found !== null && !found.isNull()) return found;
      throw new InvalidEventError(
        `data.${column}`,
        "a value, being part of the key",
        kindOf(found ?? undefined),
        "id-required",
      );
    }),
  );
}

function keyColumns(value: dom.Struct): readonly string[] | undefined {
  const columns = value.get("primary_key_columns");
  if (!(columns instanceof dom.List) || columns.isNull()) return undefined;
  const names = columns.elements().flatMap((each) => each.stringValue() ?? []);
  return names.length === 0 ? undefined : names;
}

function columnsOfKey(key: dom.Value | undefined): readonly string[] | undefined {
  const names = key instanceof dom.Struct ? key.fieldNames().filter((name) => name.startsWith("pk.")) : [];
  return names.length === 0 ? undefined : names.map((name) => name.slice("pk.".length));
}

const PLACE = /\.(\d+):(\d+)$/;

/**
 * The epoch, a bootstrap before the binlog, the binlog's file and place, and the row's place in its transaction: the last row, which
 * has `commit` in place of a number, comes last.
 */
function positionOf(value: dom.Struct, type: string, epoch: bigint): Position {
  if (type === "bootstrap-insert") return [epoch, BOOTSTRAP];
  const text =
    value.get("position")?.getType() === IonTypes.STRING ? value.get("position")?.stringValue() : null;
  const [, file, place] = PLACE.exec(text ?? "") ?? [];
  if (file === undefined || place === undefined) {
    const hint = "none (start Maxwell with output_binlog_position=true)";
    throw new InvalidEventError("position", "a place in the binlog", hint, "order-unknown");
  }
  const row = value.get("xoffset")?.bigIntValue() ?? undefined;
  const isLast = row === undefined && value.get("commit")?.booleanValue() === true;
  return [epoch, LOG, BigInt(file), BigInt(place), isLast ? 1n : 0n, row ?? 0n];
}

function readText(value: dom.Struct, name: string): string {
  const found = value.get(name);
  const text = found?.getType() === IonTypes.STRING ? found.stringValue() : null;
  if (text === null) throw new InvalidEventError(name, "a string", kindOf(found ?? undefined));
  return text;
}

function readStruct(value: dom.Struct, name: string): dom.Struct {
  const found = value.get(name);
  if (found instanceof dom.Struct && !found.isNull()) return found;
  throw new InvalidEventError(name, "a struct", kindOf(found ?? undefined));
}
