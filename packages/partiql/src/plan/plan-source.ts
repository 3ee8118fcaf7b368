// SPDX-License-Identifier: MIT
import type { Source } from "../run/from-step";
import type { Expression, FromNode, PathStep, SourceNode } from "../syntax/ast";
import { compileExpression } from "./compile-expression";
import { compileItems } from "./compile-node";
import { PartiqlEvaluationError, PartiqlSemanticError } from "../errors";
import type { ItemOrigin, Scope } from "./scope";

/** The committed view of table T is called `_ql_committed_T`. */
const COMMITTED_PREFIX = "_ql_committed_";

/** Plans one FROM item, and declares it and its names. */
export function planSource(item: FromNode, scope: Scope): Source {
  const tracked = scope.track(() => classify(item.source, scope));
  const { source, origin, name } = tracked.result;
  if (tracked.slots.some((used) => scope.slots.includes(used))) requireSideBySide(item, scope);
  const slot = scope.declareItem(origin);
  const alias = item.alias ?? name;
  const isTableName = item.alias === undefined && source.kind === "table";
  if (alias !== undefined) scope.declareName(alias, { slot, kind: "item", isTableName }, item.at);
  if (item.atAlias !== undefined) scope.declareName(item.atAlias, { slot, kind: "ordinal" }, item.at);
  if (item.byAlias !== undefined) {
    if (source.kind !== "table" && source.kind !== "history") {
      throw new PartiqlSemanticError(
        "Expected BY only after a table, whose documents have ids, found it elsewhere.",
        scope.source,
        item.at,
      );
    }
    scope.declareName(item.byAlias, { slot, kind: "documentId" }, item.at);
  }
  return source;
}

/** A row of a RIGHT or FULL JOIN exists also without the items before it. */
function requireSideBySide({ join, at }: FromNode, scope: Scope): void {
  if (join !== "right" && join !== "full") return;
  throw new PartiqlSemanticError(
    `Expected an item that depends on no other one after ${join.toUpperCase()} JOIN, found one that depends on an item before it: use LEFT JOIN or JOIN.`,
    scope.source,
    at,
  );
}

interface Classified {
  readonly source: Source;
  readonly origin: ItemOrigin;
  /** The name of an item that is not given one. */
  readonly name: string | undefined;
}

function classify(node: SourceNode, scope: Scope): Classified {
  if (node.kind === "history") return classifyHistory(node, scope);
  const { expression } = node;
  const root = expression.kind === "path" ? expression.root : expression;
  const steps = expression.kind === "path" ? expression.steps : [];
  const isKey = scope.findKey(root) !== undefined || scope.findKey(expression) !== undefined;
  if (root.kind === "name" && !isKey) {
    // In FROM the tables come before the names around: a nested SELECT may read the table of the statement once more.
    const isTable =
      steps.length === 0 && root.isAlias !== true && scope.peek(root.name)?.isTableName === true;
    if (isTable) return classifyTable(root.name, root.at);
    const binding = scope.find(root.name);
    if (binding !== undefined) {
      const origin: ItemOrigin =
        binding.kind === "item" ? { kind: "nested", parent: binding.slot, steps } : { kind: "values" };
      return classifyValues(expression, origin, scope);
    }
    if (steps.length === 0) return classifyTable(root.name, root.at);
    if (isUserTables(root.name, steps)) {
      return { source: { kind: "user-tables" }, origin: { kind: "user-tables" }, name: "user_tables" };
    }
    if (scope.fieldSlots.length === 0) {
      throw new PartiqlSemanticError(
        `Expected a table, information_schema.user_tables or a value in FROM, found a path that starts with ${root.name}.`,
        scope.source,
        root.at,
      );
    }
  }
  return classifyValues(expression, { kind: "values" }, scope);
}

function classifyTable(name: string, at: number): Classified {
  const committed = name.startsWith(COMMITTED_PREFIX);
  const text = committed ? name.slice(COMMITTED_PREFIX.length) : name;
  return {
    source: { kind: "table", table: { by: "name", text, at }, committed },
    origin: { kind: committed ? "committed" : "document" },
    name,
  };
}

function classifyHistory(node: Extract<SourceNode, { kind: "history" }>, scope: Scope): Classified {
  const compileTime = (time: Expression | undefined) => time && compileExpression(time, { scope });
  const { table, at } = node;
  const error = (message: string) => new PartiqlEvaluationError(message, scope.source, at);
  return {
    source: { kind: "history", table, start: compileTime(node.start), end: compileTime(node.end), error },
    origin: { kind: "history" },
    name: undefined,
  };
}

function classifyValues(expression: Expression, origin: ItemOrigin, scope: Scope): Classified {
  const items = compileItems(expression, { scope });
  const last = expression.kind === "path" ? expression.steps.at(-1) : undefined;
  return {
    source: { kind: "values", items },
    origin,
    name: last?.kind === "field" ? last.name : undefined,
  };
}

function isUserTables(root: string, steps: readonly PathStep[]): boolean {
  const [step, ...rest] = steps;
  return (
    root === "information_schema" &&
    step?.kind === "field" &&
    step.name === "user_tables" &&
    rest.length === 0
  );
}
