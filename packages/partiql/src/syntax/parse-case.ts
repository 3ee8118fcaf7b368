// SPDX-License-Identifier: MIT
import type { CaseBranch, Expression } from "./ast";
import { parseExpression } from "./parse-expression";
import type { TokenCursor } from "./token-cursor";

/** True when CASE begins an expression: a field that is called `case` has no WHEN after it. */
export function isCaseStart(cursor: TokenCursor): boolean {
  if (!cursor.isAt("CASE")) return false;
  for (let ahead = 1; cursor.peek(ahead).kind !== "end"; ahead += 1)
    if (cursor.isAt("WHEN", ahead)) return true;
  return false;
}

/** Parses `CASE [operand] WHEN … THEN … [ELSE …] END`. */
export function parseCase(cursor: TokenCursor): Expression {
  const { at } = cursor.expect("CASE");
  const operand = cursor.isAt("WHEN") ? undefined : parseExpression(cursor);
  const branches: CaseBranch[] = [];
  do {
    cursor.expect("WHEN");
    const when = parseExpression(cursor);
    cursor.expect("THEN");
    branches.push({ when, then: parseExpression(cursor) });
  } while (cursor.isAt("WHEN"));
  const otherwise = cursor.accept("ELSE") ? parseExpression(cursor) : undefined;
  cursor.expect("END");
  return { kind: "case", operand, branches, otherwise, at };
}
