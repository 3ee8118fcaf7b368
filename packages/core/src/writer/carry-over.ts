// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { placeholderHash } from "./content";
import { ALL_UNCHANGED, type RevisionEvent } from "../event/event";

/**
 * Adds the fields that an event leaves out as unchanged, as a stored revision holds them.
 *
 * Only what the event's own data does not name is taken: a field that `adjustRevision` removes stays removed, and one that
 * the hook sets stays as the hook sets it.
 *
 * @param document - what the writer would store for the event's own data
 * @returns `undefined` if the revision does not hold each of the unchanged fields.
 */
export function carryOver(
  document: dom.Struct,
  { data, unchanged = [] }: RevisionEvent,
  stored: dom.Struct | undefined,
): dom.Struct | undefined {
  if (stored === undefined || placeholderHash(stored) !== undefined) return undefined;
  const isWanted = (name: string): boolean => unchanged.includes(ALL_UNCHANGED) || unchanged.includes(name);
  const isMissing = (name: string): boolean => data?.get(name) === null && document.get(name) === null;
  const isHeld = (name: string): boolean => name === ALL_UNCHANGED || stored.get(name) !== null;
  if (!unchanged.every((name) => isHeld(name) || !isMissing(name))) return undefined;
  const carried = stored.allFields().filter(([name]) => isWanted(name) && isMissing(name));
  if (carried.length === 0) return document;
  return new dom.Struct([...document.allFields(), ...carried], document.getAnnotations());
}
