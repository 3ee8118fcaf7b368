// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { parsePath, type RecordPath } from "../value/record-path";
import type { PathRule, StructRule, ValueRule } from "../value/value-rule";
import { VALUE_TYPES } from "../value/value-type";
import { type FileReader, plainText } from "./file-reader";

const PATH_FIELDS = ["path", "type", "scale", "values", "add", "default", "optional"];
const PATH_FORM = 'a path such as "$.order.id", "$key.id" or "$[\\"a.b\\"]"';
/** The field of `fields` that stands for those that no other entry reads. */
const REST = "*";

/** Reads how a value is found: a path, a constant or a struct of fields. `undefined` after a problem. */
export function parseValueRule(value: dom.Value, where: string, reader: FileReader): ValueRule | undefined {
  const text = plainText(value);
  if (text?.startsWith("$") === true) {
    const path = readPath(value, where, reader);
    return path && { kind: "path", path, optional: false };
  }
  if (value instanceof dom.Struct) return parseStruct(value, where, reader);
  if (value instanceof dom.List)
    return reader.report(where, `a path, {"value": …} or {"fields": {…}}`, value);
  return { kind: "constant", value };
}

/** A list of rules, or one. */
export function parseValueRules(
  value: dom.Value | undefined,
  where: string,
  reader: FileReader,
): readonly ValueRule[] | undefined {
  if (value === undefined) return undefined;
  if (!(value instanceof dom.List)) return definedOf([parseValueRule(value, where, reader)]);
  const rules = reader
    .elements(value, where)
    .map((each, i) => parseValueRule(each, `${where}[${i}]`, reader));
  return definedOf(rules);
}

function definedOf<T>(rules: readonly (T | undefined)[]): readonly T[] {
  return rules.filter((rule) => rule !== undefined);
}

function parseStruct(value: dom.Struct, where: string, reader: FileReader): ValueRule | undefined {
  const names = value.fieldNames();
  if (names.includes("path")) return parsePathRule(value, where, reader);
  if (names.includes("fields")) {
    const fields = reader.fields(value, where, ["fields"]).get("fields");
    return fields && parseStructRule(fields, `${where}.fields`, reader);
  }
  const constant = reader.fields(value, where, ["value"]).get("value");
  if (constant === undefined) return reader.report(where, "path, value or fields in it");
  return { kind: "constant", value: constant };
}

function parsePathRule(value: dom.Struct, where: string, reader: FileReader): PathRule | undefined {
  const fields = reader.fields(value, where, PATH_FIELDS);
  const path = readPath(fields.get("path"), `${where}.path`, reader);
  const type = reader.choice(fields.get("type"), `${where}.type`, VALUE_TYPES);
  const scale = reader.count(fields.get("scale"), `${where}.scale`, 1000);
  if ((type === "decimal-base64") !== fields.has("scale"))
    reader.report(`${where}.scale`, `a scale with type decimal-base64, and with no other`);
  const values = fields.get("values");
  const rule = {
    kind: "path" as const,
    type,
    scale,
    values: values && parseValues(values, `${where}.values`, reader),
    add: readAdd(fields.get("add"), `${where}.add`, reader),
    whenAbsent: fields.get("default"),
    optional: reader.flag(fields.get("optional"), `${where}.optional`) ?? false,
  };
  return path && { ...rule, path };
}

function parseValues(value: dom.Value, where: string, reader: FileReader): ReadonlyMap<string, dom.Value> {
  const entries = reader.anyFields(value, where);
  if (entries.length === 0) reader.report(where, "one or more values");
  return new Map(entries);
}

function readAdd(value: dom.Value | undefined, where: string, reader: FileReader): bigint | undefined {
  if (value === undefined) return undefined;
  const int = value.getType() === IonTypes.INT ? value.bigIntValue() : null;
  return int ?? reader.report(where, "an int", value);
}

/** Reads a struct of rules by field: `{"name": "$.full_name", "*": "$"}`. */
export function parseStructRule(value: dom.Value, where: string, reader: FileReader): StructRule {
  const fields = new Map<string, ValueRule>();
  let rest: RecordPath | undefined;
  const entries = reader.anyFields(value, where);
  if (entries.length === 0) reader.report(where, "one or more fields");
  for (const [name, each] of entries) {
    const place = `${where}.${name}`;
    if (name === REST) rest = readPath(each, place, reader);
    else {
      const rule = parseValueRule(each, place, reader);
      if (rule !== undefined) fields.set(name, rule);
    }
  }
  return { kind: "struct", fields, rest };
}

/** Reads a path. */
export function readPath(
  value: dom.Value | undefined,
  where: string,
  reader: FileReader,
): RecordPath | undefined {
  const text = plainText(value);
  const path = text === undefined ? undefined : parsePath(text);
  return path ?? reader.report(where, PATH_FORM, value);
}
