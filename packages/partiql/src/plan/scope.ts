// SPDX-License-Identifier: MIT
import type { AggregateExpression, Expression, PathStep, SubqueryExpression } from "../syntax/ast";
import { PartiqlSemanticError } from "../errors";
import type { CompiledSubquery } from "./compile-subquery";
import { type GroupKeys, namesIn } from "./group-keys";

/** The meaning of a name: a FROM item, its `AT` or its `BY`. */
export interface Binding {
  readonly slot: number;
  readonly kind: "item" | "ordinal" | "documentId";
  /** True for a table without an alias: the name is the table's own. */
  readonly isTableName?: boolean;
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
  /** All slots that it reads; none: it is constant within an execution. */
  readonly slots: readonly number[];
  /** True when it needs no nested query: it can be evaluated without `settled`. */
  readonly isQuick: boolean;
}

/** The parts of a grouped query's rows: SELECT, HAVING and ORDER BY may name keys, and add aggregates. */
export interface GroupedPart {
  readonly keys: GroupKeys;
  readonly aggregates: AggregateExpression[];
}

/** A key or an aggregate of a group. */
export interface GroupPlace {
  /** The slot of the group. */
  readonly slot: number;
  /** The place among the keys, or among the aggregates. */
  readonly index: number;
}

/**
 * The names that an expression can see: those of the FROM items declared so far, and behind them, in a nested SELECT,
 * those of the statement around it.
 */
export class Scope {
  readonly source: string;
  /** The slot of the first FROM item; those of a nested SELECT follow all slots around it. */
  readonly firstSlot: number;
  /** The slot of the current group, after those of the FROM items. */
  readonly groupSlot: number;
  /** The nested SELECTs of the whole statement: each is compiled once, though several parts of a plan may use it. */
  readonly subqueries: Map<SubqueryExpression, CompiledSubquery>;
  /** The parameters of the whole statement into which an expression looks: they are decoded. */
  readonly decodedParameters: Set<number>;
  readonly #outer: Scope | undefined;
  readonly #names = new Map<string, Binding>();
  readonly #origins: ItemOrigin[] = [];
  #slots = new Set<number>();
  #isQuick = true;
  #grouped: GroupedPart | undefined;

  /** @param itemCount - how many FROM items will be declared */
  constructor(source: string, itemCount: number, outer?: Scope) {
    this.source = source;
    this.#outer = outer;
    this.subqueries = outer?.subqueries ?? new Map<SubqueryExpression, CompiledSubquery>();
    this.decodedParameters = outer?.decodedParameters ?? new Set<number>();
    this.firstSlot = outer === undefined ? 0 : outer.groupSlot + 1;
    this.groupSlot = this.firstSlot + itemCount;
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
    return this.#readsTable ? this.slots : [...this.slots, ...(this.#outer?.fieldSlots ?? [])];
  }

  get #readsTable(): boolean {
    return this.#origins.some(({ kind }) => kind !== "values" && kind !== "nested");
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

  /** Notes that what is being compiled needs a nested query. */
  useQuery(): void {
    this.#isQuick = false;
  }

  /** Compiles something and tells what it needs. */
  track<T>(compile: () => T): Tracked<T> {
    const outer = { slots: this.#slots, isQuick: this.#isQuick };
    this.#slots = new Set();
    this.#isQuick = true;
    const result = compile();
    const [slots, isQuick] = [[...this.#slots], this.#isQuick];
    this.#slots = new Set([...outer.slots, ...slots]);
    this.#isQuick = outer.isQuick && isQuick;
    return { result, slots, isQuick };
  }

  /** Compiles something that belongs to the groups of this query, if it has any. */
  withGroups<T>(grouped: GroupedPart, compile: () => T): T {
    this.#grouped = grouped;
    const result = compile();
    this.#grouped = undefined;
    return result;
  }

  /**
   * Finds the key of GROUP BY that an expression is: one of this query, or in a nested SELECT one of the query around it. There a
   * name without an alias means the table that is read, see {@link fieldSlots}, and not the alias of a key.
   */
  findKey(expression: Expression): GroupPlace | undefined {
    const name = expression.kind === "name" ? expression.name : undefined;
    let alias = name;
    for (const scope of this.#chain()) {
      const keys = scope.#grouped?.keys;
      const byAlias = alias === undefined ? undefined : keys?.findAlias(alias);
      const index = byAlias ?? keys?.find(expression, this);
      if (index !== undefined) return this.#groupPlace(scope, index);
      if (scope.#readsTable) alias = undefined;
      if (name !== undefined && scope.#names.has(name)) return undefined;
    }
    return undefined;
  }

  /** How many steps a path may have that is a key of GROUP BY, here or in a query around. The longest come first. */
  get keyStepCounts(): readonly number[] {
    const counts = this.#chain().flatMap((scope) => [...(scope.#grouped?.keys.stepCounts ?? [])]);
    return [...new Set(counts)].sort((left, right) => right - left);
  }

  /**
   * Adds an aggregate to the query that it belongs to: this one or, where no aggregate can stand, the one around it whose items its
   * operand names, as in SQL.
   */
  addAggregate(expression: AggregateExpression): GroupPlace | undefined {
    if (this.#grouped !== undefined)
      return this.#groupPlace(this, this.#grouped.aggregates.push(expression) - 1);
    const slots = namesIn(expression).map((name) => this.peek(name)?.slot);
    for (const around of this.#chain().slice(1)) {
      if (around.#grouped === undefined || slots.length === 0) continue;
      if (!slots.every((slot) => slot !== undefined && around.slots.includes(slot))) continue;
      return this.#groupPlace(around, around.#grouped.aggregates.push(expression) - 1);
    }
    return undefined;
  }

  /** This scope and those around it, from within. */
  #chain(): readonly Scope[] {
    return this.#outer === undefined ? [this] : [this, ...this.#outer.#chain()];
  }

  #groupPlace({ groupSlot: slot }: Scope, index: number): GroupPlace {
    this.use(slot);
    return { slot, index };
  }
}
