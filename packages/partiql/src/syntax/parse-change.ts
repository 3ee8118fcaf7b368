// SPDX-License-Identifier: MIT
import type { ChangeNode, Expression, FromNode, InsertNode, ModifyNode, SourceNode } from "./ast";
import { parseTableName } from "./parse-definition";
import { parseExpression, parseOperand } from "./parse-expression";
import { parseFromItems, parseFromNames, parseWhere } from "./parse-query";
import type { TokenCursor } from "./token-cursor";

/** Parses `INSERT INTO table [VALUE] documents`. */
export function parseInsert(cursor: TokenCursor): InsertNode {
  const { at } = cursor.expect("INSERT");
  cursor.expect("INTO");
  const table = parseTableName(cursor);
  if (cursor.isAt(".") || cursor.isAt("[")) {
    throw cursor.syntaxError("Expected a table, found a path: use FROM … INSERT INTO to change a document.");
  }
  const single = cursor.accept("VALUE");
  return { kind: "insert", table, single, documents: parseExpression(cursor), at };
}

/** Parses `UPDATE table [AS a] [BY id] changes [WHERE …]`. */
export function parseUpdate(cursor: TokenCursor): ModifyNode {
  const { at } = cursor.expect("UPDATE");
  const from = [parseTable(cursor)];
  const changes = parseChanges(cursor);
  return { kind: "update", from, changes, where: parseWhere(cursor), at };
}

/** Parses `DELETE FROM table [AS a] [BY id] [WHERE …]`. */
export function parseDelete(cursor: TokenCursor): ModifyNode {
  const { at } = cursor.expect("DELETE");
  cursor.expect("FROM");
  const from = [parseTable(cursor)];
  const where = parseWhere(cursor);
  return { kind: "delete", from, changes: [{ kind: "delete-document", at }], where, at };
}

/** Parses `FROM table …, list … [WHERE …] changes`. */
export function parseFromChange(cursor: TokenCursor): ModifyNode {
  const { at } = cursor.expect("FROM");
  const from = parseFromItems(cursor);
  const where = parseWhere(cursor);
  return { kind: "update", from, where, changes: parseChanges(cursor), at };
}

function parseTable(cursor: TokenCursor): FromNode {
  const { text, at } = parseTableName(cursor);
  const expression: Expression = { kind: "name", name: text, at };
  const source: SourceNode = { kind: "expression", expression, at };
  return { source, ...parseFromNames(cursor), join: "inner", on: undefined, at };
}

function parseChanges(cursor: TokenCursor): ChangeNode[] {
  if (cursor.accept("SET")) return parseAssignments(cursor);
  if (cursor.isAt("REMOVE")) {
    const { at } = cursor.take();
    return [{ kind: "remove", target: parseOperand(cursor), at }];
  }
  if (cursor.isAt("INSERT")) return [parseInsertInto(cursor)];
  throw cursor.unexpected("SET, REMOVE or INSERT INTO");
}

function parseAssignments(cursor: TokenCursor): ChangeNode[] {
  const assignments: ChangeNode[] = [];
  do {
    const { at } = cursor.peek();
    const target = parseOperand(cursor);
    cursor.expect("=");
    assignments.push({ kind: "set", target, value: parseExpression(cursor), at });
  } while (cursor.accept(","));
  return assignments;
}

function parseInsertInto(cursor: TokenCursor): ChangeNode {
  const { at } = cursor.expect("INSERT");
  cursor.expect("INTO");
  const target = parseOperand(cursor);
  cursor.expect("VALUE");
  const value = parseExpression(cursor);
  const key = cursor.accept("AT") ? parseExpression(cursor) : undefined;
  return { kind: "insert-into", target, value, key, at };
}
