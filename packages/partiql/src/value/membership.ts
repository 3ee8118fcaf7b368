// SPDX-License-Identifier: MIT
import { elementsOf, isAbsent, toDatum } from "./datum";
import type { Datum } from "./datum";
import { indexKey } from "./index-key";

/** The right side of IN, ready to be asked many times. */
export interface Members {
  /** By {@link indexKey}, so that asking does not depend on how many there are. */
  readonly byKey: ReadonlyMap<string, NonNullable<Datum>>;
  /** Whether one of the elements is null, so that "not found" is unknown. */
  readonly hasNull: boolean;
}

/**
 * Prepares the right side of IN.
 *
 * @param scalarAllowed whether a value that is no collection counts as a list of it
 * @returns `undefined` if it is no collection
 */
export function membersOf(collection: Datum, scalarAllowed: boolean): Members | undefined {
  const elements =
    elementsOf(collection) ?? (scalarAllowed && collection !== undefined ? [collection] : undefined);
  if (elements === undefined) return undefined;
  const present = elements.filter((element) => !element.isNull());
  return {
    byKey: new Map(present.map((element) => [indexKey(element), element])),
    hasNull: present.length < elements.length,
  };
}

/** Evaluates `value IN members`. */
export function isMember(value: Datum, members: Members | undefined): Datum {
  if (members === undefined) return undefined;
  if (isAbsent(value)) return toDatum(undefined);
  if (members.byKey.has(indexKey(value))) return toDatum(true);
  return toDatum(members.hasNull ? undefined : false);
}
