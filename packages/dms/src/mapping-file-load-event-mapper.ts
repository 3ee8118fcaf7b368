// SPDX-License-Identifier: MIT
import { InvalidEventError } from "@ledger-loader/core";
import { dom, dumpText } from "ion-js";
import { checkExact, toColumnValue } from "./column-value";
import type { AbsentColumns, LoadEventMapper, SourceTable } from "./load-event-mapper";
import {
  parseMappingFile,
  type ColumnMapping,
  type TableMapping,
  type TableTarget,
} from "./parse-mapping-file";

/** How a {@link MappingFileLoadEventMapper} is made. */
export interface MappingOptions {
  /** @defaultValue `"reject"` */
  readonly absentColumns?: AbsentColumns;
  /** What the file is called in messages. @defaultValue `"the mapping file"` */
  readonly name?: string;
}

/** Maps rows as a mapping file says. Several tables may have one target, as the shards of one table do. */
export class MappingFileLoadEventMapper implements LoadEventMapper {
  readonly #mappings: ReadonlyMap<string, TableMapping>;
  readonly absentColumns: AbsentColumns;
  /** By source table, where the mapping does not list its columns. */
  readonly #seenColumns = new Map<string, Set<string>>();

  /**
   * @param text the file's content.
   * @throws MappingFileError naming every problem at once.
   */
  constructor(text: string, options: MappingOptions = {}) {
    const mappings = parseMappingFile(text, options.name ?? "the mapping file");
    this.#mappings = new Map(mappings.map((mapping) => [keyOf(mapping.schema, mapping.table), mapping]));
    this.absentColumns = options.absentColumns ?? "reject";
  }

  mapTableName(source: SourceTable): string | undefined {
    return this.#find(source)?.target?.table;
  }

  ignores(source: SourceTable): boolean {
    const mapping = this.#find(source);
    return mapping !== undefined && mapping.target === undefined;
  }

  /** The key's column as it is; of several columns their list as Ion text, such as `[7,"de"]`. */
  mapPrimaryKey(row: dom.Struct, source: SourceTable): dom.Value | undefined {
    const target = this.#target(source);
    const values = target.idColumns.map((column) => {
      const value = row.get(column);
      if (value === null || value.isNull()) return undefined;
      const type = target.columns?.find((each) => each.source === column)?.type;
      const converted = type === undefined ? value : toColumnValue(value, type, column);
      checkExact(converted, `column ${column}`);
      return converted;
    });
    const known = values.filter((value) => value !== undefined);
    if (known.length < values.length) return undefined;
    return known.length === 1 ? known[0] : dom.Value.from(dumpText(new dom.List([...known])));
  }

  mapDataRecord(row: dom.Struct, source: SourceTable): dom.Struct {
    const { columns } = this.#target(source);
    if (columns === undefined) return this.#takeAll(row, source);
    return new dom.Struct(columns.flatMap((column) => this.#mapColumn(row, column)));
  }

  /**
   * Without `fields` nothing but earlier rows says which columns a table has. A row that lacks one of them is refused, as
   * with `fields`; what no row has shown to this process yet is not missed.
   */
  #takeAll(row: dom.Struct, { schema, table }: SourceTable): dom.Struct {
    if (this.absentColumns === "omit") return row;
    const key = keyOf(schema, table);
    const seen = this.#seenColumns.get(key) ?? new Set();
    this.#seenColumns.set(key, seen);
    for (const column of seen) if (row.get(column) === null) throw absentColumn(column, DROPPED);
    for (const [column] of row.fields()) seen.add(column);
    return row;
  }

  #mapColumn(row: dom.Struct, { source, target, type }: ColumnMapping): [string, dom.Value][] {
    const value = row.get(source);
    if (value !== null) return [[target, type === undefined ? value : toColumnValue(value, type, source)]];
    if (this.absentColumns === "omit") return [];
    throw absentColumn(source);
  }

  #find({ schema, table }: SourceTable): TableMapping | undefined {
    return this.#mappings.get(keyOf(schema, table)) ?? this.#mappings.get(keyOf(undefined, table));
  }

  #target(source: SourceTable): TableTarget {
    const target = this.#find(source)?.target;
    if (target === undefined) throw new InvalidEventError("the table", "mapped", "no entry", "not-mapped");
    return target;
  }
}

function keyOf(schema: string | undefined, table: string): string {
  return JSON.stringify([schema ?? null, table]);
}

const DROPPED = "; if the column was dropped, list those that are left as fields in the mapping";

function absentColumn(column: string, more = ""): InvalidEventError {
  return new InvalidEventError(
    `column ${column}`,
    "a value or null",
    "neither, in the row and in the before image (set IncludeNullAndEmpty and BeforeImageSettings in DMS, or " +
      `DMS_ABSENT_COLUMNS=omit if absent means NULL${more})`,
  );
}
