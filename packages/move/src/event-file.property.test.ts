// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeEvents } from "@ledger-loader/core";
import fc from "fast-check";
import { dumpBinary, load } from "ion-js";
import { readEventEntries } from "./event-file";

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

async function entriesOf(content: string | Uint8Array, size = 7): Promise<[string, string][]> {
  const entries: [string, string][] = [];
  for await (const { place, body } of readEventEntries(pieces(Buffer.from(content), size))) {
    entries.push([place, typeof body === "string" ? body : Buffer.from(body).toString()]);
  }
  return entries;
}

describe("readEventEntries", () => {
  it("makes an entry of each line, and says which", async () => {
    expect(await entriesOf('{"a":1}\n\n{"b":2}\r\n  \n{"c":3}')).toEqual([
      ["line 1", '{"a":1}\n'],
      ["line 3", '{"b":2}\r\n'],
      ["line 5", '{"c":3}'],
    ]);
  });

  it("takes lines that begin with a blank or a closing bracket for the rest of the entry above", async () => {
    expect(await entriesOf("{\n  a: 1,\n}\n[\n  {b: 2},\n]\n{c: 3}\n")).toEqual([
      ["line 1", "{\n  a: 1,\n}\n"],
      ["line 4", "[\n  {b: 2},\n]\n"],
      ["line 7", "{c: 3}\n"],
    ]);
  });

  it("takes a list whose elements begin their lines for one entry, which ends with its bracket", async () => {
    expect(await entriesOf('[\r\n{"a":1},\r\n{"b":2}\r\n]\r\n{"c":3}\n')).toEqual([
      ["line 1", '[\r\n{"a":1},\r\n{"b":2}\r\n]\r\n'],
      ["line 5", '{"c":3}\n'],
    ]);
    expect(await entriesOf('[\n{"a":1},\n{"b":2}\n')).toEqual([["line 1", '[\n{"a":1},\n{"b":2}\n']]);
  });

  it("makes no entry of comments and version markers, and loses nothing beside them", async () => {
    const remarks = ["$ion_1_0", "// a // b", "/* c */", "/* d", "   e **/", " // f"];
    expect(await entriesOf(`${remarks.join("\n")}\n{a: 1}\n// g`)).toEqual([["line 7", "{a: 1}\n"]]);
    for (const entry of [
      "/* a */ {b: 1} /* c */",
      "// a\r{b: 1}",
      "$ion_1_0 {b: 1}",
      "$ion_1_1",
      "/* a",
      "/ a",
    ])
      expect(await entriesOf(entry)).toEqual([["line 1", entry]]);
    expect(await entriesOf("//".repeat(50_000) + "\n x")).toHaveLength(1);
  });

  it("finds nothing in an empty file", async () => {
    expect(await entriesOf("")).toEqual([]);
    expect(await entriesOf("\n \n")).toEqual([]);
  });

  it("cuts Ion binary into its top-level values", async () => {
    const event = '{op: INSERT, table: T, id: "a", version: 0, data: {x: 1.50}}';
    const bytes = Buffer.concat([dumpBinary(load(event)), dumpBinary(load(event))]);
    const entries = [];
    for await (const { place, body } of readEventEntries(pieces(bytes, 5))) {
      entries.push(place);
      expect(decodeEvents(body).events[0]?.event?.data?.get("x")?.decimalValue()?.toString()).toBe("1.50");
    }
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatch(/^byte \d+$/);
  });

  it("finds the same entries however the file arrives", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("{a: 1}\n", "  b\n", "}\n", "\n", "[é]\n", "x", "[\n", "]\n", "// c\n")),
        fc.integer({ min: 1, max: 9 }),
        async (lines, size) => {
          const content = lines.join("");
          expect(await entriesOf(content, size)).toEqual(await entriesOf(content, 1_000));
        },
      ),
    );
  });
});
