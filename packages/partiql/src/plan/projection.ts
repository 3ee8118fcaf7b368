// SPDX-License-Identifier: MIT
import type { Expression, Projection, SelectItem } from "../syntax/ast";
import { compileExpression, valueOf } from "./compile-expression";
import type { Evaluate } from "../run/evaluate";
import type { ExpressionContext } from "./compile-expression";
import { isStruct, NULL } from "../value/datum";
import type { Datum } from "../value/datum";
import type { Frame } from "../run/frame";
import type { NamedBinding, Scope } from "./scope";
import { isStructNode, type Undecoded } from "../value/node";
import { fieldsOf, makeStruct } from "../value/struct";
import type { Field } from "../value/struct";
import { weightOf } from "../value/weight";

/** Compiles what stands between SELECT and FROM: the row that it makes of the current items, or of the current group. */
export function compileProjection(
  projection: Projection,
  context: ExpressionContext,
): (frame: Frame) => Undecoded | undefined {
  switch (projection.kind) {
    case "star":
      return compileStar(context.scope);
    case "value": {
      const value = compileExpression(projection.expression, context);
      // MISSING is no Ion value: the reference implementation makes a null of it.
      return (frame) => value(frame) ?? NULL;
    }
    case "items":
      return compileItems(projection.items, context);
  }
}

/**
 * Of each FROM item its fields, then what AT and BY bind, as in the reference implementation.
 *
 * One item that is a struct, and binds nothing else, is the row as it is, and is not decoded.
 */
function compileStar(scope: Scope): (frame: Frame) => Undecoded {
  const parts = scope.slots.map((slot) => ({ slot, names: scope.namesBeside(slot) }));
  const [first] = parts;
  const only = parts.length === 1 && first?.names.length === 0 ? first.slot : undefined;
  return (frame) => {
    const row = only === undefined ? undefined : frame.item(only).content();
    if (row !== undefined && isStructNode(row)) return row;
    return makeStruct(parts.flatMap((part, place) => fieldsOfItem(part, place, frame)));
  };
}

function fieldsOfItem(
  { slot, names }: { readonly slot: number; readonly names: readonly NamedBinding[] },
  place: number,
  frame: Frame,
): readonly Field[] {
  const bound = names.flatMap(({ name, binding }): Field[] => {
    const value = valueOf(binding, frame);
    return value === undefined ? [] : [[name, value]];
  });
  return [...allOf(frame.item(slot).value(), place), ...bound];
}

/** The fields of a struct; any other value as one field, named after its place. */
function allOf(datum: Datum, place: number): readonly Field[] {
  if (isStruct(datum)) return fieldsOf(datum);
  return datum === undefined ? [] : [[unnamed(place), datum]];
}

function compileItems(items: readonly SelectItem[], context: ExpressionContext): Evaluate {
  const columns = items.map((item, place) => compileItem(item, place, context));
  return (frame) => {
    const row = makeStruct(columns.flatMap((column) => column(frame)));
    frame.workload.spend(weightOf(row));
    return row;
  };
}

function compileItem(
  item: SelectItem,
  place: number,
  context: ExpressionContext,
): (frame: Frame) => readonly Field[] {
  const evaluate = compileExpression(item.expression, context);
  if (item.kind === "all-of") return (frame) => allOf(evaluate(frame), place);
  const name = item.alias ?? nameOf(item.expression) ?? unnamed(place);
  return (frame) => {
    const value = evaluate(frame);
    return value === undefined ? [] : [[name, value]];
  };
}

/** A name or a path that ends in a field is named after it. */
function nameOf(expression: Expression): string | undefined {
  if (expression.kind === "name") return expression.name;
  if (expression.kind !== "path") return undefined;
  const last = expression.steps.at(-1);
  return last?.kind === "field" ? last.name : undefined;
}

/** `_1`, `_2`…: by place in the list, as in the driver's tests. */
function unnamed(place: number): string {
  return `_${String(place + 1)}`;
}
