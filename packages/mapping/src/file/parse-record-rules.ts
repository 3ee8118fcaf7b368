// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { parsePath } from "../value/record-path";
import { textOf, type ValueRule } from "../value/value-rule";
import type { FileReader, Fields } from "./file-reader";
import type { Condition, RecordRule, RecordsMapping } from "./mapping-file";
import { parseStructRule, parseValueRule, parseValueRules } from "./parse-value-rule";

const RULE_FIELDS = ["when", "op", "table", "id", "version", "position", "data", "fields", "group"];

/** Reads the rules of a mapping without preset. */
export function parseRecordRules(fields: Fields, reader: FileReader): RecordsMapping | undefined {
  const records = fields.get("records");
  if (records === undefined) return reader.report("records", "rules for records, or a preset");
  const rules = reader
    .elements(records, "records")
    .map((rule, i) => parseRule(rule, `records[${i}]`, reader));
  const otherwise = reader.choice(fields.get("otherwise"), "otherwise", ["reject", "ignore"]) ?? "reject";
  return { preset: undefined, rules: rules.flatMap((rule) => rule ?? []), otherwise };
}

function parseRule(value: dom.Value, where: string, reader: FileReader): RecordRule | undefined {
  const fields = reader.fields(value, where, RULE_FIELDS);
  const one = (name: string): ValueRule | undefined => {
    const rule = fields.get(name);
    return rule && parseValueRule(rule, `${where}.${name}`, reader);
  };
  const need = (name: string): ValueRule | undefined =>
    fields.has(name) ? one(name) : reader.report(`${where}.${name}`, "a path or a constant");
  if (fields.has("version") && fields.has("position"))
    reader.report(`${where}.position`, "either version or position, not both");
  const op = need("op");
  const table = need("table");
  const rule = {
    when: parseConditions(fields.get("when"), `${where}.when`, reader),
    id: parseValueRules(fields.get("id"), `${where}.id`, reader),
    version: one("version"),
    position: parseValueRules(fields.get("position"), `${where}.position`, reader),
    data: parseData(fields, where, reader),
    group: one("group"),
  };
  return op && table && { ...rule, op, table };
}

/** The document: a struct of the record, or one made of fields. */
function parseData(fields: Fields, where: string, reader: FileReader): ValueRule | undefined {
  const data = fields.get("data");
  const content = fields.get("fields");
  if (data !== undefined && content !== undefined)
    return reader.report(`${where}.fields`, "either data or fields, not both");
  if (content !== undefined) return parseStructRule(content, `${where}.fields`, reader);
  return data && parseValueRule(data, `${where}.data`, reader);
}

function parseConditions(
  value: dom.Value | undefined,
  where: string,
  reader: FileReader,
): readonly Condition[] {
  if (value === undefined) return [];
  return reader.anyFields(value, where).flatMap(([text, fits]) => {
    const path = parsePath(text);
    if (path === undefined) reader.report(`${where}.${text}`, "a path, as the name of the field");
    const condition = parseFits(fits, `${where}.${text}`, reader);
    return path === undefined || condition === undefined ? [] : [{ path, fits: condition }];
  });
}

function parseFits(value: dom.Value, where: string, reader: FileReader): Condition["fits"] | undefined {
  if (value instanceof dom.Struct) {
    const isThere = reader.flag(reader.fields(value, where, ["exists"]).get("exists"), `${where}.exists`);
    if (isThere === undefined) return reader.report(where, `a value, a list of values or {"exists": true}`);
    return isThere ? "present" : "absent";
  }
  const values = value instanceof dom.List ? reader.elements(value, where) : [value];
  const texts = values.map(textOf);
  if (texts.some((text) => text === undefined))
    return reader.report(where, "strings, ints, true, false or null");
  return texts.flatMap((text) => text ?? []);
}
