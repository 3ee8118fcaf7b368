// SPDX-License-Identifier: MIT
import type { Steps } from "@ledger-loader/ion";
import type { StatementNode } from "./statement-node";
import { parseDefinition, parseUndrop } from "./parse-definition";
import { parseDelete, parseFromChange, parseInsert, parseUpdate } from "./parse-change";
import { parseExec } from "./parse-exec";
import { parseSelect } from "./parse-query";
import { tokenizeInSteps } from "./lexer";
import { TokenCursor } from "./token-cursor";
import { treeDepth } from "./tree-depth";

/** A tree with chains of operators may be deeper than its brackets nest; the stack holds this much easily. */
const TREE_DEPTH_MAX = 2_500;

/** A statement as parsed, and how many parameters it takes. */
export interface ParsedStatement {
  readonly node: StatementNode;
  readonly parameterCount: number;
}

/**
 * Parses exactly one statement, and yields between two parts of the work.
 *
 * @throws PartiqlSyntaxError or PartiqlUnsupportedError, with the position; nothing else, whatever the text.
 */
export function* parseInSteps(source: string): Steps<ParsedStatement> {
  const tokens = yield* tokenizeInSteps(source);
  yield;
  const cursor = new TokenCursor(source, tokens);
  const node = parse(cursor);
  cursor.expectEnd();
  yield;
  if (treeDepth(node) > TREE_DEPTH_MAX) {
    throw cursor.syntaxError("Expected a shorter chain of operators: pass values as parameters.", 0);
  }
  return { node, parameterCount: cursor.parameterCount };
}

function parse(cursor: TokenCursor): StatementNode {
  if (cursor.isAtWord("explain")) {
    const { at } = cursor.take();
    return { kind: "explain", statement: cursor.nested(() => parse(cursor)), at };
  }
  if (cursor.isAtWord("undrop")) return parseUndrop(cursor);
  const first = cursor.peek();
  switch (first.kind === "keyword" ? first.text : "") {
    case "SELECT":
      return parseSelect(cursor);
    case "INSERT":
      return parseInsert(cursor);
    case "UPDATE":
      return parseUpdate(cursor);
    case "DELETE":
      return parseDelete(cursor);
    case "FROM":
      return parseFromChange(cursor);
    case "CREATE":
    case "DROP":
      return parseDefinition(cursor);
    case "EXEC":
      return parseExec(cursor);
    default:
      throw cursor.unexpectedStatement(
        "SELECT, INSERT, UPDATE, DELETE, FROM, CREATE, DROP, UNDROP, EXEC or EXPLAIN",
      );
  }
}
