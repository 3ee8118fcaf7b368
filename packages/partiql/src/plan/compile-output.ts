// SPDX-License-Identifier: MIT
import { PartiqlEvaluationError, PartiqlSemanticError } from "../errors";
import type { Frame } from "../run/frame";
import { Grouping } from "../run/grouping";
import type { OutputState, QueryOutput } from "../run/query-output";
import { RowQueue } from "../run/row-queue";
import type { CompiledSortKey, RowRules } from "../run/row-queue";
import type { AggregateExpression, Expression, SelectNode } from "../syntax/ast";
import { isAbsent } from "../value/datum";
import { isNumber } from "../value/numeric";
import { Aggregation } from "./aggregation";
import { compileExpression } from "./compile-expression";
import type { ExpressionContext } from "./compile-expression";
import { compileCondition } from "./compile-predicate";
import type { Condition } from "./compile-predicate";
import { GroupKeys } from "./group-keys";
import { compileProjection } from "./projection";
import type { Scope } from "./scope";

/** Compiles everything of a query but FROM and WHERE, whose items `scope` holds. `outer` is what LIMIT and OFFSET see. */
export function compileOutput(node: SelectNode, scope: Scope, outer: Scope): QueryOutput {
  const aggregates: AggregateExpression[] = [];
  const groupKeys = node.groupBy && new GroupKeys(node.groupBy, scope);
  const counts = outer.track(() => compileCounts(node, outer));
  const { result: keys, queries: keyQueries } = scope.track(() =>
    node.groupBy?.map(({ expression }) => compileExpression(expression, { scope })),
  );
  const context: ExpressionContext = {
    scope,
    aggregate: (expression) => aggregates.push(expression) - 1,
    ...(groupKeys && { groupKey: (expression: Expression) => groupKeys.find(expression) }),
  };
  const { result, lastSlot, queries } = scope.track(() => ({
    rules: { ...compileRules(node, context), ...counts.result },
    having: node.having && compileCondition(node.having, "HAVING", context),
  }));
  const { rules, having } = result;
  const isGrouped = keys !== undefined || having !== undefined || aggregates.length > 0;
  if (!isGrouped) {
    const start = (frame: Frame) => plainOutput(new RowQueue(rules, frame));
    return { queries: counts.queries, rowQueries: queries, start };
  }
  if (lastSlot >= scope.firstSlot || node.projection.kind === "star")
    throw refuseSingleRows(node, aggregates, scope);
  const operands = scope.track(() => new Aggregation(aggregates, scope));
  const { result: aggregation } = operands;
  return {
    // Those of a group's row depend on no single row, so they can be run before the first one.
    queries: [...counts.queries, ...queries],
    rowQueries: [...keyQueries, ...operands.queries],
    start(frame) {
      const grouping = new Grouping(keys, () => aggregation.start());
      return groupedOutput(grouping, having, new RowQueue(rules, frame), frame);
    },
  };
}

function plainOutput(queue: RowQueue): OutputState {
  return {
    isDone: () => queue.isDone,
    skip: () => queue.takeSkipped(),
    add: () => queue.push(),
    finish: () => queue.sorted(),
  };
}

function groupedOutput(
  grouping: Grouping,
  having: Condition | undefined,
  queue: RowQueue,
  frame: Frame,
): OutputState {
  return {
    isDone: () => false,
    skip: () => 0,
    add() {
      grouping.add(frame);
      return undefined;
    },
    *finish() {
      for (const _ of grouping.bindEach(frame)) {
        const isWanted = !queue.isDone && (having === undefined || having(frame) === true);
        yield isWanted ? queue.push() : undefined;
      }
      yield* queue.sorted();
    },
  };
}

function compileCounts({ limit, offset }: SelectNode, outer: Scope): Pick<RowRules, "limit" | "offset"> {
  return {
    limit: limit && compileCount(limit, outer),
    offset: offset && compileCount(offset, outer),
  };
}

function compileRules(node: SelectNode, context: ExpressionContext): Omit<RowRules, "limit" | "offset"> {
  return {
    project: compileProjection(node.projection, context),
    distinct: node.distinct,
    orderBy: node.orderBy.map(({ expression, descending, nullsFirst }): CompiledSortKey => {
      const evaluate = compileExpression(selected(expression, node), context);
      return { evaluate, descending, nullsFirst };
    }),
  };
}

/** In ORDER BY, the alias of an item of the SELECT list stands for the item. */
function selected(expression: Expression, { projection }: SelectNode): Expression {
  if (expression.kind !== "name" || projection.kind !== "items") return expression;
  const { name } = expression;
  const item = projection.items.find((each) => each.kind === "expression" && each.alias === name);
  return item?.expression ?? expression;
}

function compileCount(expression: Expression, scope: Scope): (frame: Frame) => number {
  const evaluate = compileExpression(expression, { scope });
  return (frame) => {
    const value = evaluate(frame);
    const count = isAbsent(value) || !isNumber(value) ? null : value.numberValue();
    if (count !== null && Number.isSafeInteger(count) && count >= 0) return count;
    throw new PartiqlEvaluationError(
      "Expected a number of rows, 0 or more, for LIMIT and OFFSET, found another value.",
      scope.source,
      expression.at,
    );
  };
}

function refuseSingleRows(
  { projection, at }: SelectNode,
  [aggregate]: readonly AggregateExpression[],
  { source }: Scope,
): PartiqlSemanticError {
  const place = projection.kind === "star" ? at : (aggregate?.at ?? at);
  return new PartiqlSemanticError(
    "Expected only aggregates and keys of GROUP BY in this query, found a value of single rows beside them: add the value to GROUP BY, or leave it out.",
    source,
    place,
  );
}
