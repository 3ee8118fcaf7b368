// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { type EventFields, createEvent, parseIdentifier, placeholder } from "@ledger-loader/core";
import { cryptoHasherProvider, makeHashReader } from "ion-hash-js";
import { dom, dumpBinary, load, makeReader } from "ion-js";
import { holdsContent, type StoredContent } from "./content";

const ID_FIELD = parseIdentifier("oldDocumentId");

function struct(text: string): dom.Struct {
  return load(text) as dom.Struct;
}

function hashOf(value: dom.Value): Uint8Array {
  const reader = makeHashReader(makeReader(dumpBinary(value)), cryptoHasherProvider("sha256"));
  reader.next();
  reader.next();
  return reader.digest();
}

function holds(stored: StoredContent, fields: Partial<EventFields>): boolean {
  const event = createEvent({ op: "ANY", table: "T", id: "a", version: 1, ...fields });
  const document = event.dataHash === undefined ? event.data : placeholder(event.dataHash);
  return holdsContent(stored, event, document, ID_FIELD);
}

describe("holdsContent", () => {
  const stored = { data: struct(`{n:1.0,oldDocumentId:"a"}`) };

  it("ignores what the writer adds and nothing else", () => {
    expect(holds(stored, { data: struct("{n:1.0}") })).toBe(true);
    expect(holds(stored, { data: struct("{n:1.00}") })).toBe(false);
    expect(holds(stored, { data: struct("{n:1.0,m:1}") })).toBe(false);
  });

  it("compares numbers by value where the channel has lost their form", () => {
    const byValue = (data: string) => holds(stored, { data: struct(data), numbersByValue: true });
    expect(["{n:1}", "{n:1.00}", "{n:10d-1}"].map(byValue)).toEqual([true, true, true]);
    expect(["{n:1.01}", "{n:1e0}", '{n:"1.0"}', "{n:1.0,m:1}"].map(byValue)).toEqual(Array(4).fill(false));
  });

  it("takes a deletion for equal to a deletion only", () => {
    expect(holds({}, {})).toBe(true);
    expect(holds({}, { data: struct("{n:1.0}") })).toBe(false);
    expect(holds(stored, {})).toBe(false);
    expect(holds({ dataHash: hashOf(stored.data) }, {})).toBe(false);
  });

  it("compares by hash what was redacted at the source, on either side", () => {
    const dataHash = hashOf(struct("{n:1.0}"));
    expect(holds(stored, { dataHash })).toBe(true);
    expect(holds({ data: placeholder(dataHash) }, { data: struct("{n:1.0}") })).toBe(true);
    expect(holds({ data: placeholder(dataHash) }, { data: struct("{n:2.0}") })).toBe(false);
    expect(holds({ data: placeholder(dataHash) }, { dataHash: hashOf(struct("{n:2.0}")) })).toBe(false);
  });

  it("compares by hash what was redacted in the ledger after it was loaded", () => {
    const document = struct("{n:1.0}");
    const redacted = { dataHash: hashOf(struct(`{n:1.0,oldDocumentId:"a"}`)) };
    expect(holds(redacted, { data: document })).toBe(true);
    expect(holds(redacted, { data: struct("{n:2.0}") })).toBe(false);
  });
});
