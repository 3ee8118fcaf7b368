// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import type { Evaluate } from "../run/evaluate";
import type { ExpressionContext, ExpressionOf } from "./compile-expression";
import { PartiqlUnsupportedError } from "../errors";
import { compileOutput } from "./compile-output";
import { planFrom } from "./plan-from";
import type { FromStep } from "../run/from-step";
import type { ValuesSource } from "../run/from-step";
import type { FromNode } from "../syntax/ast";
import { valueRows } from "../run/rows";
import { Scope } from "./scope";

/**
 * Compiles a SELECT inside an expression: the list of its rows, MISSING ones left out.
 *
 * It ranges over what is at hand, an alias's path above all, so it is evaluated like any other expression. QLDB
 * limited nested queries, too: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-reference.select.html
 */
export function compileSubquery(
  expression: ExpressionOf<"subquery">,
  { scope: outer }: ExpressionContext,
): Evaluate {
  const { result: evaluate, lastSlot } = outer.track(() => compileQuery(expression, outer));
  return lastSlot < 0 ? (frame) => frame.once(expression, () => evaluate(frame)) : evaluate;
}

function compileQuery({ query }: ExpressionOf<"subquery">, outer: Scope): Evaluate {
  const scope = new Scope(outer.source, outer);
  const steps = planFrom(query.from, query.where, scope).map((step, place) =>
    requireValues(step, query.from[place], scope),
  );
  const output = compileOutput(query, scope, outer);
  return (frame) => {
    const results: dom.Value[] = [];
    const state = output.start(frame);
    for (const _ of state.isDone() ? [] : valueRows(steps, frame, scope.firstSlot)) {
      const row = state.add();
      if (row !== undefined) results.push(row);
      if (state.isDone()) break;
    }
    for (const row of state.finish()) if (row !== undefined) results.push(row);
    return new dom.List(results);
  };
}

function requireValues(
  step: FromStep,
  item: FromNode | undefined,
  scope: Scope,
): FromStep & { readonly source: ValuesSource } {
  const { source } = step;
  if (source.kind === "values") return { ...step, source };
  throw new PartiqlUnsupportedError(
    "Found a nested SELECT that reads a table, which is not supported here, as in QLDB: name the table in the outer FROM, or let the nested SELECT range over a path of an alias, such as alias.list.",
    scope.source,
    item?.at,
  );
}
