// SPDX-License-Identifier: MIT
import type { Lookup, LookupTarget } from "../run/from-step";
import type { ComparisonExpression, Expression, InExpression } from "../syntax/ast";
import { compileExpression } from "./compile-expression";
import { compileMembers } from "./compile-predicate";
import { isAbsent } from "../value/datum";
import type { Frame } from "../run/frame";
import type { Scope } from "./scope";

/** Whose item is asked for, and what is known when it is. */
export interface LookupPlace {
  readonly slot: number;
  readonly scope: Scope;
  /** True when all these slots are bound before the item is read. */
  readonly areBound: (slots: readonly number[]) => boolean;
}

/** Finds the lookups that one condition of a conjunction offers for an item. */
export function findLookups(condition: Expression, place: LookupPlace): readonly Lookup[] {
  if (condition.kind === "comparison" && condition.operator === "=") return findEqualities(condition, place);
  if (condition.kind === "in" && !condition.negated) return findMemberships(condition, place);
  return [];
}

function findEqualities({ left, right }: ComparisonExpression, place: LookupPlace): readonly Lookup[] {
  const { slot, scope } = place;
  const sides = [
    [left, right],
    [right, left],
  ] as const;
  return sides.flatMap(([side, other]): Lookup[] => {
    const target = lookupTarget(side, slot, scope);
    // Compiled only if it is of use: nested SELECTs would be compiled again on every level.
    const value = target && scope.track(() => compileExpression(other, { scope }));
    if (target === undefined || value === undefined || !place.areBound(value.slots)) return [];
    const { result: evaluate } = value;
    const values = (frame: Frame) => {
      const datum = evaluate(frame);
      return isAbsent(datum) ? [] : [datum];
    };
    return [{ target, many: false, values, findsNull: () => false }];
  });
}

function findMemberships(condition: InExpression, place: LookupPlace): readonly Lookup[] {
  const { slot, scope } = place;
  const target = lookupTarget(condition.operand, slot, scope);
  if (target === undefined) return [];
  const { result: members, slots } = compileMembers(condition, { scope });
  if (!place.areBound(slots)) return [];
  const values = (frame: Frame) => [...members(frame).byKey.values()];
  return [{ target, many: true, values, findsNull: (frame) => members(frame).hasNull }];
}

/** Tells what of a slot's table an expression names, if a table can be asked for it. */
function lookupTarget(expression: Expression, slot: number, scope: Scope): LookupTarget | undefined {
  const path = pathInto(expression, slot, scope);
  if (path === undefined) return undefined;
  if (path === "documentId") return { kind: "documentId" };
  const [first, second, ...rest] = path;
  switch (scope.origin(slot).kind) {
    case "document":
      return first !== undefined && second === undefined ? { kind: "field", field: first } : undefined;
    case "committed":
    case "history":
      if (first === undefined || second === undefined || rest.length > 0) return undefined;
      if (first === "metadata" && second === "id") return { kind: "documentId" };
      if (first === "metadata" && second === "version") return { kind: "version" };
      return first === "data" ? { kind: "field", field: second } : undefined;
    case "nested":
    case "user-tables":
    case "values":
      return undefined;
  }
}

/** The field names that lead from the item of a slot to what an expression names. */
function pathInto(
  expression: Expression,
  slot: number,
  scope: Scope,
): readonly string[] | "documentId" | undefined {
  const [root, steps] = expression.kind === "path" ? [expression.root, expression.steps] : [expression, []];
  if (root.kind !== "name") return undefined;
  const names: string[] = [];
  for (const step of steps) {
    if (step.kind !== "field") return undefined;
    names.push(step.name);
  }
  // Not `find`: the condition itself has noted what it reads.
  const binding = scope.peek(root.name);
  if (binding === undefined)
    return scope.slots.length === 1 && slot === scope.firstSlot ? [root.name, ...names] : undefined;
  if (binding.slot !== slot) return undefined;
  if (binding.kind === "documentId") return names.length === 0 ? "documentId" : undefined;
  return binding.kind === "item" ? names : undefined;
}
