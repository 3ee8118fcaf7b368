// SPDX-License-Identifier: MIT
import { decodeValues, isIdentifier } from "@ledger-loader/core";
import { dom } from "ion-js";
import { EventMappingError } from "../mapping-errors";
import { FileReader, type Fields, plainText } from "./file-reader";
import {
  type MappingFile,
  PRESETS,
  type PresetMapping,
  type PresetName,
  type TableRule,
} from "./mapping-file";
import { RECORD_KINDS } from "./mapping-file";
import { parseRecordRules } from "./parse-record-rules";
import { parseStructRule, parseValueRules } from "./parse-value-rule";

/** The version of the format: a newer one is refused. */
const FORMAT = 1;
const PRESET_FIELDS = ["format", "preset", "epoch", "tables", "ignore", "engine"];
const RECORDS_FIELDS = ["format", "records", "otherwise"];

/**
 * Reads a mapping file, JSON or Ion text.
 *
 * @param name - what the file is called in messages.
 * @throws EventMappingError naming every problem.
 */
export function parseMappingFile(text: string, name: string): MappingFile {
  const root = readRoot(text, name);
  const reader = new FileReader();
  const isPreset = root.get("preset") !== null;
  const fields = reader.fields(root, "the file", isPreset ? PRESET_FIELDS : RECORDS_FIELDS);
  if (reader.count(fields.get("format"), "format", Number.MAX_SAFE_INTEGER) !== FORMAT)
    reader.report("format", `${FORMAT}, the format that this version reads`);
  const file = isPreset ? parsePreset(fields, reader) : parseRecordRules(fields, reader);
  if (file === undefined || reader.problems.length > 0) throw new EventMappingError(name, reader.problems);
  return file;
}

function readRoot(text: string, name: string): dom.Struct {
  let values: readonly dom.Value[];
  try {
    values = decodeValues(text);
  } catch (cause) {
    throw new EventMappingError(name, ["the file: expected JSON or Ion text, found neither"], cause);
  }
  const [root] = values;
  if (values.length !== 1 || !(root instanceof dom.Struct) || root.isNull()) {
    const hint =
      root instanceof dom.List ? " (a mapping file of the Java loader is for DMS_MAPPING_FILE)" : "";
    throw new EventMappingError(name, [`the file: expected one struct, found something else${hint}`]);
  }
  const looksLikeIdFields =
    root.fieldNames().length > 0 && root.fields().every(([, value]) => plainText(value) !== undefined);
  if (root.get("format") === null && looksLikeIdFields) {
    const found = "found texts alone, as in a map of tables to id fields: that is for --id-fields";
    throw new EventMappingError(name, [`the file: expected format, and records or preset, ${found}`]);
  }
  return root;
}

function parsePreset(fields: Fields, reader: FileReader): PresetMapping | undefined {
  const preset = reader.choice(fields.get("preset"), "preset", PRESETS);
  if (preset === undefined) return undefined;
  const tables = fields.get("tables");
  if (fields.has("engine") && preset !== "dms") reader.report("engine", "none, except with preset dms");
  if (preset === "dms" && tables === undefined)
    reader.report("tables", "the tables and their keys: DMS does not tell keys");
  const kinds = fields.get("ignore");
  return {
    preset,
    epoch: reader.count(fields.get("epoch"), "epoch", 999_999) ?? 0,
    tables: tables && parseTables(tables, preset, reader),
    ignore: new Set(
      (kinds === undefined ? [] : reader.elements(kinds, "ignore")).flatMap(
        (kind, i) => reader.choice(kind, `ignore[${i}]`, RECORD_KINDS) ?? [],
      ),
    ),
    engine: fields.has("engine") ? reader.text(fields.get("engine"), "engine") : undefined,
  };
}

function parseTables(
  value: dom.Value,
  preset: PresetName,
  reader: FileReader,
): ReadonlyMap<string, TableRule | "ignore"> {
  const entries = reader.anyFields(value, "tables");
  if (entries.length === 0) reader.report("tables", "one or more tables");
  return new Map(
    entries.map(([name, rule]) => [
      name,
      plainText(rule) === "ignore" ? "ignore" : parseTable(rule, `tables.${name}`, preset, reader),
    ]),
  );
}

function parseTable(value: dom.Value, where: string, preset: PresetName, reader: FileReader): TableRule {
  const fields = reader.fields(value, where, preset === "dynamodb" ? ["table"] : ["table", "id", "fields"]);
  const table = fields.has("table") ? reader.text(fields.get("table"), `${where}.table`) : undefined;
  if (table !== undefined && !isIdentifier(table))
    reader.report(`${where}.table`, "the name of a ledger's table");
  if (preset === "dms" && !fields.has("id")) reader.report(`${where}.id`, "the columns of the key");
  const content = fields.get("fields");
  return {
    table,
    id: parseValueRules(fields.get("id"), `${where}.id`, reader),
    fields: content && parseStructRule(content, `${where}.fields`, reader),
  };
}
