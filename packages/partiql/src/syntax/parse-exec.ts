// SPDX-License-Identifier: MIT
import type { Expression } from "./ast";
import type { ExecNode } from "./statement-node";
import { parseExpression } from "./parse-expression";
import type { TokenCursor } from "./token-cursor";

/** Parses `EXEC procedure argument, …`. */
export function parseExec(cursor: TokenCursor): ExecNode {
  const { at } = cursor.expect("EXEC");
  const procedure = cursor.expectName("the name of a stored procedure").text;
  const operands: Expression[] = [];
  if (!cursor.isAtEnd()) {
    do {
      operands.push(parseExpression(cursor));
    } while (cursor.accept(","));
  }
  return { kind: "exec", procedure, operands, at };
}
