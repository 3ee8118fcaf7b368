// SPDX-License-Identifier: MIT
import type { Datum } from "../value/datum";
import { isAbsent, NULL } from "../value/datum";
import { indexKey } from "../value/index-key";
import { makeStruct } from "../value/struct";
import type { Evaluate } from "./evaluate";
import type { Frame } from "./frame";

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

/** The groups of one execution of a query, in the order of their first row. */
export class Grouping {
  readonly #keys: readonly Evaluate[] | undefined;
  readonly #start: () => GroupAggregates;
  readonly #groups = new Map<string, Group>();

  /** @param keys - absent without GROUP BY: all rows are one group, also if there are none. */
  constructor(keys: readonly Evaluate[] | undefined, start: () => GroupAggregates) {
    this.#keys = keys;
    this.#start = start;
    if (keys === undefined) this.#groups.set(NO_KEYS, { keys: [], aggregates: start() });
  }

  /** Takes in the row that the frame is bound to. */
  add(frame: Frame): void {
    // NULL and MISSING are one group.
    const keys = (this.#keys ?? []).map((key) => key(frame) ?? NULL);
    this.#groupOf(keys, frame).aggregates.add(frame);
  }

  /** Binds the frame to each group in turn, and to what it was bound to before at the end. */
  *bindEach(frame: Frame): Generator<undefined> {
    const outer = { groupKeys: frame.groupKeys, aggregates: frame.aggregates };
    for (const { keys, aggregates } of this.#groups.values()) {
      frame.groupKeys = keys;
      frame.aggregates = aggregates.results();
      yield undefined;
    }
    frame.groupKeys = outer.groupKeys;
    frame.aggregates = outer.aggregates;
  }

  #groupOf(keys: readonly Datum[], frame: Frame): Group {
    const text = JSON.stringify(keys.map((key) => (isAbsent(key) ? null : indexKey(key))));
    let group = this.#groups.get(text);
    if (group === undefined) {
      frame.workload.hold(makeStruct(keys.map((key, place) => [String(place), key ?? NULL])));
      group = { keys, aggregates: this.#start() };
      this.#groups.set(text, group);
    }
    return group;
  }
}
