// SPDX-License-Identifier: MIT
import type { PathStep } from "../syntax/ast";
import { PartiqlSemanticError } from "../errors";

/** What a name stands for: a FROM item, its `AT` or its `BY`. */
export interface Binding {
  readonly slot: number;
  readonly kind: "item" | "ordinal" | "documentId";
}

/** A name with what it stands for. */
export interface NamedBinding {
  readonly name: string;
  readonly binding: Binding;
}

/** Where the rows of a FROM item come from, as far as later parts of the plan must know. */
export type ItemOrigin =
  | { readonly kind: "document" }
  | { readonly kind: "committed" }
  | { readonly kind: "history" }
  /** Elements of a list inside an earlier item: `FROM T AS t, t.list AS x`. */
  | { readonly kind: "nested"; readonly parent: number; readonly steps: readonly PathStep[] }
  | { readonly kind: "values" };

/**
 * The names that an expression can see: those of the FROM items declared so far, and behind them, in a nested SELECT,
 * those of the statement around it.
 */
export class Scope {
  readonly source: string;
  /** The slot of the first FROM item; those of a nested SELECT follow the ones around it. */
  readonly firstSlot: number;
  readonly #outer: Scope | undefined;
  readonly #names = new Map<string, Binding>();
  readonly #origins: ItemOrigin[] = [];
  #lastSlot = -1;

  constructor(source: string, outer?: Scope) {
    this.source = source;
    this.#outer = outer;
    this.firstSlot = outer === undefined ? 0 : outer.firstSlot + outer.#origins.length;
  }

  /** The FROM items declared so far. */
  get slots(): readonly number[] {
    return this.#origins.map((_, place) => this.firstSlot + place);
  }

  /** The FROM items that a name without an alias may be a field of, nearest first. */
  get fieldSlots(): readonly number[] {
    return [...this.slots, ...(this.#outer?.fieldSlots ?? [])];
  }

  /** The names that AT and BY gave an item, in the order of the text. */
  namesBeside(slot: number): readonly NamedBinding[] {
    return [...this.#names]
      .map(([name, binding]) => ({ name, binding }))
      .filter(({ binding }) => binding.slot === slot && binding.kind !== "item");
  }

  origin(slot: number): ItemOrigin {
    const origin = this.#origins[slot - this.firstSlot];
    if (origin === undefined) throw new RangeError("A binding's slot is always declared.");
    return origin;
  }

  /** Declares the next FROM item and returns its slot. */
  declareItem(origin: ItemOrigin): number {
    this.#origins.push(origin);
    return this.firstSlot + this.#origins.length - 1;
  }

  /** Gives a name a meaning. */
  declareName(name: string, binding: Binding, at: number): void {
    if (this.#names.has(name)) {
      throw new PartiqlSemanticError(
        `Expected different names for the items of FROM, found ${name} twice: give one another name with AS.`,
        this.source,
        at,
      );
    }
    this.#names.set(name, binding);
  }

  /** Tells what a name stands for, without noting that it is read. */
  peek(name: string): Binding | undefined {
    return this.#names.get(name) ?? this.#outer?.peek(name);
  }

  /** Finds what a name stands for; not found, it is a field of one of the items. */
  find(name: string): Binding | undefined {
    const binding = this.peek(name);
    if (binding !== undefined) this.use(binding.slot);
    return binding;
  }

  /** Notes that what is being compiled reads this slot. */
  use(slot: number): void {
    if (slot < this.firstSlot) this.#outer?.use(slot);
    this.#lastSlot = Math.max(this.#lastSlot, slot);
  }

  /** Compiles something and tells the last slot that it reads; -1: it is constant within an execution. */
  track<T>(compile: () => T): { readonly result: T; readonly lastSlot: number } {
    const outer = this.#lastSlot;
    this.#lastSlot = -1;
    const result = compile();
    const lastSlot = this.#lastSlot;
    this.#lastSlot = Math.max(outer, lastSlot);
    return { result, lastSlot };
  }
}
