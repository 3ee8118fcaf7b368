// SPDX-License-Identifier: MIT
import type { Expression, FromNode, JoinKind, Projection, SelectItem, SelectNode, SourceNode } from "./ast";
import { parseClauses } from "./parse-clauses";
import { parseExpression, parseOperand } from "./parse-expression";
import type { TokenCursor } from "./token-cursor";

/** Every item is a nested loop; AWS's own test joins six. */
const FROM_ITEMS_MAX = 32;

/** Parses `SELECT [DISTINCT] … FROM … [WHERE …]` and what may follow. */
export function parseSelect(cursor: TokenCursor): SelectNode {
  const { at } = cursor.expect("SELECT");
  const distinct = isDistinct(cursor);
  if (distinct) cursor.take();
  const projection = parseProjection(cursor);
  if (!cursor.isAt("FROM")) throw cursor.unexpected("FROM");
  cursor.take();
  const from = parseFromItems(cursor);
  const where = parseWhere(cursor);
  return { kind: "select", distinct, projection, from, where, ...parseClauses(cursor), at };
}

/** A field that is called `distinct` ends the item. */
function isDistinct(cursor: TokenCursor): boolean {
  return cursor.isAt("DISTINCT") && !cursor.isAt("FROM", 1) && !cursor.isAt(",", 1) && !cursor.isAt(".", 1);
}

/** Parses a SELECT inside an expression, after the opening parenthesis. */
export function parseSubquery(cursor: TokenCursor): Expression {
  const { at } = cursor.peek();
  return { kind: "subquery", query: cursor.nested(() => parseSelect(cursor)), at };
}

/** Parses a WHERE clause, if there is one. */
export function parseWhere(cursor: TokenCursor): Expression | undefined {
  return cursor.accept("WHERE") ? parseExpression(cursor) : undefined;
}

function parseProjection(cursor: TokenCursor): Projection {
  if (cursor.accept("*")) return { kind: "star" };
  if (cursor.accept("VALUE")) return { kind: "value", expression: parseExpression(cursor) };
  if (cursor.isAt("ALL") && cursor.isAt("*", 1)) {
    cursor.take();
    cursor.take();
    return { kind: "star" };
  }
  const items: SelectItem[] = [];
  do {
    items.push(parseSelectItem(cursor));
  } while (cursor.accept(","));
  return { kind: "items", items };
}

function parseSelectItem(cursor: TokenCursor): SelectItem {
  const { at } = cursor.peek();
  const expression = parseExpression(cursor);
  if (cursor.isAt(".") && cursor.isAt("*", 1)) {
    cursor.take();
    cursor.take();
    return { kind: "all-of", expression, at };
  }
  const alias = parseAlias(cursor);
  return { kind: "expression", expression, alias, at };
}

function parseAlias(cursor: TokenCursor): string | undefined {
  if (cursor.accept("AS")) return cursor.expectName("a name after AS").text;
  return cursor.isAtName() && !isOffset(cursor) ? cursor.take().text : undefined;
}

/** OFFSET is no reserved word, so it may be a name. */
function isOffset(cursor: TokenCursor): boolean {
  return cursor.isAtWord("offset") && ["integer", "parameter"].includes(cursor.peek(1).kind);
}

/** How a FROM item is joined with those before it. */
interface Join {
  readonly kind: FromNode["join"];
  /** True when ON must follow the item. */
  readonly hasCondition: boolean;
  readonly isComma?: boolean;
}

const OUTER_JOINS = [
  ["LEFT", "left"],
  ["RIGHT", "right"],
  ["FULL", "full"],
] as const;

/** Parses the items of a FROM clause, after the keyword. */
export function parseFromItems(cursor: TokenCursor): FromNode[] {
  const items: FromNode[] = [];
  let join: Join | undefined = { kind: "inner", hasCondition: false };
  let hasComma = false;
  do {
    hasComma ||= join.isComma === true;
    items.push(parseFromItem(cursor, join));
    if (items.length > FROM_ITEMS_MAX) {
      throw cursor.syntaxError(`Expected at most ${String(FROM_ITEMS_MAX)} items in FROM, found more.`);
    }
    join = parseJoin(cursor, hasComma);
  } while (join !== undefined);
  return items;
}

/** Parses what may stand between two items: `,`, `[INNER] JOIN`, `CROSS JOIN`, `LEFT [OUTER] JOIN`, `LEFT CROSS JOIN`, so RIGHT and FULL. */
function parseJoin(cursor: TokenCursor, hasComma: boolean): Join | undefined {
  if (cursor.accept(",")) return { kind: "inner", hasCondition: false, isComma: true };
  const kind = parseOuter(cursor, hasComma);
  const isCross = cursor.accept("CROSS");
  const isNamed = isCross || cursor.accept(kind === undefined ? "INNER" : "OUTER");
  if (kind !== undefined || isNamed) cursor.expect("JOIN");
  else if (!cursor.accept("JOIN")) return undefined;
  return { kind: kind ?? "inner", hasCondition: !isCross };
}

/** In SQL a comma joins what the JOINs around it have made; in PartiQL it is one more join, from left to right. */
function parseOuter(cursor: TokenCursor, hasComma: boolean): JoinKind | undefined {
  const found = OUTER_JOINS.find(
    ([word]) => cursor.isAt(word) && ["JOIN", "OUTER", "CROSS"].some((next) => cursor.isAt(next, 1)),
  );
  if (found === undefined) return undefined;
  const [word, kind] = found;
  if (hasComma && kind !== "left") {
    throw cursor.syntaxError(
      `Expected CROSS JOIN instead of commas before ${word} JOIN, found a comma: SQL and PartiQL disagree about which items it joins first.`,
    );
  }
  cursor.take();
  return kind;
}

function parseFromItem(cursor: TokenCursor, join: Join): FromNode {
  const source = parseSource(cursor);
  const names = parseFromNames(cursor);
  if (join.hasCondition) cursor.expect("ON");
  const on = join.hasCondition ? parseExpression(cursor) : undefined;
  return { source, ...names, join: join.kind, on, at: source.at };
}

/** Parses `[AS alias] [AT alias] [BY alias]`. */
export function parseFromNames(cursor: TokenCursor): Pick<FromNode, "alias" | "atAlias" | "byAlias"> {
  return {
    alias: parseAlias(cursor),
    atAlias: cursor.accept("AT") ? cursor.expectName("a name after AT").text : undefined,
    byAlias: cursor.accept("BY") ? cursor.expectName("a name after BY").text : undefined,
  };
}

function parseSource(cursor: TokenCursor): SourceNode {
  const { at } = cursor.peek();
  if (cursor.isAtWord("history") && cursor.isAt("(", 1)) return parseHistory(cursor);
  return { kind: "expression", expression: parseOperand(cursor), at };
}

/** Parses `history(table [, start [, end]])`; a table id is a string, a table name is a name. */
function parseHistory(cursor: TokenCursor): SourceNode {
  const { at } = cursor.take();
  cursor.expect("(");
  const table = cursor.peek();
  if (table.kind === "string") cursor.take();
  else cursor.expectName("a table name, or a table id between single quotes");
  const start = cursor.accept(",") ? parseExpression(cursor) : undefined;
  const end = start !== undefined && cursor.accept(",") ? parseExpression(cursor) : undefined;
  cursor.expect(")");
  const by = table.kind === "string" ? "id" : "name";
  return { kind: "history", table: { by, text: table.text, at: table.at }, start, end, at };
}
