// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";

/** Every node knows the offset of its first character, for error messages. */
export interface Node {
  readonly at: number;
}

/** Anything that has a value. */
export type Expression =
  | LiteralExpression
  | MissingExpression
  | ParameterExpression
  | NameExpression
  | PathExpression
  | UnaryExpression
  | LogicalExpression
  | ArithmeticExpression
  | ComparisonExpression
  | InExpression
  | BetweenExpression
  | LikeExpression
  | IsExpression
  | CallExpression
  | CastExpression
  | AggregateExpression
  | StructExpression
  | CollectionExpression
  | CaseExpression
  | SubqueryExpression;

/** A string, number, boolean, null or Ion literal. */
export interface LiteralExpression extends Node {
  readonly kind: "literal";
  readonly value: dom.Value;
}

/** The keyword MISSING. */
export interface MissingExpression extends Node {
  readonly kind: "missing";
}

/** One `?`. */
export interface ParameterExpression extends Node {
  readonly kind: "parameter";
  /** From 0, in the order of the text. */
  readonly index: number;
}

/** An unqualified name: an alias, or a field of a FROM item. */
export interface NameExpression extends Node {
  readonly kind: "name";
  readonly name: string;
  /** True after `@`: an alias, and no table. */
  readonly isAlias?: true;
}

/** `root.field[0]…`; at least one step. */
export interface PathExpression extends Node {
  readonly kind: "path";
  readonly root: Expression;
  readonly steps: readonly PathStep[];
}

/** `.name`, `."name"` or `[expression]`. */
export type PathStep =
  | (Node & { readonly kind: "field"; readonly name: string })
  | (Node & { readonly kind: "index"; readonly expression: Expression });

/** `-x`, `+x`, `NOT x`. */
export interface UnaryExpression extends Node {
  readonly kind: "unary";
  readonly operator: "-" | "+" | "NOT";
  readonly operand: Expression;
}

/** A chain of AND, or of OR: one node, however long, so that long conditions are not deep. */
export interface LogicalExpression extends Node {
  readonly kind: "logical";
  readonly operator: "AND" | "OR";
  readonly operands: readonly Expression[];
}

/** Operators on numbers, and `||` on text and lists. */
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%" | "||";

