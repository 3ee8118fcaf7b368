// SPDX-License-Identifier: MIT
import type { RecordPath } from "../value/record-path";
import type { StructRule, ValueRule } from "../value/value-rule";

/** The forms of records that need no rules. */
export const PRESETS = ["debezium", "maxwell", "dms", "dynamodb"] as const;

/** One of {@link PRESETS}. */
export type PresetName = (typeof PRESETS)[number];

/** Records that are no change of a row, by the kinds that `ignore` names. */
export const RECORD_KINDS = ["truncate", "message", "transaction", "heartbeat", "schema-change"] as const;

/** One of {@link RECORD_KINDS}. */
export type RecordKind = (typeof RECORD_KINDS)[number];

/** The content of a mapping file. */
export type MappingFile = PresetMapping | RecordsMapping;

/** A form that is known, and what becomes of its tables. */
export interface PresetMapping {
  readonly preset: PresetName;
  /** Raised by one when the source's log starts again or a table is loaded again. */
  readonly epoch: number;
  /** By the source's name: `table`, `schema.table`, `database.schema.table` or `*`. Absent: each table keeps its name. */
  readonly tables: ReadonlyMap<string, TableRule | "ignore"> | undefined;
  /** A kind of record that is acknowledged although it is no change of a row. */
  readonly ignore: ReadonlySet<RecordKind>;
  /** The engine of the source database, for `dms`. */
  readonly engine: string | undefined;
}

/** The mapping of a table's rows. Paths begin at the row. */
export interface TableRule {
  /** Default: the source's name. */
  readonly table: string | undefined;
  /** The columns of the key, in order. Default: as the record says. */
  readonly id: readonly ValueRule[] | undefined;
  /** Default: every column, under its own name. */
  readonly fields: StructRule | undefined;
}

/** Rules for records of a form of their own; the first that fits counts. */
export interface RecordsMapping {
  readonly preset: undefined;
  readonly rules: readonly RecordRule[];
  /** The treatment of a record that no rule fits. */
  readonly otherwise: "reject" | "ignore";
}

/** The mapping of a record. */
export interface RecordRule {
  /** All of these must hold. */
  readonly when: readonly Condition[];
  readonly op: ValueRule;
  readonly table: ValueRule;
  readonly id: readonly ValueRule[] | undefined;
  readonly version: ValueRule | undefined;
  readonly position: readonly ValueRule[] | undefined;
  readonly data: ValueRule | undefined;
  readonly group: ValueRule | undefined;
}

/** Something that must hold of a record. */
export interface Condition {
  readonly path: RecordPath;
  /** The texts of the values that fit, or whether anything must be there. */
  readonly fits: readonly string[] | "present" | "absent";
}
