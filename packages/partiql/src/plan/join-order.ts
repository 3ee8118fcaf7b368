// SPDX-License-Identifier: MIT
import type { JoinKind } from "../syntax/ast";

/** In which order the items of a FROM clause are read, and what may restrict which of them. Items are meant by their places, from 0. */
export class JoinOrder {
  readonly joins: readonly JoinKind[];
  /** The places in the order of reading: the item of a RIGHT JOIN is read before those that it is joined with. */
  readonly #order: readonly number[];

  constructor(joins: readonly JoinKind[]) {
    this.joins = joins;
    const order: number[] = [];
    for (const [place, join] of joins.entries()) {
      if (join === "right") order.unshift(place);
      else order.push(place);
    }
    this.#order = order;
  }

  /** True when all these items are bound while an item is read. */
  areReadBefore(places: readonly number[], item: number): boolean {
    const rank = this.#order.indexOf(item);
    return places.every((place) => this.#order.indexOf(place) < rank);
  }

  /**
   * The item at which a condition is decided: all that it reads are bound, and no later RIGHT or FULL JOIN that comes before the
   * condition can make an item NULL.
   *
   * @param home - the last item whose combinations the condition restricts
   */
  decidedAt(places: readonly number[], home: number): number {
    const nulling = this.joins.findLastIndex((join, place) => place <= home && isNulling(join));
    return Math.max(0, nulling, ...places.filter((place) => place <= home));
  }

  /** True when what an item has to be read for is restricted by a condition: it is no part of what an outer join keeps before it. */
  restricts(home: number, item: number): boolean {
    const next = this.joins.findIndex((join, place) => place > item && isNulling(join));
    return home >= item && (next === -1 || home < next);
  }
}

/** RIGHT and FULL JOIN keep rows without a match, in which all items before are NULL. */
function isNulling(join: JoinKind): boolean {
  return join === "right" || join === "full";
}
