// SPDX-License-Identifier: MIT
import type { RejectReason } from "@ledger-loader/core";

/** A message that cannot be loaded, whatever the ledger holds. */
export interface MalformedBody {
  /** Its fault, in words. */
  readonly name: string;
  readonly body: string;
  /** Why it must be rejected. */
  readonly reason: RejectReason;
}

/** More than the 128 KiB that QLDB took for one document. */
const OVERSIZED_CHARACTERS = 140_000;

/**
 * Returns a message for each way in which an event can be bad. None may be acknowledged.
 *
 * @param table a table that exists. `NoSuchTable` MUST NOT exist.
 */
export function malformedBodies(table: string): readonly MalformedBody[] {
  const malformed = (name: string, body: string): MalformedBody => ({
    name,
    body,
    reason: "malformed-event",
  });
  return [
    malformed("not Ion", "{op: INSERT, table:"),
    malformed("bytes that are not text", "à\u0085ê{{{"),
    malformed("an empty list", "[]"),
    malformed("not a struct", `"INSERT"`),
    malformed("a number", "42"),
    malformed("no op", `{table:"${table}",id:"bad",version:0,data:{}}`),
    malformed("an unknown op", `{op:"UPSERT",table:"${table}",id:"bad",version:0,data:{}}`),
    malformed("no table", `{op:"INSERT",id:"bad",version:0,data:{}}`),
    { name: "an unknown table", body: anInsert("NoSuchTable"), reason: "unknown-table" },
    { name: "an injected table", body: anInsert("T; DROP"), reason: "invalid-table" },
    { name: "a quoted injection", body: anInsert(String.raw`T\" VALUE {} --`), reason: "invalid-table" },
    { name: "a system view as table", body: anInsert(`_ql_committed_${table}`), reason: "invalid-table" },
    malformed("data missing", `{op:"INSERT",table:"${table}",id:"bad",version:0}`),
    malformed("data not a struct", `{op:"INSERT",table:"${table}",id:"bad",version:0,data:[1]}`),
    malformed("data null", `{op:"INSERT",table:"${table}",id:"bad",version:0,data:null.struct}`),
    malformed("a null id", `{op:"INSERT",table:"${table}",id:null,version:0,data:{}}`),
    malformed("an annotated id", `{op:"INSERT",table:"${table}",id:x::"bad",version:0,data:{}}`),
    malformed("an id with a fraction", `{op:"INSERT",table:"${table}",id:1.5,version:0,data:{}}`),
    malformed("a negative version", `{op:"INSERT",table:"${table}",id:"bad",version:-1,data:{}}`),
    malformed("a version with a fraction", `{op:"INSERT",table:"${table}",id:"bad",version:0.5,data:{}}`),
    malformed("a version as text", `{op:"INSERT",table:"${table}",id:"bad",version:"0",data:{}}`),
    {
      name: "an oversized document",
      body: `{op:"INSERT",table:"${table}",id:"bad",version:0,data:{text:"${"x".repeat(OVERSIZED_CHARACTERS)}"}}`,
      reason: "document-too-large",
    },
  ];
}

function anInsert(table: string): string {
  return `{op:"INSERT",table:"${table}",id:"bad",version:0,data:{}}`;
}
