// SPDX-License-Identifier: MIT
import { type RevisionEvent, decodeEvents } from "@ledger-loader/core";
import { dom, IonTypes } from "ion-js";
import type { Item, RecordFields } from "./stream-records";

/**
 * The change of an item that a message of `describeChannel` stands for, with its version; `undefined` if it is no event.
 * Items hold texts and numbers.
 */
export function toItemChange(body: string): (RecordFields & { readonly version: number }) | undefined {
  const decoded = tryDecode(body);
  if (decoded?.event !== undefined) return toChange(decoded.event);
  if (decoded?.rejected.reason !== "invalid-table") return undefined;
  // A table may have a name that is no ledger's.
  const [, table = ""] = /table:("(?:[^"\\]|\\.)*")/.exec(body) ?? [];
  return { table: JSON.parse(table) as string, id: "bad", version: 0 };
}

function toChange({ op, table, version = 0, id, data }: RevisionEvent) {
  const keys = { id: toAttribute(id?.value ?? dom.Value.from("none")) };
  const fields = data?.fields().map(([name, value]): [string, Item[string]] => [name, toAttribute(value)]);
  const name = { INSERT: "INSERT", UPDATE: "MODIFY", DELETE: "REMOVE", ANY: "INSERT" }[op];
  return { name, table, version, keys, newImage: fields === undefined ? null : Object.fromEntries(fields) };
}

function toAttribute(value: dom.Value): Item[string] {
  const isText = value.getType() === IonTypes.STRING;
  return isText ? { S: value.stringValue() ?? "" } : { N: String(value.numberValue()) };
}

function tryDecode(body: string) {
  try {
    return decodeEvents(body).events[0];
  } catch {
    // Not an event: the suite wants to know what becomes of such bytes.
    return undefined;
  }
}
