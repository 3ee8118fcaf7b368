// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { plainRuns } from "@ledger-loader/testkit";
import { decodeIon } from "../binary/decode-ion";
import { encodeIon } from "../binary/encode-ion";
import { hashIon, hashIonValue, hashPartsInSteps } from "./hash-ion";
import { IonSlice } from "../binary/ion-slice";
import { IonStream, readSingleValue } from "../binary/ion-stream";
import { IonWriter } from "../binary/ion-writer";
import { SymbolTable } from "../binary/symbol-table";
import { TypeCode } from "../binary/type-code";
import { runAtOnce } from "../steps";
import { arbitraryIon } from "../../test/arbitrary-ion";
import * as fc from "fast-check";
import { Catalog, dom, dumpBinary, makeReader, SharedSymbolTable } from "ion-js";
import { cryptoHasherProvider, makeHashReader } from "ion-hash-js";

const IVM = Uint8Array.of(0xe0, 0x01, 0x00, 0xea);
const FIRST_LOCAL_SID = 10;

/** The hash of the last value of Ion binary, by AWS's own implementation. */
function referenceHash(bytes: Uint8Array, catalog?: Catalog): string {
  const reader = makeHashReader(makeReader(bytes, catalog), cryptoHasherProvider("sha256"));
  reader.next();
  reader.next();
  return hex(reader.digest());
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("hashIon", () => {
  it("equals ion-hash-js on values of every type, encoded by ion-js and by us", () => {
    fc.assert(
      fc.property(arbitraryIon, (value) => {
        const byIonJs = dumpBinary(value);
        const expected = referenceHash(byIonJs);
        expect(hex(hashIon(byIonJs))).toBe(expected);
        expect(hex(hashIon(encodeIon(value)))).toBe(expected);
        expect(hex(hashIonValue(value))).toBe(expected);
      }),
      { numRuns: plainRuns(500) },
    );
  });

  it("does not depend on how the symbols are defined: in shared, local or appended tables", () => {
    fc.assert(
      fc.property(arbitraryIon, fc.nat(), fc.nat(), (value, anyShared, anyLocal) => {
        const { symbols, body } = apart(encodeIon(value));
        const shared = symbols.slice(0, anyShared % (symbols.length + 1));
        const rest = symbols.slice(shared.length);
        const local = rest.slice(0, anyLocal % (rest.length + 1));
        const appended = rest.slice(local.length);
        const stream = Buffer.concat([
          IVM,
          tableOf(local, shared.length),
          tableOf(appended, "append"),
          Uint8Array.of(0x02, 1, 2), // padding
          body,
        ]);
        const expected = hex(hashIonValue(value));
        const slice = readSingleValue(stream, (name) => (name === "shared" ? shared : undefined));
        expect(hex(hashIon(slice))).toBe(expected);
        expect(hex(hashIonValue(decodeIon(slice)))).toBe(expected);
      }),
      { numRuns: plainRuns(200) },
    );
  });

  it("equals ion-hash-js on values with symbols of a shared table", () => {
    const catalog = new Catalog();
    catalog.add(new SharedSymbolTable("shared", 1, ["red", "green", "blue"]));
    const value = new dom.Struct([
      ["green", new dom.Symbol("blue", ["red"])],
      ["mine", new dom.Symbol("green")],
    ]);
    const body = encodeIon(value);
    const order = apart(body).symbols;
    expect(order).toEqual(["green", "red", "blue", "mine"]);
    const stream = Buffer.concat([IVM, tableOf(["mine"], 3), inOrder(apart(body).body, order)]);
    const slice = readSingleValue(stream, () => ["red", "green", "blue"]);
    expect(hex(hashIon(slice))).toBe(referenceHash(stream, catalog));
    expect(hex(hashIon(slice))).toBe(hex(hashIonValue(value)));
  });

  it("passes over padding wherever it may stand", () => {
    fc.assert(
      fc.property(arbitraryIon, fc.infiniteStream(fc.nat(40)), (value, sizes) => {
        const bytes = encodeIon(value);
        const writer = new IonWriter();
        writePadded(writer, readSingleValue(bytes), () => sizes.next().value as number);
        const padded = writer.finish();
        expect(hex(hashIon(padded))).toBe(hex(hashIon(bytes)));
        expect(hex(encodeIon(decodeIon(padded)))).toBe(hex(bytes));
      }),
      { numRuns: plainRuns(200) },
    );
  });

  it("is given of a list together with the hashes of its structs, at one go and in steps", () => {
    fc.assert(
      fc.property(fc.array(arbitraryIon, { maxLength: 8 }), fc.constantFrom(1, 64, 1e6), (values, bytes) => {
        const list = readSingleValue(encodeIon(new dom.List([...values, new dom.Struct([])])));
        const { hash, structs } = runAtOnce(hashPartsInSteps(list, bytes));
        expect(hex(hash)).toBe(hex(hashIon(list)));
        const expected = list
          .elements()
          .filter(({ code, isAnnotated }) => code === TypeCode.STRUCT && !isAnnotated);
        expect([...structs.keys()]).toEqual(expected.map(({ start }) => start));
        for (const struct of expected) expect(hex(structs.get(struct.start)!)).toBe(hex(hashIon(struct)));
      }),
      { numRuns: plainRuns(100) },
    );
    const struct = readSingleValue(encodeIon(new dom.Struct([["a", new dom.Integer(1)]])));
    expect(runAtOnce(hashPartsInSteps(struct, 1))).toEqual({ hash: hashIon(struct), structs: new Map() });
  });

  it("equals ion-hash-js on values of several megabytes", () => {
    const value = new dom.Struct([
      ["text", new dom.String("\u000b\u000c\u000e é ".repeat(300_000))],
      ["blob", new dom.Blob(new Uint8Array(2_000_000).map((_, i) => i))],
      ["list", new dom.List(Array.from({ length: 20_000 }, (_, i) => new dom.Integer(i)))],
    ]);
    expect(hex(hashIonValue(value))).toBe(referenceHash(encodeIon(value)));
  });
});

/** The symbols that a self-contained value defines, and the bytes of the value itself. */
function apart(bytes: Uint8Array): { symbols: string[]; body: Uint8Array } {
  const value = new IonStream(bytes).next()!;
  const symbols: string[] = [];
  for (let sid = FIRST_LOCAL_SID; sid <= value.symbols.maxId; sid++) symbols.push(value.symbols.text(sid)!);
  return { symbols, body: bytes.subarray(value.start) };
}

/** A symbol table that imports the first `imported` symbols of a shared table, or appends to the one before it. */
function tableOf(symbols: readonly string[], imported: number | "append"): Uint8Array {
  const writer = new IonWriter();
  writer.openAnnotations(["$ion_symbol_table"]);
  writer.open(TypeCode.STRUCT);
  writer.fieldName("imports");
  if (imported === "append") {
    writer.symbol("$ion_symbol_table");
  } else {
    writer.open(TypeCode.LIST);
    writer.open(TypeCode.STRUCT);
    writer.fieldName("name");
    writer.string("shared");
    writer.fieldName("max_id");
    writer.int(imported);
    writer.close();
    writer.close();
  }
  writer.fieldName("symbols");
  writer.open(TypeCode.LIST);
  for (const symbol of symbols) writer.string(symbol);
  writer.close();
  writer.close();
  writer.close();
  return writer.written().slice();
}

/** The same value with its symbol ids from 10 on given to red, green, blue and mine, in that order. */
function inOrder(body: Uint8Array, order: readonly string[]): Uint8Array {
  const sids = new Map(["red", "green", "blue", "mine"].map((text, i) => [text, FIRST_LOCAL_SID + i]));
  const slice = new IonSlice(body, 0, body.length, SymbolTable.system.withSymbols(order));
  const rename = (sid: number): number => sids.get(slice.symbols.text(sid)!)!;
  // Field, annotated symbol, field, symbol: their ids stand at these places.
  const bytes = Uint8Array.from(body);
  for (const at of [1, 4]) bytes[at] = 0x80 | rename(bytes[at]! & 0x7f);
  bytes[6] = rename(bytes[6]!);
  bytes[7] = 0x80 | rename(bytes[7]! & 0x7f);
  bytes[9] = rename(bytes[9]!);
  return bytes;
}

/** Copies a value with padding of the given sizes before and after the members of its containers. */
function writePadded(writer: IonWriter, value: IonSlice, size: () => number): void {
  if (value.isAnnotated) writer.openAnnotations(value.annotations());
  const pad = (): void => {
    const bytes = new Uint8Array(size()).fill(0xff);
    writer.representation(TypeCode.NULL, 0, bytes, 0, bytes.length);
  };
  if (value.isNull) {
    writer.null(value.code);
  } else if (value.code === TypeCode.STRUCT) {
    writer.open(value.code);
    for (const [name, field] of value.fields()) {
      writer.fieldName("name");
      pad();
      writer.fieldName(name);
      writePadded(writer, field, size);
    }
    writer.fieldName(undefined);
    pad();
    writer.close();
  } else if (value.code === TypeCode.LIST || value.code === TypeCode.SEXP) {
    writer.open(value.code);
    for (const element of value.elements()) {
      pad();
      writePadded(writer, element, size);
    }
    pad();
    writer.close();
  } else if (value.code === TypeCode.SYMBOL) {
    writer.symbol(value.stringValue());
  } else {
    writer.representation(value.code, value.low, value.bytes, value.body, value.end);
  }
  if (value.isAnnotated) writer.close();
}
