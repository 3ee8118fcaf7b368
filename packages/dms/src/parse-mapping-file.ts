// SPDX-License-Identifier: MIT
import { isIdentifier, parseSettingsText } from "@ledger-loader/core";
import { COLUMN_TYPES, type ColumnType } from "./column-value";
import { MappingFileError } from "./dms-errors";

/** The entry of one source table in the mapping file. */
export interface TableMapping {
  /** Absent: the table of any schema that has no entry of its own. */
  readonly schema?: string;
  readonly table: string;
  /** The target of the rows; absent for a table that is ignored. */
  readonly target?: TableTarget;
}

/** Where and how the rows of a table are kept. */
export interface TableTarget {
  readonly table: string;
  /** The source columns of the key, in order. */
  readonly idColumns: readonly string[];
  /** The columns that are kept. Absent: all, under their own names. */
  readonly columns?: readonly ColumnMapping[];
}

/** The mapping of one column. */
export interface ColumnMapping {
  readonly source: string;
  readonly target: string;
  readonly type?: ColumnType | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a mapping file in the Java loader's format, with more that may be said: JSON or Ion text, comments included.
 *
 * @param name what the file is called in messages.
 * @throws MappingFileError naming every problem at once.
 */
export function parseMappingFile(text: string, name: string): readonly TableMapping[] {
  const entries = parseEntries(text, name);
  const problems: string[] = [];
  const mappings = entries.map((entry, i) => parseTable(entry, `entry ${i + 1}`, problems));
  const seen = new Set<string>();
  for (const [i, { schema, table }] of mappings.entries()) {
    const key = JSON.stringify([schema, table]);
    if (seen.has(key)) problems.push(`entry ${i + 1}: ${table} is mapped twice`);
    seen.add(key);
  }
  if (mappings.length === 0) problems.push("the file: no table is mapped");
  if (problems.length > 0) throw new MappingFileError(name, problems);
  return mappings;
}

function parseEntries(text: string, name: string): readonly unknown[] {
  try {
    const value = parseSettingsText(text);
    if (Array.isArray(value)) return value as unknown[];
  } catch (cause) {
    throw new MappingFileError(name, ["the file: neither JSON nor Ion text"], cause);
  }
  throw new MappingFileError(name, ["the file: not a list of tables"]);
}

const TABLE_KEYS = [
  "source-schema",
  "source-table",
  "target-table",
  "id-field",
  "id-fields",
  "fields",
  "ignore",
];

function parseTable(entry: unknown, place: string, problems: string[]): TableMapping {
  const json = asObject(entry, place, TABLE_KEYS, problems);
  const table = readText(json, "source-table", place, problems);
  const schema =
    json["source-schema"] === undefined ? {} : { schema: readText(json, "source-schema", place, problems) };
  if (json["ignore"] === true) {
    if (json["target-table"] !== undefined)
      problems.push(`${place}: either ignore or target-table, not both`);
    return { ...schema, table };
  }
  if (json["ignore"] !== undefined) problems.push(`${place}: ignore must be true or absent`);
  return { ...schema, table, target: parseTarget(json, place, problems) };
}

function parseTarget(json: Json, place: string, problems: string[]): TableTarget {
  const table = readText(json, "target-table", place, problems);
  if (table !== "" && !isIdentifier(table))
    problems.push(`${place}: target-table is no name of a ledger's table`);
  const idColumns = parseIdColumns(json, place, problems);
  const fields = json["fields"];
  if (fields === undefined) return { table, idColumns };
  if (!Array.isArray(fields) || fields.length === 0) {
    problems.push(`${place}: fields must be a list of fields, or absent to keep all columns`);
    return { table, idColumns };
  }
  const columns = fields.map((field, i) => parseColumn(field, `${place}, field ${i + 1}`, problems));
  for (const [i, { target }] of columns.entries()) {
    if (columns.findIndex((column) => column.target === target) < i)
      problems.push(`${place}: two fields are called ${target}`);
  }
  return { table, idColumns, columns };
}

function parseIdColumns(json: Json, place: string, problems: string[]): readonly string[] {
  const columns: unknown = json["id-fields"] ?? (json["id-field"] === undefined ? [] : [json["id-field"]]);
  if (
    Array.isArray(columns) &&
    columns.length > 0 &&
    columns.every((each) => typeof each === "string" && each !== "")
  ) {
    return columns as string[];
  }
  problems.push(
    `${place}: id-field must name the column of the key, or id-fields those of a key of several columns`,
  );
  return [];
}

function parseColumn(field: unknown, place: string, problems: string[]): ColumnMapping {
  const json = asObject(field, place, ["source-field", "target-field", "type"], problems);
  const source = readText(json, "source-field", place, problems);
  const target =
    json["target-field"] === undefined ? source : readText(json, "target-field", place, problems);
  const type = COLUMN_TYPES.find((each) => each === json["type"]);
  if (json["type"] !== undefined && type === undefined)
    problems.push(`${place}: type must be one of ${COLUMN_TYPES.join(", ")}`);
  return { source, target, type };
}

function asObject(value: unknown, place: string, keys: readonly string[], problems: string[]): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(`${place}: not an object`);
    return {};
  }
  // A mistyped key must not be taken for one that is absent.
  for (const key of Object.keys(value))
    if (!keys.includes(key)) problems.push(`${place}: unknown key ${key}`);
  // Serializers print null for what is absent.
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));
}

function readText(json: Json, key: string, place: string, problems: string[]): string {
  const text = json[key];
  if (typeof text === "string" && text !== "") return text;
  problems.push(`${place}: ${key} must be a name`);
  return "";
}