/** `left + right` and the like. */
export interface ArithmeticExpression extends Node {
  readonly kind: "arithmetic";
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `!=` is read as `<>`. */
export type ComparisonOperator = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** `left = right` and the like. */
export interface ComparisonExpression extends Node {
  readonly kind: "comparison";
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `operand [NOT] IN collection`. */
export interface InExpression extends Node {
  readonly kind: "in";
  readonly negated: boolean;
  readonly operand: Expression;
  readonly collection: Expression;
  /** `IN (x)`: SQL's list of one, unless x is a collection itself. */
  readonly scalarAllowed: boolean;
}

/** `operand [NOT] BETWEEN low AND high`. */
export interface BetweenExpression extends Node {
  readonly kind: "between";
  readonly negated: boolean;
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
}

/** `operand [NOT] LIKE pattern [ESCAPE escape]`. */
export interface LikeExpression extends Node {
  readonly kind: "like";
  readonly negated: boolean;
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escape: Expression | undefined;
}

/** `operand IS [NOT] type`. */
export interface IsExpression extends Node {
  readonly kind: "is";
  readonly negated: boolean;
  readonly operand: Expression;
  /** Upper case; one of the names that `TypeName` knows. */
  readonly type: TypeName;
}

/** The types that IS and CAST name; synonyms are resolved by the parser. */
export type TypeName =
  | "NULL"
  | "MISSING"
  | "BOOL"
  | "INT"
  | "DECIMAL"
  | "FLOAT"
  | "TIMESTAMP"
  | "STRING"
  | "SYMBOL"
  | "BLOB"
  | "CLOB"
  | "LIST"
  | "SEXP"
  | "STRUCT"
  | "BAG";

/** A scalar function with its arguments in order; special syntax (`TRIM(BOTH x FROM y)`…) is undone by the parser. */
export interface CallExpression extends Node {
  readonly kind: "call";
  /** Upper case. */
  readonly name: string;
  readonly operands: readonly Expression[];
}

/** `CAST(operand AS type)`. */
export interface CastExpression extends Node {
  readonly kind: "cast";
  readonly operand: Expression;
  readonly type: TypeName;
}

/** `CASE [operand] WHEN … THEN … [ELSE …] END`. */
export interface CaseExpression extends Node {
  readonly kind: "case";
  /** Compared with each WHEN; without an operand, each WHEN is a condition. */
  readonly operand: Expression | undefined;
  readonly branches: readonly CaseBranch[];
  readonly otherwise: Expression | undefined;
}

/** `WHEN … THEN …`. */
export interface CaseBranch {
  readonly when: Expression;
  readonly then: Expression;
}

/** `COUNT(*)` has no operand. */
export interface AggregateExpression extends Node {
  readonly kind: "aggregate";
  /** `COUNT(DISTINCT x)` and the like. */
  readonly distinct: boolean;
  readonly function: AggregateFunction;
  readonly operand: Expression | undefined;
}

/** QLDB's aggregate functions. */
export type AggregateFunction = "AVG" | "COUNT" | "MAX" | "MIN" | "SUM";

/** `{'name': value, …}`. */
export interface StructExpression extends Node {
  readonly kind: "struct";
  readonly fields: readonly { readonly name: Expression; readonly value: Expression }[];
}

/** `[a, b]`, `(a, b)` or `<<a, b>>`. */
export interface CollectionExpression extends Node {
  readonly kind: "collection";
  readonly bag: boolean;
  readonly elements: readonly Expression[];
}

/** `(SELECT …)` inside a statement: the bag of its rows. */
export interface SubqueryExpression extends Node {
  readonly kind: "subquery";
  readonly query: SelectNode;
}

/** A query. */
export interface SelectNode extends Node {
  readonly kind: "select";
  readonly distinct: boolean;
  readonly projection: Projection;
  readonly from: readonly FromNode[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly GroupKey[] | undefined;
  readonly having: Expression | undefined;
  readonly orderBy: readonly SortKey[];
  readonly limit: Expression | undefined;
  readonly offset: Expression | undefined;
}

/** `expression [AS alias]` in GROUP BY. */
export interface GroupKey extends Node {
  readonly expression: Expression;
  readonly alias: string | undefined;
}

/** `expression [ASC | DESC] [NULLS FIRST | NULLS LAST]` in ORDER BY. */
export interface SortKey extends Node {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** `*`, `VALUE expression`, or a list of items. */
export type Projection =
  | { readonly kind: "star" }
  | { readonly kind: "value"; readonly expression: Expression }
  | { readonly kind: "items"; readonly items: readonly SelectItem[] };

/** `expression [AS alias]` or `expression.*`. */
export type SelectItem =
  | (Node & {
      readonly kind: "expression";
      readonly expression: Expression;
      readonly alias: string | undefined;
    })
  | (Node & { readonly kind: "all-of"; readonly expression: Expression });

/**
 * How an item of FROM is joined with all items before it, which are one side of the join. `left` keeps each row of theirs, with NULL
 * for the item, also if nothing matches. `right` keeps each row of the item, with NULL for all of them. `full` keeps both.
 */
export type JoinKind = "inner" | "left" | "right" | "full";

/** One item of a FROM clause: a source, its names, and its join condition. */
export interface FromNode extends Node {
  readonly source: SourceNode;
  readonly alias: string | undefined;
  readonly atAlias: string | undefined;
  readonly byAlias: string | undefined;
  readonly join: JoinKind;
  /** The condition of `JOIN … ON`. */
  readonly on: Expression | undefined;
}

/** Where a FROM item's rows come from. */
export type SourceNode =
  | (Node & { readonly kind: "expression"; readonly expression: Expression })
  | (Node & {
      readonly kind: "history";
      readonly table: TableReference;
      readonly start: Expression | undefined;
      readonly end: Expression | undefined;
    });

/** A table by name, or (`history('…')`) by id. */
export interface TableReference extends Node {
  readonly by: "name" | "id";
  readonly text: string;
}

/** `INSERT INTO table …` of whole documents. */
export interface InsertNode extends Node {
  readonly kind: "insert";
  readonly table: TableReference;
  /** One document per element if the value is a list or bag and `VALUE` was not written. */
  readonly documents: Expression;
  readonly single: boolean;
}

/** UPDATE, DELETE and FROM … INSERT / SET / REMOVE: all of them change what a FROM clause finds. */
export interface ModifyNode extends Node {
  readonly kind: "update" | "delete";
  readonly from: readonly FromNode[];
  readonly where: Expression | undefined;
  readonly changes: readonly ChangeNode[];
}

/** One change to a document. */
export type ChangeNode =
  | (Node & { readonly kind: "set"; readonly target: Expression; readonly value: Expression })
  | (Node & { readonly kind: "remove"; readonly target: Expression })
  | (Node & {
      readonly kind: "insert-into";
      readonly target: Expression;
      readonly value: Expression;
      readonly key: Expression | undefined;
    })
  | (Node & { readonly kind: "delete-document" });
