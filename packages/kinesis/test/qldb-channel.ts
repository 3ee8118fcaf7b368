// SPDX-License-Identifier: MIT
import { type RevisionEvent, decodeEvents } from "@ledger-loader/core";
import type { KinesisRecordForm } from "@ledger-loader/testkit";
import { dumpText } from "ion-js";
import { revisionRecord } from "./qldb-records";

/** Messages of the suite as a ledger streams them: revisions, scattered over the shards. */
export const QLDB_STREAM: KinesisRecordForm = { encode: toStreamRecord, isScattered: true };

/** The record of an event; what is no event stays as it is. */
function toStreamRecord(body: string): Uint8Array {
  const decoded = tryDecode(body);
  if (decoded?.event !== undefined) return toRevision(decoded.event);
  const [, table = ""] = /table:("(?:[^"\\]|\\.)*")/.exec(body) ?? [];
  return decoded?.rejected.reason === "invalid-table"
    ? revisionRecord("bad", 0, "data: {}", JSON.parse(table) as string)
    : Buffer.from(body);
}

function toRevision({ id, version = 0, data, table }: RevisionEvent): Uint8Array {
  return revisionRecord(id?.value.stringValue() ?? "", version, data ? `data: ${dumpText(data)}` : "", table);
}

function tryDecode(body: string) {
  try {
    return decodeEvents(body).events[0];
  } catch {
    // Not an event: the suite wants to know what becomes of such bytes.
    return undefined;
  }
}
