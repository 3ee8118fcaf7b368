// SPDX-License-Identifier: MIT
import { type RecordId, toRecordId } from "@ledger-loader/core";
import type { dom } from "ion-js";

const KINDS = /^(?:string|int|blob|timestamp):/;
const TEXT = "string:";

/** A record's id as text: a text as it is, every other kind behind its name. Two ids are the same when their texts are. */
export function idText({ key }: RecordId): string {
  const text = key.startsWith(TEXT) ? key.slice(TEXT.length) : key;
  return KINDS.test(text) ? key : text;
}

/** The text of the id that a document keeps in its id field; `undefined` for what is no id. */
export function idTextOf(value: dom.Value | null | undefined): string | undefined {
  const id = value ? toRecordId(value) : undefined;
  return id && idText(id);
}
