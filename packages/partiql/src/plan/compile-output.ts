// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { PartiqlEvaluationError, PartiqlSemanticError } from "../errors";
import type { Frame } from "../run/frame";
import { Grouping } from "../run/grouping";
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

/** What a query makes of the rows of FROM and WHERE. */
export interface QueryOutput {
  /** Starts one execution. */
  start(frame: Frame): OutputState;
}

/** One execution of a query's output. */
export interface OutputState {
  /** True when further rows change nothing. */
  isDone(): boolean;
  /** Takes in the row that the frame is bound to. Returns a row of the result if there is one now. */
  add(): dom.Value | undefined;
  /** The rows of the result that are known only after the last row of FROM; `undefined` after work that made none. */
  finish(): Iterable<dom.Value | undefined>;
}

/** Compiles everything of a query but FROM and WHERE, whose items `scope` holds. `outer` is what LIMIT and OFFSET see. */
export function compileOutput(node: SelectNode, scope: Scope, outer: Scope): QueryOutput {
  const aggregates: AggregateExpression[] = [];
  const groupKeys = node.groupBy && new GroupKeys(node.groupBy, scope);
  const keys = node.groupBy?.map(({ expression }) => compileExpression(expression, { scope }));
  const context: ExpressionContext = {
    scope,
    aggregate: (expression) => aggregates.push(expression) - 1,
    ...(groupKeys && { groupKey: (expression: Expression) => groupKeys.find(expression) }),
  };
  const { result, lastSlot } = scope.track(() => ({
    rules: compileRules(node, context, outer),
    having: node.having && compileCondition(node.having, "HAVING", context),
  }));
  const { rules, having } = result;
  const isGrouped = keys !== undefined || having !== undefined || aggregates.length > 0;
  if (!isGrouped) return { start: (frame) => plainOutput(new RowQueue(rules, frame)) };
  if (lastSlot >= scope.firstSlot || node.projection.kind === "star")
    throw refuseSingleRows(node, aggregates, scope);
  const aggregation = new Aggregation(aggregates, scope);
  return {
    start(frame) {
      const grouping = new Grouping(keys, () => aggregation.start());
      return groupedOutput(grouping, having, new RowQueue(rules, frame), frame);
    },
  };
}

function plainOutput(queue: RowQueue): OutputState {
  return {
    isDone: () => queue.isDone,
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

function compileRules(node: SelectNode, context: ExpressionContext, outer: Scope): RowRules {
  return {
    project: compileProjection(node.projection, context),
    distinct: node.distinct,
    orderBy: node.orderBy.map(({ expression, descending, nullsFirst }): CompiledSortKey => {
      const evaluate = compileExpression(selected(expression, node), context);
      return { evaluate, descending, nullsFirst };
    }),
    limit: node.limit && compileCount(node.limit, outer),
    offset: node.offset && compileCount(node.offset, outer),
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
