// SPDX-License-Identifier: MIT
import { elementsOf, isAbsent, isStruct } from "./datum";
import type { Datum } from "./datum";
import { indexKey } from "./index-key";
import { fieldsOf } from "./struct";

/** The right side of IN, ready to be asked many times. */
export interface Members {
  /** By {@link indexKey}, so that asking does not depend on how many there are. */
  readonly byKey: ReadonlyMap<string, NonNullable<Datum>>;
  /** True if one of the elements is NULL, which NULL and MISSING are found by. */
  readonly hasNull: boolean;
}

const NOTHING: Members = { byKey: new Map(), hasNull: false };

/**
 * Prepares the right side of IN. What is no collection has no members; a struct's are its values.
 *
 * @param scalarAllowed whether a value that is no collection counts as a list of it
 */
export function membersOf(collection: Datum, scalarAllowed: boolean): Members {
  const elements = isStruct(collection)
    ? fieldsOf(collection).map(([, value]) => value)
    : (elementsOf(collection) ?? (scalarAllowed && collection !== undefined ? [collection] : undefined));
  if (elements === undefined) return NOTHING;
  const present = elements.filter((element) => !element.isNull());
  return {
    byKey: new Map(present.map((element) => [indexKey(element), element])),
    hasNull: present.length < elements.length,
  };
}

/**
 * Evaluates `value IN members`: true or false, never NULL. NULL and MISSING are members where NULL is one.
 *
 * Source: partiql-lang-kotlin 0.4.0, which compares members by its natural order and not as `=` does.
 */
export function isMember(value: Datum, { byKey, hasNull }: Members): boolean {
  return isAbsent(value) ? hasNull : byKey.has(indexKey(value));
}
