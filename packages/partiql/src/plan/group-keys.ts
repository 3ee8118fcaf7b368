// SPDX-License-Identifier: MIT
import { dumpText } from "ion-js";
import type { Expression, GroupKey } from "../syntax/ast";
import type { Scope } from "./scope";

/** The keys of a GROUP BY: what the SELECT list may name beside aggregates. */
export class GroupKeys {
  readonly #scope: Scope;
  readonly #indexes = new Map<string, number>();
  readonly #aliases = new Map<string, number>();

  constructor(keys: readonly GroupKey[], scope: Scope) {
    this.#scope = scope;
    for (const [index, { expression, alias }] of keys.entries()) {
      this.#indexes.set(this.#canonical(expression), index);
      if (alias !== undefined) this.#aliases.set(alias, index);
    }
  }

  /** The place of the key that an expression is, by its alias or because it says the same. */
  find(expression: Expression): number | undefined {
    const byAlias = expression.kind === "name" ? this.#aliases.get(expression.name) : undefined;
    return byAlias ?? this.#indexes.get(this.#canonical(expression));
  }

  /** A text that two expressions share that say the same; `c.name` and `name` do, where `c` is the only item. */
  #canonical(expression: Expression): string {
    return JSON.stringify(expression, (key, value: unknown) => {
      if (key === "at") return undefined;
      if (typeof value !== "object" || value === null || !("kind" in value)) return value;
      const node = value as Expression;
      if (node.kind === "literal") return { kind: "literal", text: dumpText(node.value) };
      return node.kind === "name" || node.kind === "path" ? this.#resolve(node) : node;
    });
  }

  #resolve(node: Extract<Expression, { kind: "name" | "path" }>): unknown {
    const [root, steps] = node.kind === "path" ? [node.root, node.steps] : [node, []];
    if (root.kind !== "name") return { ...node };
    const binding = this.#scope.peek(root.name);
    const [only, ...others] = this.#scope.slots;
    if (binding !== undefined) return { slot: binding.slot, of: binding.kind, steps };
    if (others.length > 0 || only === undefined) return { field: root.name, steps };
    return { slot: only, of: "item", steps: [{ kind: "field", name: root.name, at: 0 }, ...steps] };
  }
}
