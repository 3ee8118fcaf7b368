// SPDX-License-Identifier: MIT
import { InvalidEventError } from "@ledger-loader/core";
import { dom } from "ion-js";
import type { TableRule } from "../file/mapping-file";
import { WHOLE } from "../value/record-path";
import { evaluate, fieldReadOf, type StructRule } from "../value/value-rule";

/** A table of a source, as a record names it. */
export interface SourceTable {
  readonly database: string | undefined;
  readonly schema: string | undefined;
  readonly table: string;
}

/** The rule of a table that no mapping file names. */
const AS_IT_IS: TableRule = { table: undefined, id: undefined, fields: undefined };
/** The entry for all other tables. */
const ANY_TABLE = "*";

/** Finds the rule of a source's table: of its most exact name first. */
export class TableRules {
  readonly #tables: ReadonlyMap<string, TableRule | "ignore"> | undefined;

  /** @param tables - by name; `undefined`: every table becomes one of the same name */
  constructor(tables: ReadonlyMap<string, TableRule | "ignore"> | undefined) {
    this.#tables = tables;
  }

  /** The rule of a table; `undefined` where the mapping does not name it. */
  find(source: SourceTable): TableRule | "ignore" | undefined {
    const tables = this.#tables;
    if (tables === undefined) return AS_IT_IS;
    const name = [...namesOf(source), ANY_TABLE].find((each) => tables.has(each));
    return name === undefined ? undefined : tables.get(name);
  }

  /** @throws InvalidEventError if the mapping does not name the table. */
  read(source: SourceTable): TableRule | "ignore" {
    const rule = this.find(source);
    if (rule !== undefined) return rule;
    const found = `no entry for ${namesOf(source)[0] ?? ""}`;
    throw new InvalidEventError(
      "the source's table",
      "named, or ignored, by the mapping",
      found,
      "not-mapped",
    );
  }
}

/** The names by which a mapping may call a table, the most exact one first. */
export function namesOf({ database, schema, table }: SourceTable): readonly string[] {
  const names = [[database, schema, table], [schema, table], [database, table], [table]].filter((parts) =>
    parts.every((part) => part !== undefined),
  );
  return names.map((parts) => parts.join("."));
}

/** A row as the ledger is to hold it. */
export interface MappedRow {
  readonly data: dom.Struct;
  /** Fields that the row leaves out, as they have not changed. */
  readonly unchanged: readonly string[];
}

/**
 * The document of a row.
 *
 * @param unknown - columns whose values the source left out, as they have not changed
 * @throws InvalidEventError naming the column that is missing or wrong.
 */
export function mapRow(
  { fields }: Pick<TableRule, "fields">,
  row: dom.Struct,
  unknown: ReadonlySet<string>,
): MappedRow {
  const known = unknown.size === 0 ? row : without(row, unknown);
  if (fields === undefined) return { data: known, unchanged: [...unknown] };
  const unchanged: string[] = [];
  const kept: [string, StructRule["fields"] extends ReadonlyMap<string, infer R> ? R : never][] = [];
  for (const [name, rule] of fields.fields) {
    const missing = fieldReadOf(rule, WHOLE).find((column) => unknown.has(column));
    if (missing === undefined) kept.push([name, rule]);
    else if (rule.kind === "path") unchanged.push(name);
    else
      throw new InvalidEventError(
        `column ${missing}`,
        "a value, being part of a struct",
        "none: the source left it out",
      );
  }
  const read = new Set([...fields.fields.values()].flatMap((rule) => fieldReadOf(rule, WHOLE)));
  if (fields.rest !== undefined) unchanged.push(...[...unknown].filter((column) => !read.has(column)));
  const struct: StructRule = { kind: "struct", fields: new Map(kept), rest: undefined };
  const own = evaluate(struct, { value: known, key: undefined }) as dom.Struct;
  return { data: new dom.Struct([...restOf(fields, known, read), ...own.fields()]), unchanged };
}

function restOf(
  { rest }: StructRule,
  row: dom.Struct,
  read: ReadonlySet<string>,
): readonly [string, dom.Value][] {
  if (rest === undefined) return [];
  const value = evaluate({ kind: "struct", fields: new Map(), rest }, { value: row, key: undefined });
  return (value as dom.Struct).fields().filter(([name]) => !read.has(name));
}

function without(row: dom.Struct, columns: ReadonlySet<string>): dom.Struct {
  return new dom.Struct(row.fields().filter(([name]) => !columns.has(name)));
}
