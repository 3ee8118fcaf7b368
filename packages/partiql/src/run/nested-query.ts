// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { PartiqlEvaluationError } from "../errors";
import type { Frame, RowItem } from "./frame";
import type { NestedQuery } from "./from-step";
import { decoded } from "../value/node";

/** The rows of a nested query, or why there are none, for the items that it ran with. */
interface NestedRows {
  readonly items: readonly (RowItem | undefined)[];
  readonly rows: readonly dom.Value[];
  /** Thrown when the rows are asked for: a CASE may never do so. */
  readonly error: PartiqlEvaluationError | undefined;
}

/** The key of what nested queries found in an execution, each for the items that it last ran with. */
const FOUND = {};

function foundIn(frame: Frame): Map<NestedQuery, NestedRows> {
  return frame.once(FOUND, () => new Map<NestedQuery, NestedRows>());
}

/** Runs nested queries, unless their rows for the current items are known. */
export async function runNested(queries: readonly NestedQuery[], frame: Frame): Promise<void> {
  for (const query of queries) {
    const known = foundIn(frame).get(query);
    const items = query.slots.map((slot) => frame.items[slot]);
    if (known?.items.every((item, place) => item === items[place]) === true) continue;
    for (const row of known?.rows ?? []) frame.workload.release(row);
    foundIn(frame).set(query, { items, ...(await findRows(query, frame)) });
  }
}

async function findRows(query: NestedQuery, frame: Frame): Promise<Omit<NestedRows, "items">> {
  const rows: dom.Value[] = [];
  try {
    for await (const found of query.run(frame)) {
      const row = decoded(found);
      rows.push(row);
      frame.workload.hold(row);
      if (rows.length === query.rowsMax) break;
    }
    return { rows, error: undefined };
  } catch (error) {
    if (!(error instanceof PartiqlEvaluationError)) throw error;
    return { rows, error };
  }
}

/** The rows of a nested query that was run. */
export function rowsOf(query: NestedQuery, frame: Frame): readonly dom.Value[] {
  const known = foundIn(frame).get(query);
  if (known === undefined)
    throw new RangeError("A plan evaluates an expression only after its nested queries ran.");
  if (known.error !== undefined) throw known.error;
  return known.rows;
}
