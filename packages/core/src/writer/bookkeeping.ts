// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { BookkeepingFormatError } from "../errors";
import type { Position } from "../event/event";
import { parseIdentifier, type FieldName, type TableName } from "../event/identifier";
import { withoutUndefined } from "../without-undefined";

/** The table in which the loader keeps what a record's own metadata cannot tell. */
export const BOOKKEEPING_TABLE: TableName = parseIdentifier("LedgerLoaderBookkeeping");

/** Its one indexed field: the record's key. */
export const BOOKKEEPING_KEY: FieldName = parseIdentifier("recordKey");

/** The format this version writes. A newer one is refused: guessing could write revisions twice. */
export const BOOKKEEPING_FORMAT = 1;

/** A stretch of a record's history that is over. */
export interface Life {
  /** The event version of its first revision. */
  readonly firstVersion: number;
  /** The document that held it; absent where only the deletion was ever seen. */
  readonly documentId?: string | undefined;
}

/**
 * The bookkeeping of one record. Only records that were deleted, created anew, started mid-history or come with
 * positions have any.
 */
export interface Bookkeeping {
  /** Documents that ended, oldest first. */
  readonly lives: readonly Life[];
  /** The event version of the current document's revision 0. Absent while the record is deleted. */
  readonly firstVersion?: number | undefined;
  /** The event version of the deletion, while the record is deleted. */
  readonly deletedVersion?: number | undefined;
  /** The last position applied. */
  readonly position?: Position | undefined;
}

/** The document to store for a record. */
export function encodeBookkeeping(recordKey: string, bookkeeping: Bookkeeping): dom.Struct {
  const { lives, firstVersion, deletedVersion, position } = bookkeeping;
  const fields: [string, dom.Value][] = [
    [BOOKKEEPING_KEY, dom.Value.from(recordKey)],
    ["formatVersion", dom.Value.from(BOOKKEEPING_FORMAT)],
    ["lives", new dom.List(lives.map((life): dom.Value => dom.Value.from(withoutUndefined(life))))],
  ];
  if (firstVersion !== undefined) fields.push(["firstVersion", dom.Value.from(firstVersion)]);
  if (deletedVersion !== undefined) fields.push(["deletedVersion", dom.Value.from(deletedVersion)]);
  if (position !== undefined) {
    fields.push(["position", new dom.List(position.map((part): dom.Value => dom.Value.from(part)))]);
  }
  return new dom.Struct(fields);
}

/**
 * Reads what {@link encodeBookkeeping} wrote.
 *
 * @throws BookkeepingFormatError if a newer version of the loader wrote it, or something else did.
 */
export function decodeBookkeeping(document: dom.Struct): Bookkeeping {
  const format = findInt(document, "formatVersion");
  if (format !== BOOKKEEPING_FORMAT) throw new BookkeepingFormatError(format);
  const firstVersion = findInt(document, "firstVersion");
  const deletedVersion = findInt(document, "deletedVersion");
  const position = document.get("position");
  return {
    lives: (document.get("lives")?.elements() ?? []).map(decodeLife),
    firstVersion,
    deletedVersion,
    position: position?.elements().map((part) => part.bigIntValue() ?? 0n),
  };
}

function decodeLife(life: dom.Value): Life {
  const documentId = life.get("documentId")?.stringValue();
  const firstVersion = findInt(life, "firstVersion");
  if (firstVersion === undefined) throw new BookkeepingFormatError(undefined);
  return { firstVersion, documentId: documentId ?? undefined };
}

function findInt(struct: dom.Value, field: string): number | undefined {
  const value = struct.get(field);
  return value?.getType() === IonTypes.INT ? (value.numberValue() ?? undefined) : undefined;
}
