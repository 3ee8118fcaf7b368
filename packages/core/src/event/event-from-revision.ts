// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { createEvent } from "./create-event";
import type { EventOp, RevisionEvent } from "./event";
import { InvalidEventError } from "./invalid-event-error";
import { structField, textField } from "./struct-field";

/**
 * Makes the event of a revision as the committed view and `history()` of a ledger return it: a struct
 * `{blockAddress, hash, data, metadata}`.
 *
 * The record is the document: its id and version are those of the metadata. Version 0 is an INSERT and a later one an UPDATE. A
 * revision with `dataHash` in place of `data` was redacted, and the event keeps the hash. A revision with neither is a DELETE.
 * `blockAddress` and `hash` are not part of an event.
 *
 * @param table - the table that the event is loaded into.
 * @throws InvalidEventError naming the field that is missing or of another type.
 */
export function eventFromRevision(table: string, revision: dom.Value): RevisionEvent {
  if (!(revision instanceof dom.Struct) || revision.isNull()) {
    throw new InvalidEventError("the revision", "a struct of the committed view", revision.getType().name);
  }
  const metadata = structField(revision, "metadata");
  const version = versionOf(metadata);
  const content = contentOf(revision);
  const op = operationOfRevision({ version, ...content });
  return createEvent({ op, table, id: textField(metadata, "id"), version, ...content });
}

interface Content {
  readonly data?: dom.Struct;
  readonly dataHash?: Uint8Array;
}

function contentOf(revision: dom.Struct): Content {
  if (revision.get("data") !== null) return { data: structField(revision, "data") };
  const hash = revision.get("dataHash");
  if (hash === null) return {};
  const dataHash = hash.getType() === IonTypes.BLOB ? hash.uInt8ArrayValue() : null;
  if (dataHash === null) throw new InvalidEventError("dataHash", "a blob", hash.getType().name);
  return { dataHash };
}

/**
 * The operation that a revision stands for: version 0 is an INSERT and a later one an UPDATE, whether it holds data or, redacted,
 * their hash. One with neither is a DELETE.
 */
export function operationOfRevision(revision: {
  readonly version: number;
  readonly data?: unknown;
  readonly dataHash?: unknown;
}): EventOp {
  const { version, data, dataHash } = revision;
  if (data === undefined && dataHash === undefined) return "DELETE";
  return version === 0 ? "INSERT" : "UPDATE";
}

function versionOf(metadata: dom.Struct): number {
  const version = metadata.get("version");
  const number = version?.getType() === IonTypes.INT ? version.numberValue() : null;
  if (number === null) throw new InvalidEventError("version", "an int", "another value or none");
  return number;
}
