// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import type { Evaluate } from "../run/evaluate";
import type { ExpressionContext } from "./compile-expression";
import { compileExpression } from "./compile-expression";
import { PartiqlEvaluationError } from "../errors";
import { compileOutput } from "./compile-output";
import { planFrom } from "./plan-from";
import type { Frame } from "../run/frame";
import type { FromStep, NestedQuery, ValuesSource } from "../run/from-step";
import { rowsOf } from "../run/nested-query";
import { queryRows } from "../run/query-rows";
import type { QueryOutput } from "../run/query-output";
import type { Expression, SelectNode, SubqueryExpression } from "../syntax/ast";
import { valueRows } from "../run/rows";
import { NULL } from "../value/datum";
import type { Datum } from "../value/datum";
import { decoded, type Undecoded } from "../value/node";
import { fieldsOf } from "../value/struct";
import { Scope } from "./scope";

/** A nested SELECT, compiled. */
export interface CompiledSubquery {
  /** The list of its rows, MISSING ones left out. */
  readonly list: Evaluate;
  /** The FROM items around it that it depends on. */
  readonly slots: readonly number[];
  /** Finds its rows, for one that has to wait for them: it reads a table, or has a RIGHT or FULL JOIN. */
  readonly query: NestedQuery | undefined;
  /** True when it reads a table. */
  readonly readsTable: boolean;
}

/** The nested SELECTs of a statement that read tables, in the order of the text. */
export function nestedQueriesOf({ subqueries }: Scope): readonly NestedQuery[] {
  return [...subqueries.values()]
    .flatMap(({ query, readsTable }) => (query !== undefined && readsTable ? query : []))
    .sort((left, right) => left.at - right.at);
}

/**
 * Compiles a nested SELECT where a value is expected: the list of its rows.
 *
 * QLDB had no nested SELECT that reads a table. There PartiQL's rule holds, which is SQL's: a plain SELECT of one item is the
 * item of its only row, and NULL if there is no row. `SELECT VALUE` is always the list.
 *
 * Sources: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-reference.select.html and section 9 of
 * https://partiql.org/partiql-lang/
 */
export function compileSubquery(expression: SubqueryExpression, { scope }: ExpressionContext): Evaluate {
  const isSingle = hasOneColumn(expression.query);
  const { list, query, readsTable } = compileOnce(expression, scope, isSingle ? 2 : Infinity);
  if (query === undefined || !readsTable || !isSingle) return list;
  return (frame) => {
    const [row, ...others] = rowsOf(query, frame);
    if (others.length === 0) return row === undefined ? NULL : columnOf(row);
    throw new PartiqlEvaluationError(
      "Expected at most one row of a nested SELECT that stands for one value, found several: add a condition or LIMIT 1, or write SELECT VALUE for the list of all rows.",
      scope.source,
      expression.at,
    );
  };
}

/**
 * Compiles an expression whose rows are asked for, such as a source in FROM: a nested SELECT is the list of its rows.
 *
 * @param rowsMax - more rows are of no use
 */
export function compileRows(
  expression: Expression,
  context: ExpressionContext,
  rowsMax = Infinity,
): Evaluate {
  if (expression.kind !== "subquery") return compileExpression(expression, context);
  return compileOnce(expression, context.scope, rowsMax).list;
}

/** Compiles the right side of IN: a plain SELECT of one item, from a table, is the list of its values, without MISSING ones. */
export function compileValues(expression: Expression, context: ExpressionContext): Evaluate {
  if (expression.kind !== "subquery") return compileExpression(expression, context);
  const { list, query, readsTable } = compileOnce(expression, context.scope, Infinity);
  if (query === undefined || !readsTable || !hasOneColumn(expression.query)) return list;
  return (frame) => {
    const values = rowsOf(query, frame).map(columnOf);
    return new dom.List(values.filter((value) => value !== undefined));
  };
}

function hasOneColumn({ projection }: SelectNode): boolean {
  if (projection.kind !== "items") return false;
  const [item, ...others] = projection.items;
  return item?.kind === "expression" && others.length === 0;
}

/** The only field of a row. */
function columnOf(row: dom.Value): Datum {
  return fieldsOf(row)[0]?.[1];
}

/** A condition is compiled again for each way to look documents up; nested SELECTs in nested SELECTs must not be, level by level. */
function compileOnce(expression: SubqueryExpression, scope: Scope, rowsMax: number): CompiledSubquery {
  const compiled = scope.subqueries.get(expression) ?? compileQuery(expression, scope, rowsMax);
  scope.subqueries.set(expression, compiled);
  for (const slot of compiled.slots) scope.use(slot);
  if (compiled.query !== undefined) scope.useQuery();
  return compiled;
}

function compileQuery(expression: SubqueryExpression, outer: Scope, rowsMax: number): CompiledSubquery {
  const { query: node, at } = expression;
  const scope = new Scope(outer.source, node.from.length, outer);
  const { result, slots } = outer.track(() =>
    scope.track(() => ({
      steps: planFrom(node.from, node.where, scope),
      output: compileOutput(node, scope, outer),
    })),
  );
  const { steps, output } = result.result;
  const valueSteps = steps.filter(rangesOverValues);
  const { firstSlot } = scope;
  const readsTable = valueSteps.length < steps.length || !result.isQuick;
  if (!readsTable && steps.every(({ join }) => join === "inner" || join === "left")) {
    const list = (frame: Frame) => listOf(valueSteps, output, frame, firstSlot);
    const isConstant = slots.length === 0;
    return {
      list: isConstant ? (frame) => frame.once(expression, () => list(frame)) : list,
      slots,
      query: undefined,
      readsTable,
    };
  }
  const run = (frame: Frame) => queryRows({ steps, output, firstSlot, queries: [] }, frame);
  const query: NestedQuery = { at, slots, steps, rowsMax: readsTable ? rowsMax : Infinity, run };
  return { list: (frame) => new dom.List([...rowsOf(query, frame)]), slots, query, readsTable };
}

type ValueStep = FromStep & { readonly source: ValuesSource };

function rangesOverValues(step: FromStep): step is ValueStep {
  return step.source.kind === "values";
}

/** One that reads no table ranges over what is at hand, an alias's path above all: it is evaluated like any other expression. */
function listOf(
  steps: readonly ValueStep[],
  output: QueryOutput,
  frame: Frame,
  firstSlot: number,
): dom.Value {
  const results: dom.Value[] = [];
  const keep = (row: Undecoded | undefined) => {
    if (row !== undefined) results.push(decoded(row));
  };
  const state = output.start(frame);
  for (const _ of state.isDone() ? [] : valueRows(steps, frame, firstSlot)) {
    keep(state.add());
    if (state.isDone()) break;
  }
  for (const _ of state.groups()) keep(state.addGroup());
  for (const row of state.sorted()) keep(row);
  state.end();
  return new dom.List(results);
}
