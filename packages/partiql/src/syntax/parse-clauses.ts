// SPDX-License-Identifier: MIT
import type { GroupKey, SelectNode, SortKey } from "./ast";
import { parseExpression } from "./parse-expression";
import type { TokenCursor } from "./token-cursor";

/** The clauses that may follow WHERE in a SELECT. */
type QueryClauses = Pick<SelectNode, "groupBy" | "having" | "orderBy" | "limit" | "offset">;

/** Parses `[GROUP BY …] [HAVING …] [ORDER BY …] [LIMIT n] [OFFSET n]`. */
export function parseClauses(cursor: TokenCursor): QueryClauses {
  return {
    groupBy: parseGroupBy(cursor),
    having: cursor.accept("HAVING") ? parseExpression(cursor) : undefined,
    orderBy: parseOrderBy(cursor),
    limit: cursor.accept("LIMIT") ? parseExpression(cursor) : undefined,
    offset: cursor.acceptWord(["OFFSET"]) === undefined ? undefined : parseExpression(cursor),
  };
}

function parseGroupBy(cursor: TokenCursor): readonly GroupKey[] | undefined {
  if (!cursor.isAt("GROUP") || !cursor.isAt("BY", 1)) return undefined;
  cursor.take();
  cursor.take();
  const keys: GroupKey[] = [];
  do {
    const { at } = cursor.peek();
    const expression = parseExpression(cursor);
    const alias = cursor.accept("AS") ? cursor.expectName("a name after AS").text : undefined;
    keys.push({ expression, alias, at });
  } while (cursor.accept(","));
  return keys;
}

function parseOrderBy(cursor: TokenCursor): readonly SortKey[] {
  const keys: SortKey[] = [];
  if (!cursor.isAt("ORDER") || !cursor.isAt("BY", 1)) return keys;
  cursor.take();
  cursor.take();
  do {
    const { at } = cursor.peek();
    const expression = parseExpression(cursor);
    const descending = cursor.accept("DESC");
    if (!descending) cursor.accept("ASC");
    keys.push({ expression, descending, nullsFirst: parseNulls(cursor) ?? descending, at });
  } while (cursor.accept(","));
  return keys;
}

/** Parses `[NULLS FIRST | NULLS LAST]`. */
function parseNulls(cursor: TokenCursor): boolean | undefined {
  if (cursor.acceptWord(["NULLS"]) === undefined) return undefined;
  if (cursor.accept("FIRST")) return true;
  cursor.expect("LAST");
  return false;
}
