// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import type { Frame, RowItem } from "./frame";
import type { NestedQuery } from "./from-step";
import { decoded } from "../value/node";

/** The rows of a nested query for the items that it ran with. */
interface NestedRows {
  readonly items: readonly (RowItem | undefined)[];
  readonly rows: readonly dom.Value[];
}

/** Stops an expression that needs the rows of a nested query. It never leaves {@link settled}. */
class RowsMissing extends Error {
  readonly query: NestedQuery;

  constructor(query: NestedQuery) {
    super("A plan evaluates what may need a nested query through `settled`.");
    this.query = query;
  }
}

/** The key of what nested queries found in an execution, each for the items that it last ran with. */
const FOUND = {};

function foundIn(frame: Frame): Map<NestedQuery, NestedRows> {
  return frame.once(FOUND, () => new Map<NestedQuery, NestedRows>());
}

/**
 * Evaluates something that may need nested queries: each is run when the evaluation comes to it.
 *
 * @param evaluate - is called again after each of them, so it MUST NOT have changed anything before it has all values
 */
export async function settled<T>(frame: Frame, evaluate: () => T): Promise<T> {
  for (;;) {
    try {
      return evaluate();
    } catch (error) {
      if (!(error instanceof RowsMissing)) throw error;
      await runQuery(error.query, frame);
      if (frame.workload.spend(0)) await frame.workload.rest();
    }
  }
}

async function runQuery(query: NestedQuery, frame: Frame): Promise<void> {
  const found = foundIn(frame);
  for (const row of found.get(query)?.rows ?? []) frame.workload.release(row);
  found.delete(query);
  const items = query.slots.map((slot) => frame.items[slot]);
  const rows: dom.Value[] = [];
  for await (const each of query.run(frame)) {
    const row = decoded(each);
    rows.push(row);
    frame.workload.hold(row);
    if (rows.length === query.rowsMax) break;
  }
  found.set(query, { items, rows });
}

/** The rows of a nested query for the items that the frame is bound to. */
export function rowsOf(query: NestedQuery, frame: Frame): readonly dom.Value[] {
  const known = foundIn(frame).get(query);
  const isCurrent = known?.items.every((item, place) => item === frame.items[query.slots[place] ?? -1]);
  if (known === undefined || isCurrent !== true) throw new RowsMissing(query);
  return known.rows;
}
