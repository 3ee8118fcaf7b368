// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import type { ComparisonExpression, Expression, InExpression } from "../syntax/ast";
import type { CatalogTable } from "../catalog";
import { compileExpression } from "./compile-expression";
import type { Evaluate } from "./compile-expression";
import { compileMembers } from "./compile-predicate";
import { isAbsent } from "../value/datum";
import type { Frame } from "../run/frame";
import type { Scope } from "./scope";

/** What a lookup restricts: the document's id, a top-level field of its data, or (in the history) the version. */
export type LookupTarget =
  | { readonly kind: "documentId" }
  | { readonly kind: "version" }
  | { readonly kind: "field"; readonly field: string };

/** A condition that a table can be asked with, instead of being read in full. */
export interface Lookup {
  readonly target: LookupTarget;
  /** Whether it may ask for several values (IN). */
  readonly many: boolean;
  /** The values asked for: distinct, none of them null, known before the table is opened. */
  readonly values: (frame: Frame) => readonly dom.Value[];
}

/** How a table's documents are found. */
export type AccessPath =
  | { readonly kind: "documentId"; readonly lookup: Lookup }
  | { readonly kind: "index"; readonly field: string; readonly lookup: Lookup }
  | { readonly kind: "scan" };

/** Chooses among the lookups: document ids before indexes, one value before many, a scan if there is nothing. */
export function chooseAccess(
  lookups: readonly Lookup[],
  table: Pick<CatalogTable, "indexedFields">,
): AccessPath {
  const ranked = [...lookups].sort((left, right) => Number(left.many) - Number(right.many));
  const byId = ranked.find(({ target }) => target.kind === "documentId");
  if (byId !== undefined) return { kind: "documentId", lookup: byId };
  for (const lookup of ranked) {
    const { target } = lookup;
    if (target.kind === "field" && table.indexedFields.has(target.field)) {
      return { kind: "index", field: target.field, lookup };
    }
  }
  return { kind: "scan" };
}

/** Finds the lookups that one condition of a conjunction offers for the item of a slot. */
export function findLookups(condition: Expression, slot: number, scope: Scope): readonly Lookup[] {
  if (condition.kind === "comparison" && condition.operator === "=")
    return findEqualities(condition, slot, scope);
  if (condition.kind === "in" && !condition.negated) return findMemberships(condition, slot, scope);
  return [];
}

function findEqualities(
  { left, right }: ComparisonExpression,
  slot: number,
  scope: Scope,
): readonly Lookup[] {
  const sides = [
    [left, right],
    [right, left],
  ] as const;
  return sides.flatMap(([side, other]): Lookup[] => {
    const target = lookupTarget(side, slot, scope);
    // Compiled only if it is of use: nested SELECTs would be compiled again on every level.
    const value = target && compileBefore(other, slot, scope);
    if (target === undefined || value === undefined) return [];
    const values = (frame: Frame) => {
      const datum = value(frame);
      return isAbsent(datum) ? [] : [datum];
    };
    return [{ target, many: false, values }];
  });
}

function findMemberships(condition: InExpression, slot: number, scope: Scope): readonly Lookup[] {
  const target = lookupTarget(condition.operand, slot, scope);
  if (target === undefined) return [];
  const { members, lastSlot } = compileMembers(condition, { scope });
  if (lastSlot >= slot) return [];
  const values = (frame: Frame) => [...(members(frame)?.byKey.values() ?? [])];
  return [{ target, many: true, values }];
}

/** Compiles an expression if it depends only on what is bound before the slot. */
function compileBefore(expression: Expression, slot: number, scope: Scope): Evaluate | undefined {
  const { result, lastSlot } = scope.track(() => compileExpression(expression, { scope }));
  return lastSlot < slot ? result : undefined;
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
  const binding = scope.find(root.name);
  if (binding === undefined)
    return scope.slots.length === 1 && slot === scope.firstSlot ? [root.name, ...names] : undefined;
  if (binding.slot !== slot) return undefined;
  if (binding.kind === "documentId") return names.length === 0 ? "documentId" : undefined;
  return binding.kind === "item" ? names : undefined;
}
