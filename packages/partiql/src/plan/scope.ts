// SPDX-License-Identifier: MIT
import type { NestedQuery } from "../run/from-step";
import type { PathStep, SubqueryExpression } from "../syntax/ast";
import { PartiqlSemanticError } from "../errors";
import type { CompiledSubquery } from "./compile-subquery";

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
  | { readonly kind: "user-tables" }
  | { readonly kind: "values" };

/** A part of a statement, compiled, with what it needs. */
export interface Tracked<T> {
  readonly result: T;
  /** The last slot that it reads; -1: it is constant within an execution. */
  readonly lastSlot: number;
  /** All slots that it reads. */
  readonly slots: readonly number[];
  /** What must be run before it is evaluated. */
  readonly queries: readonly NestedQuery[];
}

/**
 * The names that an expression can see: those of the FROM items declared so far, and behind them, in a nested SELECT,
 * those of the statement around it.
 */
export class Scope {
  readonly source: string;
  /** The slot of the first FROM item; those of a nested SELECT follow the ones around it. */
  readonly firstSlot: number;
  /** The nested SELECTs of the whole statement: each is compiled once, though several parts of a plan may use it. */
  readonly subqueries: Map<SubqueryExpression, CompiledSubquery>;
  /** The parameters of the whole statement into which an expression looks: they are decoded. */
  readonly decodedParameters: Set<number>;
  readonly #outer: Scope | undefined;
  readonly #names = new Map<string, Binding>();
  readonly #origins: ItemOrigin[] = [];
  #slots = new Set<number>();
  #queries = new Set<NestedQuery>();

  constructor(source: string, outer?: Scope) {
    this.source = source;
    this.#outer = outer;
    this.subqueries = outer?.subqueries ?? new Map<SubqueryExpression, CompiledSubquery>();
    this.decodedParameters = outer?.decodedParameters ?? new Set<number>();
    this.firstSlot = outer === undefined ? 0 : outer.firstSlot + outer.#origins.length;
  }

  /** The FROM items declared so far. */
  get slots(): readonly number[] {
    return this.#origins.map((_, place) => this.firstSlot + place);
  }

  /**
   * The FROM items that a name without an alias may be a field of, nearest first. Where a table is read, those around a nested
   * SELECT are not among them: as in SQL, such a name means the table, and then an index can serve it.
   */
  get fieldSlots(): readonly number[] {
    const readsTable = this.#origins.some(({ kind }) => kind !== "values" && kind !== "nested");
    return readsTable ? this.slots : [...this.slots, ...(this.#outer?.fieldSlots ?? [])];
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
    this.#slots.add(slot);
  }

  /** Notes that a nested query must be run before what is being compiled is evaluated. */
  need(query: NestedQuery): void {
    this.#queries.add(query);
  }

  /** Compiles something and tells what it needs. */
  track<T>(compile: () => T): Tracked<T> {
    const outer = { slots: this.#slots, queries: this.#queries };
    this.#slots = new Set();
    this.#queries = new Set();
    const result = compile();
    const [slots, queries] = [[...this.#slots], [...this.#queries]];
    this.#slots = new Set([...outer.slots, ...slots]);
    this.#queries = new Set([...outer.queries, ...queries]);
    return { result, lastSlot: Math.max(-1, ...slots), slots, queries };
  }
}
