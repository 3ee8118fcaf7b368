// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  decodeIonValues,
  encodeIon,
  MalformedIonError,
  readFrame,
  readSingleValue,
  SymbolTable,
  TextFramer,
  toIonBinary,
  UnknownSymbolError,
} from "@ledger-loader/ion";
import { dom } from "ion-js";

const IMPORT = `{name:"a",max_id:1000000}`;

function textOf(framer: TextFramer): string[] {
  const values: string[] = [];
  for (let frame = framer.next(); frame !== undefined; frame = framer.next()) {
    values.push(
      decodeIonValues(toIonBinary(readFrame(frame)))[0]
        ?.get("a")
        ?.stringValue() ?? "",
    );
  }
  return values;
}

describe("A symbol table", () => {
  it("keeps imports as ranges, whose size is only claimed", () => {
    const bomb = `$ion_symbol_table::{imports:[${Array(150).fill(IMPORT).join(",")}],symbols:["last"]} 0 $150000010`;
    expect(decodeIonValues(bomb).map(String)).toEqual(["0", "last"]);
    expect(() => decodeIonValues(bomb.replace("$150000010", "$10"))).toThrow(UnknownSymbolError);
    const imports = Array.from({ length: 100_000 }).reduce<SymbolTable>(
      (table) => table.withImport("b", [], 3),
      SymbolTable.system,
    );
    expect(imports.withSymbols(["x"]).text(300_010)).toBe("x");
  });

  it("that is known from another value is not changed by what grows from it, or by what becomes of its bytes", () => {
    const bytes = encodeIon(new dom.Struct([["known", new dom.Integer(1)]]));
    const read = (): SymbolTable => readSingleValue(Uint8Array.from(bytes)).symbols;
    const first = readSingleValue(bytes).symbols;
    bytes.fill(0, 4);
    const grown = first.withSymbols(["grown"]);
    const other = first.withImport("shared", ["imported"], 1);
    expect([first, grown, other].map(({ maxId }) => maxId)).toEqual([10, 11, 11]);
    expect([grown.text(11), other.text(11), first.text(10)]).toEqual(["grown", "imported", "known"]);
    expect(() => first.text(11)).toThrow(MalformedIonError);
    bytes.set(encodeIon(new dom.Struct([["known", new dom.Integer(1)]])));
    expect([read().maxId, read().text(10)]).toEqual([10, "known"]);
    // As long, and another one.
    expect(readSingleValue(encodeIon(new dom.Struct([["other", new dom.Integer(1)]]))).symbols.text(10)).toBe(
      "other",
    );
    expect(read().text(10)).toBe("known");
  });

  it("refuses imports whose ids could not be counted", () => {
    const all = Array(2_000).fill(IMPORT).join(",");
    expect(() => decodeIonValues(`$ion_symbol_table::{imports:[${all}]} 0`)).toThrow(MalformedIonError);
  });

  it("knows the texts of an import as far as they are supplied, and is not changed by tables that grow from it", () => {
    const base = SymbolTable.system.withSymbols(["own"]);
    const grown = base.withImport("shared", ["one", undefined], 4).withSymbols(["after"]);
    const other = base.withSymbols(["other"]);
    expect([base.maxId, grown.maxId, other.maxId]).toEqual([10, 15, 11]);
    expect([10, 11, 15].map((sid) => grown.text(sid))).toEqual(["own", "one", "after"]);
    for (const sid of [12, 13, 14]) expect(() => grown.text(sid)).toThrow(UnknownSymbolError);
    expect(other.text(11)).toBe("other");
    expect(() => base.text(11)).toThrow(MalformedIonError);
    expect(SymbolTable.system.maxId).toBe(9);
  });

  it("holds in text for what follows, however often it is extended", () => {
    const framer = new TextFramer(1_000);
    const last = 20_000;
    for (let i = 1; i <= last; i++) {
      const table = `$ion_symbol_table::{imports:$ion_symbol_table,symbols:["s${i}"]}`;
      framer.push(Buffer.from(`${table}{a:$${9 + i}}\n`));
    }
    framer.push(Buffer.from('$ion_symbol_table::{symbols:["new"]} {a:$10} $ion_1_0 {a:$4}'));
    const values = textOf(framer);
    framer.end();
    expect(values.slice(-3)).toEqual([`s${last}`, "new", "name"]);
    expect(values.slice(0, last)).toEqual(Array.from({ length: last }, (_, i) => `s${i + 1}`));
  });
});
