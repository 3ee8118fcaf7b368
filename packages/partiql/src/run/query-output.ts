// SPDX-License-Identifier: MIT
import type { Undecoded } from "../value/node";
import type { Frame } from "./frame";

/** The form of a query's result from the rows of FROM and WHERE. */
export interface QueryOutput {
  /** True when no nested query is needed to take a row of FROM in. */
  readonly isQuick: boolean;
  /** Starts one execution. */
  start(frame: Frame): OutputState;
}

/**
 * One execution of a query's output.
 *
 * What needs nested queries is called again once one of them has run, see `settled`: the start, `add` and `addGroup`.
 */
export interface OutputState {
  /** True when further rows change nothing. */
  isDone(): boolean;
  /** Asked once, before the first row: so many rows at the beginning need not be taken in, and MUST NOT be then. */
  skip(): number;
  /** Takes in the row that the frame is bound to. Returns a row of the result if there is one now. */
  add(): Undecoded | undefined;
  /** Binds the frame to each group in turn, after the last row of FROM. */
  groups(): Iterable<undefined>;
  /** Takes in the group that the frame is bound to, as {@link add} does for a row. */
  addGroup(): Undecoded | undefined;
  /** The rows of the result that had to wait for the last one. */
  sorted(): Iterable<Undecoded>;
  /** Ends it: what it kept counts no longer. */
  end(): void;
}
