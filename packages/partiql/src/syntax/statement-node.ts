// SPDX-License-Identifier: MIT
import type {
  Expression,
  InsertNode,
  LiteralExpression,
  ModifyNode,
  Node,
  SelectNode,
  TableReference,
} from "./ast";

/** One whole statement. */
export type StatementNode = SelectNode | InsertNode | ModifyNode | DefinitionNode | ExecNode | ExplainNode;

/** A statement that defines tables and indexes. */
export type DefinitionNode =
  CreateTableNode | DropTableNode | UndropTableNode | CreateIndexNode | DropIndexNode;

/** `EXPLAIN statement`. */
export interface ExplainNode extends Node {
  readonly kind: "explain";
  readonly statement: StatementNode;
}

/** `EXEC procedure operand, …`. */
export interface ExecNode extends Node {
  readonly kind: "exec";
  readonly procedure: string;
  readonly operands: readonly Expression[];
}

/** `CREATE TABLE name [WITH (aws_tags = tags)]`. */
export interface CreateTableNode extends Node {
  readonly kind: "create-table";
  readonly name: string;
  /** An Ion literal. */
  readonly tags: LiteralExpression | undefined;
}

/** `DROP TABLE name`. */
export interface DropTableNode extends Node {
  readonly kind: "drop-table";
  readonly table: TableReference;
}

/** `UNDROP TABLE "tableId"`. */
export interface UndropTableNode extends Node {
  readonly kind: "undrop-table";
  readonly table: TableReference;
}

/** `DROP INDEX "indexId" ON table WITH (purge = true)`. */
export interface DropIndexNode extends Node {
  readonly kind: "drop-index";
  readonly table: TableReference;
  readonly indexId: string;
}

/** `CREATE [UNIQUE] INDEX ON table (field)`. */
export interface CreateIndexNode extends Node {
  readonly kind: "create-index";
  readonly unique: boolean;
  readonly table: TableReference;
  readonly field: string;
}
