// SPDX-License-Identifier: MIT
import { ALL_UNCHANGED, InvalidEventError } from "@ledger-loader/core";
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
  /** The name of the file in messages. @defaultValue `"the mapping file"` */
  readonly name?: string;
}

/** Maps rows as a mapping file says. Several tables may have one target, as the shards of one table do. */
export class MappingFileLoadEventMapper implements LoadEventMapper {
  readonly #mappings: ReadonlyMap<string, TableMapping>;
  readonly absentColumns: AbsentColumns;

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
    return columns === undefined ? row : new dom.Struct(columns.flatMap((column) => mapColumn(row, column)));
  }

  unchangedFields(row: dom.Struct, source: SourceTable): readonly string[] {
    const { columns } = this.#target(source);
    // Without `fields` nothing says which columns a table has.
    if (columns === undefined) return [ALL_UNCHANGED];
    return columns.filter((column) => row.get(column.source) === null).map(({ target }) => target);
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

function mapColumn(row: dom.Struct, { source, target, type }: ColumnMapping): readonly [string, dom.Value][] {
  const value = row.get(source);
  if (value === null) return [];
  return [[target, type === undefined ? value : toColumnValue(value, type, source)]];
}
