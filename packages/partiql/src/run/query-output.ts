// SPDX-License-Identifier: MIT
import type { Undecoded } from "../value/node";
import type { Frame } from "./frame";
import type { NestedQuery } from "./from-step";

/** What a query makes of the rows of FROM and WHERE. */
export interface QueryOutput {
  /** What must be run before the start. */
  readonly queries: readonly NestedQuery[];
  /** What must be run before each row of FROM is taken in. */
  readonly rowQueries: readonly NestedQuery[];
  /** Starts one execution. */
  start(frame: Frame): OutputState;
}

/** One execution of a query's output. */
export interface OutputState {
  /** True when further rows change nothing. */
  isDone(): boolean;
  /** Asked once, before the first row: so many rows at the beginning need not be taken in, and MUST NOT be then. */
  skip(): number;
  /** Takes in the row that the frame is bound to. Returns a row of the result if there is one now. */
  add(): Undecoded | undefined;
  /** The rows of the result that are known only after the last row of FROM; `undefined` after work that made none. */
  finish(): Iterable<Undecoded | undefined>;
}
