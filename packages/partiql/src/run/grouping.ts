// SPDX-License-Identifier: MIT
import type { Datum } from "../value/datum";
import { isAbsent, NULL } from "../value/datum";
import { indexKey } from "../value/index-key";
import { makeStruct } from "../value/struct";
import type { Evaluate } from "./evaluate";
import { type Frame, GroupItem } from "./frame";
import type { Holding } from "./workload";

/** The aggregates of one group, while rows come in. */
export interface GroupAggregates {
  add(frame: Frame): void;
  results(): readonly Datum[];
}

interface Group {
  readonly keys: readonly Datum[];
  readonly aggregates: GroupAggregates;
}

/** The text of no keys, under which the one group without GROUP BY is kept. */
const NO_KEYS = JSON.stringify([]);

/** The parts of a grouping. */
interface GroupingParts {
  /** Absent without GROUP BY: all rows are one group, also if there are none. */
  readonly keys: readonly Evaluate[] | undefined;
  /** Starts the aggregates of a group. */
  readonly start: () => GroupAggregates;
  readonly holding: Holding;
}

/** The groups of one execution of a query, in the order of their first row. */
export class Grouping {
  readonly #parts: GroupingParts;
  readonly #groups = new Map<string, Group>();

  constructor(parts: GroupingParts) {
    this.#parts = parts;
    if (parts.keys === undefined) this.#groups.set(NO_KEYS, { keys: [], aggregates: parts.start() });
  }

  /** Takes in the row that the frame is bound to. */
  add(frame: Frame): void {
    // NULL and MISSING are one group.
    const keys = (this.#parts.keys ?? []).map((key) => key(frame) ?? NULL);
    this.#groupOf(keys).aggregates.add(frame);
  }

  /** Binds a slot of the frame to each group in turn. */
  *bindEach(frame: Frame, slot: number): Generator<undefined> {
    for (const { keys, aggregates } of this.#groups.values()) {
      frame.items[slot] = new GroupItem(keys, aggregates.results());
      yield undefined;
    }
  }

  #groupOf(keys: readonly Datum[]): Group {
    const text = JSON.stringify(keys.map((key) => (isAbsent(key) ? null : indexKey(key))));
    let group = this.#groups.get(text);
    if (group === undefined) {
      this.#parts.holding.hold(makeStruct(keys.map((key, place) => [String(place), key ?? NULL])));
      group = { keys, aggregates: this.#parts.start() };
      this.#groups.set(text, group);
    }
    return group;
  }
}
