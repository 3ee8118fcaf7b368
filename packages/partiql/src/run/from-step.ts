// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import type { PartiqlEvaluationError } from "../errors";
import type { JoinKind, TableReference } from "../syntax/ast";
import type { Undecoded } from "../value/node";
import type { Evaluate } from "./evaluate";
import type { Frame, ValueItem } from "./frame";

/** One item of a FROM clause: where its rows come from, how they are joined with those before it, and what they must satisfy. */
export interface FromStep {
  readonly source: Source;
  readonly join: JoinKind;
  /** The lookups that the source can answer, instead of being read in full. FULL JOIN reads it in full, too, for what has no match. */
  readonly lookups: readonly Lookup[];
  /** Of RIGHT JOIN: the conditions on its item alone, which spare looking for matches. */
  readonly ownFilters: readonly Filter[];
  /** The conditions that can be decided once this item is bound; those that lookups stand for are among them. */
  readonly filters: readonly Filter[];
  /** The conditions of LEFT and FULL JOIN: an item that satisfies them is a match. Those of RIGHT JOIN are filters of earlier items. */
  readonly on: readonly Filter[];
  /** True when none of the filters needs a nested query. */
  readonly isQuick: boolean;
}

/** A condition. */
export interface Filter {
  readonly holds: (frame: Frame) => boolean | undefined;
  /** True when it needs no nested query. */
  readonly isQuick: boolean;
}

/**
 * A nested SELECT that reads a table.
 *
 * Expressions are evaluated without waiting, and tables are read with it. So an expression that comes to a nested query stops, the
 * query is run, and the expression is evaluated again. What it does not come to is not run: the other branches of a CASE.
 */
export interface NestedQuery {
  /** The place in the statement. */
  readonly at: number;
  /** The FROM items around it that it depends on. */
  readonly slots: readonly number[];
  /** The loops of its FROM clause. */
  readonly steps: readonly FromStep[];
  /** More rows than these are of no use to the expression. */
  readonly rowsMax: number;
  /** Runs it with the items that the frame is bound to. */
  readonly run: (frame: Frame) => AsyncIterable<Undecoded>;
}

/** The range of a FROM item. */
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
  readonly items: (frame: Frame) => Iterable<ValueItem>;
}

/** The target of a lookup: the document's id, a top-level field of its data, or (in the history) the version. */
export type LookupTarget =
  | { readonly kind: "documentId" }
  | { readonly kind: "version" }
  | { readonly kind: "field"; readonly field: string };

/** A condition that a table can be asked with, instead of being read in full. */
export interface Lookup {
  readonly target: LookupTarget;
  /** True if it may ask for several values (IN). */
  readonly many: boolean;
  /** The values asked for: distinct, none of them null, known before the table is opened. */
  readonly values: (frame: Frame) => readonly dom.Value[];
  /** True if documents without the field are asked for, too, which no index finds. */
  readonly findsNull: (frame: Frame) => boolean;
}
