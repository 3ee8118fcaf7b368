// SPDX-License-Identifier: MIT
import { dumpText } from "ion-js";
import type { Expression, GroupKey } from "../syntax/ast";
import type { Scope } from "./scope";

/** The keys of a GROUP BY: what the SELECT list may name beside aggregates. */
export class GroupKeys {
  readonly #indexes = new Map<string, number>();
  readonly #aliases = new Map<string, number>();
  /** How many steps a path may have that says the same as a key: `c.name` and `name` may. Other paths need not be compared. */
  readonly stepCounts: ReadonlySet<number>;

  constructor(keys: readonly GroupKey[], scope: Scope) {
    const stepCounts = new Set<number>();
    for (const [index, { expression, alias }] of keys.entries()) {
      this.#indexes.set(canonical(expression, scope), index);
      if (alias !== undefined) this.#aliases.set(alias, index);
      const count = expression.kind === "path" ? expression.steps.length : 0;
      for (const steps of [0, count - 1, count, count + 1]) stepCounts.add(steps);
    }
    this.stepCounts = stepCounts;
  }

  /** The place of the key that has this alias. */
  findAlias(name: string): number | undefined {
    return this.#aliases.get(name);
  }

  /** The place of the key that says the same as an expression, whose names are seen from a scope. */
  find(expression: Expression, from: Scope): number | undefined {
    return this.#indexes.size === 0 ? undefined : this.#indexes.get(canonical(expression, from));
  }
}

/** A text that two expressions share that say the same; `c.name` and `name` do, where `c` is the only item. */
function canonical(expression: Expression, scope: Scope): string {
  return JSON.stringify(expression, (key, value: unknown) => {
    if (key === "at") return undefined;
    if (typeof value !== "object" || value === null || !("kind" in value)) return value;
    const node = value as Expression;
    if (node.kind === "literal") return { kind: "literal", text: dumpText(node.value) };
    return node.kind === "name" || node.kind === "path" ? resolve(node, scope) : node;
  });
}

function resolve(node: Extract<Expression, { kind: "name" | "path" }>, scope: Scope): unknown {
  const [root, steps] = node.kind === "path" ? [node.root, node.steps] : [node, []];
  if (root.kind !== "name") return { ...node };
  const binding = scope.peek(root.name);
  const [only, ...others] = scope.slots;
  if (binding !== undefined) return { slot: binding.slot, of: binding.kind, steps };
  if (others.length > 0 || only === undefined) return { field: root.name, of: scope.firstSlot, steps };
  return { slot: only, of: "item", steps: [{ kind: "field", name: root.name, at: 0 }, ...steps] };
}

/** The names in an expression; those of its nested SELECTs, too. */
export function namesIn(expression: Expression): readonly string[] {
  const names: string[] = [];
  JSON.stringify(expression, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || !("kind" in value)) return value;
    const node = value as Expression;
    if (node.kind === "name") names.push(node.name);
    return node.kind === "literal" ? undefined : node;
  });
  return names;
}
