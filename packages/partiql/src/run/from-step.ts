// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import type { PartiqlEvaluationError } from "../errors";
import type { TableReference } from "../syntax/ast";
import type { Evaluate } from "./evaluate";
import type { Frame } from "./frame";

/** One loop of a FROM clause: where its rows come from, and what they must satisfy. */
export interface FromStep {
  readonly source: Source;
  /** What the source can be asked with, instead of being read in full. */
  readonly lookups: readonly Lookup[];
  /** The conditions that can be decided once this item is bound; those that lookups stand for are among them. */
  readonly filters: readonly ((frame: Frame) => boolean | undefined)[];
}

/** What a FROM item ranges over. */
export type Source = TableSource | HistorySource | SystemTableSource | ValuesSource;

/** A table's current documents, in the user or the committed view. */
export interface TableSource {
  readonly kind: "table";
  readonly table: TableReference;
  readonly committed: boolean;
}

/** All revisions of a table's documents. */
export interface HistorySource {
  readonly kind: "history";
  readonly table: TableReference;
  readonly start: Evaluate | undefined;
  readonly end: Evaluate | undefined;
  /** Makes the error for a time that cannot be used. */
  readonly error: (message: string) => PartiqlEvaluationError;
}

/** `information_schema.user_tables`. */
export interface SystemTableSource {
  readonly kind: "user-tables";
}

/** The elements of any value: a literal, a parameter, or a list inside an earlier item. */
export interface ValuesSource {
  readonly kind: "values";
  readonly collection: Evaluate;
}

/** What a lookup restricts: the document's id, a top-level field of its data, or (in the history) the version. */
export type LookupTarget =
  | { readonly kind: "documentId" }
  | { readonly kind: "version" }
  | { readonly kind: "field"; readonly field: string };

/** A condition that a table can be asked with, instead of being read in full. */
export interface Lookup {
  readonly target: LookupTarget;
  /** Whether it may ask for several values (IN). */
  readonly many: boolean;
  /** The values asked for: distinct, none of them null, known before the table is opened. */
  readonly values: (frame: Frame) => readonly dom.Value[];
  /** Whether documents without the field are asked for, too, which no index finds. */
  readonly findsNull: (frame: Frame) => boolean;
}
