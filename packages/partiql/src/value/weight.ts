// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { elementsOf, isStruct, textOf, type Datum } from "./datum";
import { fieldsOf } from "./struct";

/** Containers that were weighed: what a statement builds may hold one of them many times over. */
const known = new WeakMap<dom.Value, number>();

/** So many characters weigh as much as one element. */
const CHARACTERS_PER_UNIT = 16;

/**
 * How much work and memory it takes to write a value out: about one for each scalar in it, as often as it stands there. A
 * list of a list of a list may be small in memory and have a million elements.
 */
export function weightOf(datum: Datum): number {
  if (datum === undefined) return 0;
  const text = textOf(datum);
  if (text !== undefined) return 1 + text.length / CHARACTERS_PER_UNIT;
  const parts = isStruct(datum) ? fieldsOf(datum).map(([, value]) => value) : elementsOf(datum);
  if (parts === undefined) return 1;
  const before = known.get(datum);
  if (before !== undefined) return before;
  const weight = parts.reduce((sum, part) => sum + weightOf(part), 1);
  known.set(datum, weight);
  return weight;
}
