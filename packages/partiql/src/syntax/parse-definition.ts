// SPDX-License-Identifier: MIT
import type { LiteralExpression, TableReference } from "./ast";
import type {
  CreateIndexNode,
  CreateTableNode,
  DefinitionNode,
  DropIndexNode,
  UndropTableNode,
} from "./statement-node";
import { parseExpression } from "./parse-expression";
import type { TokenCursor } from "./token-cursor";

/** Parses CREATE TABLE, CREATE INDEX, DROP TABLE and DROP INDEX. */
export function parseDefinition(cursor: TokenCursor): DefinitionNode {
  const { at, text } = cursor.take();
  if (text === "CREATE" && cursor.accept("TABLE")) return parseCreateTable(cursor, at);
  if (text === "CREATE" && cursor.accept("INDEX")) return parseCreateIndex(cursor, at, false);
  if (text === "CREATE" && cursor.accept("UNIQUE")) {
    cursor.expect("INDEX");
    return parseCreateIndex(cursor, at, true);
  }
  if (text === "DROP" && cursor.accept("TABLE"))
    return { kind: "drop-table", table: parseTableName(cursor), at };
  if (text === "DROP" && cursor.accept("INDEX")) return parseDropIndex(cursor, at);
  throw cursor.unexpected("TABLE or INDEX");
}

/** Parses `UNDROP TABLE "tableId"`. */
export function parseUndrop(cursor: TokenCursor): UndropTableNode {
  const { at } = cursor.take();
  cursor.expect("TABLE");
  const id = cursor.expectName("a table id between double quotes");
  return { kind: "undrop-table", table: { by: "id", text: id.text, at: id.at }, at };
}

/** Reads the name of a table. */
export function parseTableName(cursor: TokenCursor): TableReference {
  const { text, at } = cursor.expectName("a table name");
  return { by: "name", text, at };
}

function parseCreateTable(cursor: TokenCursor, at: number): CreateTableNode {
  const name = cursor.expectName("a table name").text;
  return { kind: "create-table", name, tags: parseTags(cursor), at };
}

/** Parses `[WITH (aws_tags = literal)]`. */
function parseTags(cursor: TokenCursor): LiteralExpression | undefined {
  if (!cursor.isAt("WITH")) return undefined;
  return parseOption(cursor, "aws_tags", "an Ion literal, such as `{'team': 'cars'}` between backticks");
}

/**
 * Parses `DROP INDEX "indexId" ON table WITH (purge = true)`: QLDB demands the purge.
 * https://docs.aws.amazon.com/qldb/latest/developerguide/ql-reference.drop-index.html
 */
function parseDropIndex(cursor: TokenCursor, at: number): DropIndexNode {
  const indexId = cursor.expectName("an index id between double quotes").text;
  cursor.expect("ON");
  const table = parseTableName(cursor);
  const { value, at: place } = parseOption(cursor, "purge", "true");
  if (value.booleanValue() !== true)
    throw cursor.syntaxError("Expected purge = true, found another value.", place);
  return { kind: "drop-index", table, indexId, at };
}

function parseOption(cursor: TokenCursor, name: string, what: string): LiteralExpression {
  cursor.expect("WITH");
  cursor.expect("(");
  if (cursor.acceptWord([name]) === undefined) throw cursor.unexpected(name);
  cursor.expect("=");
  const { at } = cursor.peek();
  const value = parseExpression(cursor);
  if (value.kind !== "literal") throw cursor.syntaxError(`Expected ${what}, found another expression.`, at);
  cursor.expect(")");
  return value;
}

function parseCreateIndex(cursor: TokenCursor, at: number, unique: boolean): CreateIndexNode {
  cursor.expect("ON");
  const table = parseTableName(cursor);
  cursor.expect("(");
  const field = cursor.expectName("a field name").text;
  if (cursor.isAt(".") || cursor.isAt(",")) {
    // https://docs.aws.amazon.com/qldb/latest/developerguide/ql-reference.create-index.html
    throw cursor.refused({ name: "an index on a nested field or on several fields", inQldb: "absent" });
  }
  cursor.expect(")");
  return { kind: "create-index", unique, table, field, at };
}
