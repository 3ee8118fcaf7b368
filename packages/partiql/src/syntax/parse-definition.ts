// SPDX-License-Identifier: MIT
import type { CreateIndexNode, CreateTableNode, DropTableNode, TableReference } from "./ast";
import type { TokenCursor } from "./token-cursor";

/** Parses CREATE TABLE, CREATE INDEX and DROP TABLE. */
export function parseDefinition(cursor: TokenCursor): CreateTableNode | CreateIndexNode | DropTableNode {
  const { at, text } = cursor.take();
  if (text === "CREATE" && cursor.accept("TABLE")) return parseCreateTable(cursor, at);
  if (text === "CREATE" && cursor.accept("INDEX")) return parseCreateIndex(cursor, at);
  if (text === "DROP" && cursor.accept("TABLE"))
    return { kind: "drop-table", table: parseTableName(cursor), at };
  if (text === "DROP" && cursor.isAt("INDEX"))
    throw cursor.refused({ name: "DROP INDEX", inQldb: "present" });
  throw cursor.unexpected("TABLE or INDEX");
}

/** Reads the name of a table. */
export function parseTableName(cursor: TokenCursor): TableReference {
  const { text, at } = cursor.expectName("a table name");
  return { by: "name", text, at };
}

function parseCreateTable(cursor: TokenCursor, at: number): CreateTableNode {
  const name = cursor.expectName("a table name").text;
  if (cursor.isAt("WITH")) throw cursor.refused({ name: "WITH (tags) in CREATE TABLE", inQldb: "present" });
  return { kind: "create-table", name, at };
}

function parseCreateIndex(cursor: TokenCursor, at: number): CreateIndexNode {
  cursor.expect("ON");
  const table = parseTableName(cursor);
  cursor.expect("(");
  const field = cursor.expectName("a field name").text;
  if (cursor.isAt(".") || cursor.isAt(",")) {
    // https://docs.aws.amazon.com/qldb/latest/developerguide/ql-reference.create-index.html
    throw cursor.refused({ name: "an index on a nested field or on several fields", inQldb: "absent" });
  }
  cursor.expect(")");
  return { kind: "create-index", table, field, at };
}
