// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { createEvent } from "./create-event";
import type { EventOp, RevisionEvent } from "./event";
import { InvalidEventError } from "./invalid-event-error";

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
  const metadata = structOf(revision, "metadata");
  const version = versionOf(metadata);
  const content = contentOf(revision);
  const op = operationOf(version, content);
  return createEvent({ op, table, id: textOf(metadata, "id"), version, ...content });
}

interface Content {
  readonly data?: dom.Struct;
  readonly dataHash?: Uint8Array;
}

function contentOf(revision: dom.Struct): Content {
  if (revision.get("data") !== null) return { data: structOf(revision, "data") };
  const hash = revision.get("dataHash");
  if (hash === null) return {};
  const dataHash = hash.getType() === IonTypes.BLOB ? hash.uInt8ArrayValue() : null;
  if (dataHash === null) throw new InvalidEventError("dataHash", "a blob", hash.getType().name);
  return { dataHash };
}

function operationOf(version: number, { data, dataHash }: Content): EventOp {
  if (data === undefined && dataHash === undefined) return "DELETE";
  return version === 0 ? "INSERT" : "UPDATE";
}

function versionOf(metadata: dom.Struct): number {
  const version = metadata.get("version");
  const number = version?.getType() === IonTypes.INT ? version.numberValue() : null;
  if (number === null) throw new InvalidEventError("version", "an int", "another value or none");
  return number;
}

function structOf(struct: dom.Struct, name: string): dom.Struct {
  const value = struct.get(name);
  if (value instanceof dom.Struct) return value;
  throw new InvalidEventError(name, "a struct", value === null ? "none" : value.getType().name);
}

function textOf(struct: dom.Struct, name: string): string {
  const value = struct.get(name);
  const text = value?.getType() === IonTypes.STRING ? value.stringValue() : null;
  if (text === null) throw new InvalidEventError(name, "a string", "another value or none");
  return text;
}
