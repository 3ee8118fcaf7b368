// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import type { RevisionEvent } from "./event";
import { toIonText } from "@ledger-loader/ion";

/** The event as Ion text, which loses nothing: `decodeEvents` gives back an equal event. */
export function encodeEvent(event: RevisionEvent): string {
  return toIonText(toStruct(event));
}

/** Several events as one list: a source transaction, written all or nothing. */
export function encodeSourceTransaction(events: readonly RevisionEvent[]): string {
  return toIonText(new dom.List(events.map(toStruct)));
}

function toStruct(event: RevisionEvent): dom.Struct {
  const fields: [string, dom.Value][] = [
    ["op", dom.Value.from(event.op)],
    ["table", dom.Value.from(event.table)],
  ];
  if (event.id !== undefined) fields.push(["id", event.id.value]);
  if (event.version !== undefined) fields.push(["version", dom.Value.from(event.version)]);
  if (event.position !== undefined) {
    fields.push(["position", new dom.List(event.position.map((part): dom.Value => dom.Value.from(part)))]);
  }
  if (event.data !== undefined) fields.push(["data", event.data]);
  if (event.dataHash !== undefined) fields.push(["dataHash", new dom.Blob(event.dataHash)]);
  if (event.unchanged !== undefined) {
    fields.push(["unchanged", new dom.List(event.unchanged.map((name): dom.Value => dom.Value.from(name)))]);
  }
  if (event.unchangedOf !== undefined) fields.push(["unchangedOf", event.unchangedOf.value]);
  if (event.group !== undefined) fields.push(["group", dom.Value.from(event.group)]);
  return new dom.Struct(fields);
}
