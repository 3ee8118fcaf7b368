// SPDX-License-Identifier: MIT
import {
  createEvent,
  type DecodedEvent,
  EVENT_OPS,
  type EventFields,
  type EventOp,
  InvalidEventError,
} from "@ledger-loader/core";
import { dom, dumpText, IonTypes } from "ion-js";
import type { RecordRule, RecordsMapping } from "../file/mapping-file";
import { findAt, kindOf, type SourceRecord } from "../value/record-path";
import { evaluate, textOf, type ValueRule } from "../value/value-rule";

/** A further value of a rule's `op`: the record is acknowledged and makes no event. */
const IGNORE = "ignore";

/** The events of a record: one, or none where the mapping ignores the record. */
export function mapRecord(
  record: SourceRecord,
  { rules, otherwise }: RecordsMapping,
): readonly DecodedEvent[] {
  const dataHash = redactedHash(record);
  const rule = rules.find((each) => fits(each, record, dataHash !== undefined));
  if (rule !== undefined) return mapByRule(record, rule, dataHash);
  if (otherwise === "ignore") return [];
  const found = dataHash === undefined ? "one that none does" : "a redacted revision that none does";
  throw new InvalidEventError("the record", "one that a rule of the mapping fits", found, "not-mapped");
}

/**
 * The hash of the document where the record is an event of a redacted revision, as a replay and QLDB's streams give it to a
 * mapping. JSON has no blobs: a field `dataHash` of other records is not taken for one.
 */
function redactedHash({ value }: SourceRecord): Uint8Array | undefined {
  if (!(value instanceof dom.Struct) || value.isNull() || value.get("data") !== null) return undefined;
  const hash = value.get("dataHash");
  return hash?.getType() === IonTypes.BLOB ? (hash.uInt8ArrayValue() ?? undefined) : undefined;
}

/** The document of an event. */
const DATA_PATH = "$.data";

function fits({ when }: RecordRule, record: SourceRecord, isRedacted: boolean): boolean {
  return when.every(({ path, fits: expected }) => {
    const found = findOrNothing(path, record);
    // A redacted revision had a document, and is no deletion.
    const isThere = found !== undefined || (isRedacted && path.text === DATA_PATH);
    if (expected === "present" || expected === "absent") return isThere === (expected === "present");
    const text = found && textOf(found);
    return text !== undefined && expected.includes(text);
  });
}

/** A path that leads through something else than it expects leads nowhere: another rule may fit. */
function findOrNothing(path: Parameters<typeof findAt>[0], record: SourceRecord): dom.Value | undefined {
  try {
    return findAt(path, record);
  } catch (error) {
    if (error instanceof InvalidEventError) return undefined;
    throw error;
  }
}

function mapByRule(
  record: SourceRecord,
  rule: RecordRule,
  dataHash: Uint8Array | undefined,
): readonly DecodedEvent[] {
  const op = readOp(rule.op, record);
  if (op === IGNORE) return [];
  const hasNoData = op === "DELETE" || rule.data === undefined || dataHash !== undefined;
  const fields: EventFields = {
    op,
    table: readText(rule.table, record),
    id: rule.id && readId(rule.id, record),
    version: rule.version && readVersion(rule.version, record),
    position: rule.position?.map((part) => readInt(part, record)),
    data: hasNoData ? undefined : readData(rule.data, record),
    dataHash: op === "DELETE" ? undefined : dataHash,
    group: rule.group && readText(rule.group, record),
  };
  return [{ event: createEvent(fields) }];
}

function readOp(rule: ValueRule, record: SourceRecord): EventOp | typeof IGNORE {
  const text = readText(rule, record);
  const op = EVENT_OPS.find((each) => each === text);
  if (op !== undefined) return op;
  if (text === IGNORE) return IGNORE;
  const hint = rule.kind === "path" ? ` (translate it with "values")` : "";
  throw new InvalidEventError(
    placeOf(rule, "op"),
    `one of ${EVENT_OPS.join(", ")}, ${IGNORE}${hint}`,
    "another text",
    "unsupported-operation",
  );
}

function readText(rule: ValueRule, record: SourceRecord): string {
  const value = evaluate(rule, record);
  const type = value?.getType();
  const isText = type === IonTypes.STRING || type === IonTypes.SYMBOL;
  const text = isText ? value?.stringValue() : undefined;
  if (text !== null && text !== undefined) return text;
  throw new InvalidEventError(placeOf(rule, "the constant"), "text", kindOf(value));
}

/**
 * The id of a record: the value of its one rule, or the list of several as Ion text, such as `[7,"de"]`.
 *
 * @throws InvalidEventError if a part is absent or null.
 */
export function readId(rules: readonly ValueRule[], record: SourceRecord): dom.Value {
  const values = rules.map((rule) => {
    const value = evaluate(rule, record);
    if (value !== undefined && !value.isNull()) return value;
    throw new InvalidEventError(
      placeOf(rule, "id"),
      "a value, being part of the id",
      kindOf(value),
      "id-required",
    );
  });
  return toId(values);
}

/** One value as it is, several as their list in Ion text. */
export function toId(values: readonly dom.Value[]): dom.Value {
  const [only, ...others] = values;
  if (only !== undefined && others.length === 0) return only;
  return dom.Value.from(dumpText(new dom.List([...values])));
}

function readVersion(rule: ValueRule, record: SourceRecord): number {
  const version = readInt(rule, record);
  // Others lose digits as numbers: createEvent says what a version may be.
  return Number(version);
}

function readInt(rule: ValueRule, record: SourceRecord): bigint {
  const value = evaluate(rule, record);
  const int = value?.getType() === IonTypes.INT && !value.isNull() ? value.bigIntValue() : null;
  if (int !== null) return int;
  throw new InvalidEventError(placeOf(rule, "the constant"), "an int", kindOf(value));
}

/** With `ANY`, absent content would be a deletion, which a wrong path must not become. */
function readData(rule: ValueRule, record: SourceRecord): dom.Struct {
  const value = evaluate(rule, record);
  if (value instanceof dom.Struct && !value.isNull()) return value;
  throw new InvalidEventError(placeOf(rule, "data"), "a struct", kindOf(value));
}

function placeOf(rule: ValueRule, otherwise: string): string {
  return rule.kind === "path" ? rule.path.text : otherwise;
}
