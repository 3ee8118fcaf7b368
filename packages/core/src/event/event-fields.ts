// SPDX-License-Identifier: MIT
import { editDistance, quoted } from "@ledger-loader/errors";
import { InvalidEventError } from "./invalid-event-error";

/** Every field that an event may have, in the order of the reference. */
const EVENT_FIELDS = [
  "op",
  "table",
  "id",
  "version",
  "position",
  "data",
  "dataHash",
  "unchanged",
  "unchangedOf",
  "group",
] as const;

/** Longer names are no mistyped ones. */
const NAME_LENGTH_MAX = 40;
/** How many letters may be wrong in what is still taken for a mistyped name. */
const TYPOS_MAX = 2;

/** True for the name of a field that an event may have. */
export function isEventField(name: string): boolean {
  return EVENT_FIELDS.some((known) => known === name);
}

/**
 * Checks that an event has no fields but those that are known: a mistyped `version` must not switch the guarantee off.
 *
 * @throws InvalidEventError naming the first field that is unknown, and the one that was probably meant.
 */
export function checkFieldNames(names: readonly string[]): void {
  const unknown = names.find((name) => !isEventField(name));
  if (unknown === undefined) return;
  const nearest = nearestField(unknown);
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  throw new InvalidEventError(
    "each field of the event",
    `one of ${EVENT_FIELDS.join(", ")}`,
    `the unknown field ${quoted(unknown)}${hint}`,
  );
}

function nearestField(name: string): string | undefined {
  const plain = plainForm(name);
  if (plain.length > NAME_LENGTH_MAX) return undefined;
  let nearest: string | undefined;
  let least = TYPOS_MAX + 1;
  for (const known of EVENT_FIELDS) {
    const distance = editDistance(plain, plainForm(known));
    // Of a short name, two letters are most of it.
    if (distance < least && distance * 2 < known.length + 1) [nearest, least] = [known, distance];
  }
  return nearest;
}

/** `Data_Hash`, `data-hash` and `dataHash` are one name. */
function plainForm(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}
