// SPDX-License-Identifier: MIT
import { PartiqlEvaluationError, PartiqlSemanticError } from "../errors";
import type { Evaluate } from "../run/evaluate";
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
import { compileCondition } from "./compile-predicate";
import type { Condition } from "./compile-predicate";
import { GroupKeys } from "./group-keys";
import { compileProjection } from "./projection";
import type { Scope } from "./scope";

/** Compiles everything of a query but FROM and WHERE, whose items `scope` holds. `outer` is what LIMIT and OFFSET see. */
export function compileOutput(node: SelectNode, scope: Scope, outer: Scope): QueryOutput {
  const aggregates: AggregateExpression[] = [];
  const counts = compileCounts(node, outer);
  const keys = scope.track(() =>
    node.groupBy?.map(({ expression }) => compileExpression(expression, { scope })),
  );
  const grouped = { keys: new GroupKeys(node.groupBy ?? [], scope), aggregates };
  const { result, slots, isQuick } = scope.track(() =>
    scope.withGroups(grouped, () => ({
      rules: { ...compileRules(node, scope), ...counts },
      having: node.having && compileCondition(node.having, "HAVING", { scope }),
    })),
  );
  if (keys.result === undefined && result.having === undefined && aggregates.length === 0) {
    return { isQuick, start: (frame) => plainOutput(result.rules, frame) };
  }
  if (slots.some((slot) => scope.slots.includes(slot)) || node.projection.kind === "star")
    throw refuseSingleRows(node, aggregates, scope);
  const operands = scope.track(() => new Aggregation(aggregates, scope));
  const { groupSlot } = scope;
  const groups = { ...result, keys: keys.result, aggregation: operands.result, groupSlot };
  return { isQuick: keys.isQuick && operands.isQuick, start: (frame) => groupedOutput(groups, frame) };
}

function plainOutput(rules: RowRules, frame: Frame): OutputState {
  const holding = frame.workload.holding();
  const queue = new RowQueue(rules, frame, holding);
  return {
    isDone: () => queue.isDone,
    skip: () => queue.takeSkipped(),
    add: () => queue.push(),
    groups: () => [],
    addGroup: () => undefined,
    sorted: () => queue.sorted(),
    end() {
      holding.releaseAll();
    },
  };
}

/** The groups of a query and what becomes of them, compiled. */
interface GroupedQuery {
  readonly keys: readonly Evaluate[] | undefined;
  readonly aggregation: Aggregation;
  readonly groupSlot: number;
  readonly having: Condition | undefined;
  readonly rules: RowRules;
}

function groupedOutput(
  { keys, aggregation, groupSlot, having, rules }: GroupedQuery,
  frame: Frame,
): OutputState {
  const holding = frame.workload.holding();
  const queue = new RowQueue(rules, frame, holding);
  const grouping = new Grouping({ keys, start: () => aggregation.start(holding), holding });
  return {
    isDone: () => false,
    skip: () => 0,
    add() {
      grouping.add(frame);
      return undefined;
    },
    groups: () => grouping.bindEach(frame, groupSlot),
    addGroup() {
      const isWanted = !queue.isDone && (having === undefined || having(frame) === true);
      return isWanted ? queue.push() : undefined;
    },
    sorted: () => queue.sorted(),
    end() {
      holding.releaseAll();
    },
  };
}

function compileCounts({ limit, offset }: SelectNode, outer: Scope): Pick<RowRules, "limit" | "offset"> {
  return {
    limit: limit && compileCount(limit, outer),
    offset: offset && compileCount(offset, outer),
  };
}

function compileRules(node: SelectNode, scope: Scope): Omit<RowRules, "limit" | "offset"> {
  return {
    project: compileProjection(node.projection, { scope }),
    distinct: node.distinct,
    orderBy: node.orderBy.map(({ expression, descending, nullsFirst }): CompiledSortKey => {
      const evaluate = compileExpression(selected(expression, node), { scope });
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
