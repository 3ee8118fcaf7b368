// SPDX-License-Identifier: MIT
import { equalIon, equalIonByValue, hashIonValue } from "@ledger-loader/ion";
import { dom, IonTypes } from "ion-js";
import { isDeletion, type RevisionEvent } from "../event/event";
import type { FieldName } from "../event/identifier";

/** The field in which a placeholder revision holds the Ion hash of the redacted document, a blob. */
export const PLACEHOLDER_FIELD = "ledgerLoaderDataHash";

/** A revision as the ledger holds it: neither `data` nor `dataHash` means a deletion. */
export interface StoredContent {
  readonly data?: dom.Struct | undefined;
  /** The hash of a revision that was redacted in this ledger itself. */
  readonly dataHash?: Uint8Array | undefined;
}

/** The document that stands for a redacted revision: redaction is not deletion. */
export function placeholder(dataHash: Uint8Array): dom.Struct {
  return new dom.Struct([[PLACEHOLDER_FIELD, new dom.Blob(dataHash)] as [string, dom.Value]]);
}

/** The hash that a placeholder revision holds, or `undefined` for an ordinary document. */
export function placeholderHash(document: dom.Struct): Uint8Array | undefined {
  const value = document.get(PLACEHOLDER_FIELD);
  return value?.getType() === IonTypes.BLOB ? (value.uInt8ArrayValue() ?? undefined) : undefined;
}

/** The document with the id field set, as the writer stores it. */
export function withField(document: dom.Struct, field: FieldName, value: dom.Value): dom.Struct {
  const fields = document.allFields().filter(([name]) => name !== field);
  return new dom.Struct([...fields, [field, [value]]], document.getAnnotations());
}

/**
 * True if a stored revision is what the writer would store for the event, redactions on either side included.
 *
 * @param document what the writer would store before it sets the id field, `undefined` for a deletion.
 * @param idField the field that only the writer adds and that is not compared.
 */
export function holdsContent(
  stored: StoredContent,
  event: RevisionEvent,
  document: dom.Struct | undefined,
  idField: FieldName,
): boolean {
  if (isDeletion(event) || document === undefined) {
    return stored.data === undefined && stored.dataHash === undefined;
  }
  // Redacted here after it was loaded: what we would store must hash to what was there.
  if (stored.dataHash !== undefined) {
    const written = event.id === undefined ? document : withField(document, idField, event.id.value);
    return equalHashes(stored.dataHash, hashIonValue(written));
  }
  if (stored.data === undefined) return false;
  const equal = event.numbersByValue === true ? equalIonByValue : equalIon;
  if (equal(without(stored.data, idField), without(document, idField))) return true;
  return equalAcrossRedaction(stored.data, event, idField);
}

/** Compares data with a placeholder of the same revision, whichever of them is in the ledger. */
function equalAcrossRedaction(stored: dom.Struct, event: RevisionEvent, idField: FieldName): boolean {
  if (event.dataHash !== undefined) {
    // The source's document may have had the id field itself.
    return [without(stored, idField), stored].some((data) => equalHashes(hashIonValue(data), event.dataHash));
  }
  const hash = placeholderHash(stored);
  return hash !== undefined && event.data !== undefined && equalHashes(hash, hashIonValue(event.data));
}

function without(document: dom.Struct, field: FieldName): dom.Struct {
  if (document.getAll(field) === null) return document;
  const fields = document.allFields().filter(([name]) => name !== field);
  return new dom.Struct(fields, document.getAnnotations());
}

function equalHashes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
