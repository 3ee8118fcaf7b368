// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { PartiqlEvaluationError } from "../errors";
import { weightOf } from "../value/weight";

/**
 * Lets others have their turn while a statement runs, and ends it.
 *
 * Asked after every 512 units of work. MAY wait; MUST throw when the statement is to end: its time is over, or
 * nobody waits for it any more.
 */
export type Pace = () => Promise<void>;

/** Work is counted, not timed, where nobody can be let in between: this much of it takes a fraction of a second. */
const UNITS_AT_ONCE_MAX = 100_000;
/** Rows that a statement may keep: sorting them takes a fraction of a second. */
const HELD_ROWS_MAX = 50_000;
/** And their size, as {@link weightOf} counts it. */
const HELD_WEIGHT_MAX = 4_000_000;
/** A turn is over after so much work: a few milliseconds. */
const UNITS_PER_TURN = 512;

/** How a statement is executed. */
export interface ExecuteOptions {
  /** Default: nobody has a turn in between, and nothing ends it. */
  readonly pace?: Pace | undefined;
  /** Rows and groups that ORDER BY, GROUP BY, DISTINCT, FULL JOIN and nested SELECTs may keep at once. Default: 50,000. */
  readonly heldRowsMax?: number | undefined;
}

/** The cost of one execution of a statement since others could last have their turn. A unit is about one row looked at. */
export class Workload {
  readonly #pace: Pace | undefined;
  readonly #heldRowsMax: number;
  readonly #source: string;
  #units = 0;
  #heldRows = 0;
  #heldWeight = 0;

  constructor(source: string, { pace, heldRowsMax = HELD_ROWS_MAX }: ExecuteOptions = {}) {
    this.#pace = pace;
    this.#heldRowsMax = heldRowsMax;
    this.#source = source;
  }

  /**
   * Counts work.
   *
   * @returns whether it is time to {@link rest}.
   * @throws PartiqlEvaluationError where one row takes so much work that others would have to wait.
   */
  spend(units: number): boolean {
    this.#units += units;
    if (this.#units <= UNITS_AT_ONCE_MAX) return this.#units >= UNITS_PER_TURN;
    throw new PartiqlEvaluationError(
      "Expected an expression that can be evaluated within a fraction of a second, found more work for one row: " +
        "give it smaller lists, texts and numbers, or split the statement.",
      this.#source,
    );
  }

  /**
   * Counts a row that is kept until it is released, or the statement ends.
   *
   * @throws PartiqlEvaluationError where too much is kept.
   */
  hold(row: dom.Value): void {
    this.#keep(1, weightOf(row));
  }

  /** Counts a row that is kept no longer. */
  release(row: dom.Value): void {
    this.#keep(-1, -weightOf(row));
  }

  /** Starts to count rows that are released together: those of a query, which may be a nested one that runs for each row. */
  holding(): Holding {
    return new Holding((rows, weight) => {
      this.#keep(rows, weight);
    });
  }

  #keep(rows: number, weight: number): void {
    this.#heldRows += rows;
    this.#heldWeight += weight;
    if (rows < 0 || (this.#heldRows <= this.#heldRowsMax && this.#heldWeight <= HELD_WEIGHT_MAX)) return;
    throw new PartiqlEvaluationError(
      `Expected at most ${String(this.#heldRowsMax)} rows or groups of moderate size to sort, group, compare or join, found more: ` +
        "select fewer rows with WHERE, or add LIMIT to ORDER BY.",
      this.#source,
    );
  }

  /** Lets others have their turn. */
  async rest(): Promise<void> {
    await this.#pace?.();
    this.#units = 0;
  }
}

/** Rows that one part of a statement keeps, and releases together. */
export class Holding {
  readonly #keep: (rows: number, weight: number) => void;
  #rows = 0;
  #weight = 0;

  constructor(keep: (rows: number, weight: number) => void) {
    this.#keep = keep;
  }

  /** Counts a row that is kept; throws as {@link Workload.hold}. */
  hold(row: dom.Value): void {
    this.#add(1, weightOf(row));
  }

  /** Counts a row that is kept no longer. */
  release(row: dom.Value): void {
    this.#add(-1, -weightOf(row));
  }

  /** Counts all that is still kept as released. */
  releaseAll(): void {
    this.#add(-this.#rows, -this.#weight);
  }

  #add(rows: number, weight: number): void {
    this.#rows += rows;
    this.#weight += weight;
    this.#keep(rows, weight);
  }
}
