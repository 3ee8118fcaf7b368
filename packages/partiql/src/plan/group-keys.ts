// SPDX-License-Identifier: MIT
import { dumpText } from "ion-js";
import type { Expression, GroupKey } from "../syntax/ast";
import type { Scope } from "./scope";

/** The keys of a GROUP BY: what the SELECT list may name beside aggregates. */
export class GroupKeys {
  readonly #meanings = new Meanings();
  readonly #indexes = new Map<number, number>();
  readonly #aliases = new Map<string, number>();
  /** How many steps a path may have that says the same as a key: `c.name` and `name` may. Other paths need not be compared. */
  readonly stepCounts: ReadonlySet<number>;

  constructor(keys: readonly GroupKey[], scope: Scope) {
    const stepCounts = new Set<number>();
    for (const [index, { expression, alias }] of keys.entries()) {
      this.#indexes.set(this.#meanings.numberOf(expression, scope), index);
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
    return this.#indexes.size === 0
      ? undefined
      : this.#indexes.get(this.#meanings.numberOf(expression, from));
  }
}

/**
 * Numbers expressions: two have the same number if they say the same; `c.name` and `name` do, where `c` is the only item.
 *
 * Each part of an expression is numbered once, by what it is and the numbers of its own parts. A long chain of operators is asked for
 * with each of its operands, and would otherwise be looked at as often.
 */
class Meanings {
  readonly #numbers = new Map<string, number>();
  /** Numbers of parts, as seen from a scope. */
  readonly #known = new WeakMap<Scope, Map<object, number>>();

  numberOf(expression: Expression, scope: Scope): number {
    const known = this.#known.get(scope) ?? new Map<object, number>();
    this.#known.set(scope, known);
    return this.#numberOfPart(expression, scope, known);
  }

  #numberOfPart(part: unknown, scope: Scope, known: Map<object, number>): number {
    if (typeof part !== "object" || part === null) return this.#number(`${typeof part} ${String(part)}`);
    const before = known.get(part);
    if (before !== undefined) return before;
    // One frame of the stack per level, as trees may be deep.
    let text = "";
    for (const [name, value] of Object.entries(meaningOf(part, scope))) {
      if (name === "at" || value === undefined) continue;
      text += `${name} ${this.#numberOfPart(value, scope, known)},`;
    }
    const number = this.#number(text);
    known.set(part, number);
    return number;
  }

  #number(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }
}

/** A part of an expression with the names resolved that it begins with; its own parts are as they were. */
function meaningOf(part: object, scope: Scope): object {
  if (!("kind" in part)) return part;
  const node = part as Expression;
  if (node.kind === "literal") return { kind: "literal", text: dumpText(node.value) };
  return node.kind === "name" || node.kind === "path" ? resolve(node, scope) : node;
}

function resolve(node: Extract<Expression, { kind: "name" | "path" }>, scope: Scope): object {
  const [root, steps] = node.kind === "path" ? [node.root, node.steps] : [node, []];
  if (root.kind !== "name") return node;
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
