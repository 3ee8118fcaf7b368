// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";

/** A table of the source database, as DMS names it. */
export interface SourceTable {
  /** The schema (in MySQL: the database). Empty in control records that are about no table. */
  readonly schema: string;
  readonly table: string;
}

/**
 * The meaning of an absent column.
 *
 * - `reject`: in an update, the column has not changed (a TOAST value, say): it is taken from the before image, else from
 *   the record's current revision. A row for which neither holds it is rejected, and so is any other row that lacks a
 *   mapped column. `IncludeNullAndEmpty` on the endpoint MUST be set, so that NULL comes as null.
 * - `omit`: the column is NULL, and its field is left out.
 */
export type AbsentColumns = "reject" | "omit";

/**
 * Says what a row of a source table becomes in the ledger.
 *
 * The methods keep the names of the Java loader's interface; the source table comes with its schema here, since two
 * schemas may hold tables of one name. Implement it where the mapping file is not enough, and name the class in
 * `LOAD_EVENT_MAPPER`.
 *
 * Numbers in rows are exact: ints, and decimals for everything else. A decimal with a positive exponent was printed by
 * DMS in scientific notation and may lack digits; if the mapper leaves one in a document or id, the row is rejected.
 * An `InvalidEventError` from a method rejects the record with that error's reason; any other error rejects it too, but
 * without its message, which may repeat content.
 */
export interface LoadEventMapper {
  /** @defaultValue `"reject"` */
  readonly absentColumns?: AbsentColumns;
  /** The target table, or `undefined` where there is none: then the record is rejected as `not-mapped`. */
  mapTableName(source: SourceTable): string | undefined;
  /**
   * The id of the row's record, or `undefined` where the row has no key: then it is rejected as `id-required`.
   *
   * @param before - the before image, where there is one; to find the old key of an update, `row` is the row before it
   */
  mapPrimaryKey(row: dom.Struct, source: SourceTable, before?: dom.Struct): dom.Value | undefined;
  /**
   * The document of a row. It is called for loads, inserts and updates.
   *
   * @param before - the before image, where there is one: all columns, those of the key, or only those that changed
   */
  mapDataRecord(row: dom.Struct, source: SourceTable, before?: dom.Struct): dom.Struct;
  /**
   * The document's fields that a row leaves out, as their columns have not changed, or `["*"]` for every field
   * that the document does not name. For an update the loader takes them from the record's current revision; another
   * row that lacks fields by name is rejected. Not called where absent columns are NULL. Without this method a document is
   * written as `mapDataRecord` returns it.
   */
  unchangedFields?(row: dom.Struct, source: SourceTable): readonly string[];
  /** True if everything about a table is acknowledged without being loaded; each time a line is logged. */
  ignores?(source: SourceTable): boolean;
}
