// SPDX-License-Identifier: MIT
import type { Expression } from "../syntax/ast";
import { ValueItem } from "../run/frame";
import type { Frame } from "../run/frame";
import { rangeOver } from "../value/datum";
import { rangeOverNode, type Undecoded } from "../value/node";
import { compileExpression, type ExpressionContext, keysOf } from "./compile-expression";
import { compileRows } from "./compile-subquery";

/** A compiled expression whose value is taken as it is at hand. */
export type EvaluateNode = (frame: Frame) => Undecoded | undefined;

/**
 * Compiles an expression whose value is stored as it stands: a parameter, or what a path of a FROM item leads to, is not decoded
 * for this.
 */
export function compileNode(expression: Expression, context: ExpressionContext): EvaluateNode {
  if (expression.kind === "parameter") return (frame) => frame.parameter(expression.index).node;
  const [root, steps] = expression.kind === "path" ? [expression.root, expression.steps] : [expression, []];
  const path = keysOf(steps);
  const binding = root.kind === "name" ? context.scope.find(root.name) : undefined;
  if (binding?.kind !== "item" || path.length < steps.length) return compileExpression(expression, context);
  return (frame) => frame.item(binding.slot).nodeAt(path);
}

/**
 * Compiles an expression whose rows are asked for one by one. Of the elements of a parameter only those are decoded into which
 * an expression looks.
 */
export function compileItems(
  expression: Expression,
  context: ExpressionContext,
): (frame: Frame) => Iterable<ValueItem> {
  if (expression.kind === "parameter") {
    const items = (frame: Frame) => [...eachItem(rangeOverNode(frame.parameter(expression.index).node))];
    // An inner loop ranges over them once per outer row.
    return (frame) => frame.once(expression, () => items(frame));
  }
  const collection = compileRows(expression, context);
  return (frame) => eachItem(rangeOver(collection(frame)));
}

function* eachItem(values: readonly Undecoded[]): Generator<ValueItem> {
  let ordinal = 0;
  for (const value of values) yield new ValueItem(value, ordinal++);
}
