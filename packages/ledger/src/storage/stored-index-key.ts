// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { indexKey, PartiqlEvaluationError } from "@ledger-loader/partiql";
import type { dom } from "ion-js";

/** Longer keys are replaced by their hash: an indexed value may be a whole document. */
const keyCharactersMax = 128;

/**
 * The key under which an index lists a document for the value of its field.
 *
 * `undefined` where an index lists nothing: a missing or null field, which no `=` finds, and a value too deep to
 * be compared.
 */
export function storedIndexKey(value: dom.Value | undefined): string | undefined {
  if (value === undefined || value.isNull()) return undefined;
  const key = keyOrNothing(value);
  if (key === undefined || key.length <= keyCharactersMax) return key;
  return `#${createHash("sha256").update(key).digest("base64")}`;
}

function keyOrNothing(value: dom.Value): string | undefined {
  try {
    return indexKey(value);
  } catch (error) {
    // Comparing such a value fails the statement, so no lookup can miss the entry.
    if (error instanceof PartiqlEvaluationError) return undefined;
    throw error;
  }
}
