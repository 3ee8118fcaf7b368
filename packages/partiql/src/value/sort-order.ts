// SPDX-License-Identifier: MIT
import { IonTypes } from "ion-js";
import type { dom, IonType } from "ion-js";
import { orderOf } from "./compare";
import { isAbsent } from "./datum";
import type { Datum } from "./datum";
import { indexKey } from "./index-key";

/** The kinds of values in the order in which ORDER BY puts them, as in the reference implementation. */
const RANKS: readonly (readonly IonType[])[] = [
  [IonTypes.BOOL],
  [IonTypes.INT, IonTypes.DECIMAL, IonTypes.FLOAT],
  [IonTypes.TIMESTAMP],
  [IonTypes.STRING, IonTypes.SYMBOL],
  [IonTypes.BLOB, IonTypes.CLOB],
  [IonTypes.LIST],
  [IonTypes.SEXP],
  [IonTypes.STRUCT],
];

/** How ORDER BY sorts by one key. */
export interface SortDirection {
  readonly descending: boolean;
  /** NULL and MISSING come before all other values. */
  readonly nullsFirst: boolean;
}

/**
 * Compares two values for ORDER BY: a total order, in which values of different kinds come one kind after the other.
 *
 * Lists, S-expressions and structs have an order of their own here, that of {@link indexKey}, so that equal ones come together.
 */
export function compareForSort(left: Datum, right: Datum, { descending, nullsFirst }: SortDirection): number {
  if (isAbsent(left) || isAbsent(right)) {
    const order = Number(isAbsent(left)) - Number(isAbsent(right));
    return nullsFirst ? -order : order;
  }
  const order = compareValues(left, right);
  return descending ? -order : order;
}

function compareValues(left: dom.Value, right: dom.Value): number {
  const order = orderOf(left, right);
  if (order !== undefined) return order;
  const ranks = rankOf(left) - rankOf(right);
  if (ranks !== 0) return ranks;
  const [a, b] = [indexKey(left), indexKey(right)];
  return a < b ? -1 : Number(a > b);
}

function rankOf(value: dom.Value): number {
  return RANKS.findIndex((types) => types.includes(value.getType()));
}
