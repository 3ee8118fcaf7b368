// SPDX-License-Identifier: MIT
import type { Frame } from "../run/frame";
import type { FromStep, NestedQuery } from "../run/from-step";
import type { Undecoded } from "../value/node";

/** A statement, ready to run any number of times; it holds no state of an execution. */
export interface Plan {
  /** The loops of its FROM clause, if it has one. */
  readonly steps: readonly FromStep[];
  /** Its nested SELECTs that read tables, however deep, in the order of the text. */
  readonly queries: readonly NestedQuery[];
  /** The parameters into which an expression looks, by their places. Others are never decoded as a whole. */
  readonly decodedParameters: ReadonlySet<number>;
  /** Runs it; the rows come as they are asked for, but changes are all made before the first row. */
  run(frame: Frame): AsyncGenerator<Undecoded>;
}
