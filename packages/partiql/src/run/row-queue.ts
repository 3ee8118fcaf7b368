// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import type { Datum } from "../value/datum";
import { indexKey } from "../value/index-key";
import { decoded, type Undecoded } from "../value/node";
import { compareForSort } from "../value/sort-order";
import type { SortDirection } from "../value/sort-order";
import type { Evaluate } from "./evaluate";
import type { Frame } from "./frame";
import type { Holding } from "./workload";

/** One key of ORDER BY, compiled. */
export interface CompiledSortKey extends SortDirection {
  readonly evaluate: Evaluate;
}

/** The treatment of a query's rows after they are made. */
export interface RowRules {
  readonly project: (frame: Frame) => Undecoded | undefined;
  readonly distinct: boolean;
  readonly orderBy: readonly CompiledSortKey[];
  /** How many rows are handed out, and how many are left out before them. */
  readonly limit: ((frame: Frame) => number) | undefined;
  readonly offset: ((frame: Frame) => number) | undefined;
}

interface SortableRow {
  readonly row: dom.Value;
  readonly keys: readonly Datum[];
}

/** With a limit, rows that cannot be among the first are dropped whenever so many more have been collected. */
const DROP_AFTER_ROWS = 1024;

/** The rows of one execution of a query: DISTINCT, ORDER BY, LIMIT and OFFSET. */
export class RowQueue {
  readonly #rules: RowRules;
  readonly #frame: Frame;
  readonly #holding: Holding;
  readonly #seen = new Set<string>();
  readonly #limit: number;
  #toSkip: number;
  #handedOut = 0;
  #rows: SortableRow[] = [];

  constructor(rules: RowRules, frame: Frame, holding: Holding) {
    this.#rules = rules;
    this.#frame = frame;
    this.#holding = holding;
    this.#limit = rules.limit?.(frame) ?? Infinity;
    this.#toSkip = rules.offset?.(frame) ?? 0;
  }

  /** True when no further row can be handed out. */
  get isDone(): boolean {
    return this.#handedOut >= this.#limit;
  }

  /** Counts the rows that OFFSET leaves out as left out, if they need not be made to know which ones these are. */
  takeSkipped(): number {
    const { distinct, orderBy } = this.#rules;
    if (distinct || orderBy.length > 0) return 0;
    const skipped = this.#toSkip;
    this.#toSkip = 0;
    return skipped;
  }

  /** Makes the row of what the frame is bound to. Returns the row if it can be handed out now. */
  push(): Undecoded | undefined {
    const made = this.#rules.project(this.#frame);
    // A result is a list of Ion values, and MISSING is none.
    if (made === undefined) return undefined;
    if (this.#rules.orderBy.length === 0 && !this.#rules.distinct) return this.#pass(made);
    const row = decoded(made);
    const key = this.#rules.distinct ? indexKey(row) : undefined;
    if (key !== undefined && this.#seen.has(key)) return undefined;
    // Nothing is kept before all values are known: a nested query may have to run for them.
    const keys = this.#rules.orderBy.map(({ evaluate }) => evaluate(this.#frame));
    if (key !== undefined) this.#keepSeen(key, row);
    if (keys.length === 0) return this.#pass(row);
    this.#holding.hold(row);
    this.#rows.push({ row, keys });
    if (this.#rows.length > 2 * this.#wanted + DROP_AFTER_ROWS) this.#sort();
    return undefined;
  }

  /** The rows that had to wait for the last one, in order. */
  *sorted(): Generator<dom.Value> {
    this.#sort();
    for (const { row } of this.#rows) {
      if (this.isDone) return;
      const passed = this.#pass(row);
      if (passed !== undefined) yield passed;
    }
  }

  get #wanted(): number {
    return this.#limit + this.#toSkip;
  }

  #pass<T extends Undecoded>(row: T): T | undefined {
    if (this.#toSkip > 0) {
      this.#toSkip -= 1;
      return undefined;
    }
    this.#handedOut += 1;
    return row;
  }

  #keepSeen(key: string, row: dom.Value): void {
    this.#holding.hold(row);
    this.#seen.add(key);
  }

  #sort(): void {
    const { orderBy } = this.#rules;
    this.#rows.sort((left, right) => {
      for (const [at, direction] of orderBy.entries()) {
        const order = compareForSort(left.keys[at], right.keys[at], direction);
        if (order !== 0) return order;
      }
      return 0;
    });
    for (const { row } of this.#rows.splice(this.#wanted)) this.#holding.release(row);
  }
}
