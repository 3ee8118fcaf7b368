// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeIon } from "./decode-ion";
import { encodeIon } from "./encode-ion";
import { findField } from "./find-field";
import { hashIon, hashIonString, hashIonValue } from "../hash/hash-ion";
import { IonStream, readSingleValue } from "./ion-stream";
import { IonTextStream } from "../text/ion-text-stream";
import {
  MalformedIonError,
  UnencodableValueError,
  UnexpectedIonTypeError,
  UnknownSymbolError,
} from "../ion-errors";
import { toIonBinary } from "./copy-slice";
import { transcodeToBinary } from "../text/transcode-to-binary";
import { Decimal, dom, Timestamp } from "ion-js";

const IVM = [0xe0, 0x01, 0x00, 0xea];
const binary = (...bytes: (number | number[])[]): Uint8Array => Uint8Array.from([...IVM, ...bytes.flat()]);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const hashOfText = (text: string): string => hex(hashIon(transcodeToBinary(text)));
const ascii = (text: string): number[] => [...Buffer.from(text)];

/** `$ion_symbol_table::{…}` around a representation below 14 bytes, or of any length with a length byte. */
function symbolTable(fields: number[]): number[] {
  const struct = [0xde, 0x80 | fields.length, ...fields];
  const body = [0x81, 0x83, ...struct];
  return [0xee, 0x80 | body.length, ...body];
}
const symbols = (...texts: string[]): number[] => {
  const list = texts.flatMap((text) => [0x80 | text.length, ...ascii(text)]);
  return [0x87, 0xbe, 0x80 | list.length, ...list];
};
const imported = (name: string, maxId?: number): number[] => {
  const max = maxId === undefined ? [] : [0x88, 0x21, maxId];
  const struct = [0x84, 0x80 | name.length, ...ascii(name), ...max];
  return [0x86, 0xbe, 0x80 | (struct.length + 2), 0xde, 0x80 | struct.length, ...struct];
};

describe("symbol tables", () => {
  it("are read from the front of a value, and replaced by later ones", () => {
    const stream = binary(symbolTable(symbols("a")), [0x71, 10], symbolTable(symbols("b")), [0x71, 10]);
    expect([...new IonStream(stream)].map((value) => value.stringValue())).toEqual(["a", "b"]);
  });

  it("are appended to when they import the current one, without changing what came before", () => {
    const append = symbolTable([0x86, 0x71, 0x03, ...symbols("b")]);
    const stream = binary(
      symbolTable(symbols("a")),
      [0x71, 10],
      append,
      [0x71, 10],
      [0x71, 11],
      append,
      [0x71, 12],
    );
    const values = [...new IonStream(stream)];
    expect(values.map((value) => value.stringValue())).toEqual(["a", "a", "b", "b"]);
    expect(() => values[0]!.symbols.text(11)).toThrow(MalformedIonError);
  });

  it("end with a version marker", () => {
    const stream = new IonStream(binary(symbolTable(symbols("a")), [0x71, 10], IVM, [0x71, 10]));
    expect(stream.next()?.stringValue()).toBe("a");
    expect(() => stream.next()?.stringValue()).toThrow(MalformedIonError);
  });

  it("import shared ones that are supplied, cut or filled up to the size the import names", () => {
    const shared = (name: string): string[] | undefined =>
      name === "s" ? ["one", "two", "three"] : undefined;
    const value = (maxId: number | undefined, sid: number): string =>
      readSingleValue(
        binary(symbolTable([...imported("s", maxId), ...symbols("mine")]), [0x71, sid]),
        shared,
      ).stringValue();
    expect(value(undefined, 10)).toBe("one");
    expect(value(undefined, 13)).toBe("mine");
    expect(value(2, 12)).toBe("mine");
    expect(value(5, 15)).toBe("mine");
    expect(() => value(5, 14)).toThrow(UnknownSymbolError);
  });

  it("cannot be read when a shared one is missing and no size is given, or a symbol of it is used", () => {
    expect(() => readSingleValue(binary(symbolTable(imported("s")), [0x20]))).toThrow(UnknownSymbolError);
    const sized = symbolTable([...imported("s", 3), ...symbols("mine")]);
    expect(readSingleValue(binary(sized, [0x71, 13])).stringValue()).toBe("mine");
    // Unlike $0, such a symbol has a text, only not here: no hash of it can be right.
    expect(() => hashIon(binary(sized, [0x71, 11]))).toThrow(/shared symbol table "s"/);
  });

  it("do not nest: an annotated struct within a value is a value", () => {
    const text = '{a:$ion_symbol_table::{symbols:["x"]}}';
    expect(readSingleValue(transcodeToBinary(text)).field("a")?.field("symbols")?.elements()).toHaveLength(1);
  });

  it("work in text: local, appended, imported, and $0", () => {
    const text = `$ion_1_0 $ion_symbol_table::{symbols:["a"]} $10 $ion_symbol_table::{imports:$ion_symbol_table,symbols:["b"]} [$10,$11,name]`;
    const values = [...new IonTextStream(text)];
    expect(values.map(hashIon).map(hex)).toEqual([hashOfText("a"), hashOfText("[a,b,name]")]);
    expect(() => transcodeToBinary("$99")).toThrow(MalformedIonError);
  });
});

describe("symbols without text", () => {
  it("hash and copy as $0, and cannot be built as values", () => {
    const zero = binary(0x70);
    expect(hashOfText("$0")).toBe(hex(hashIon(zero)));
    expect(hashOfText("$0")).not.toBe(hashOfText("'$0'"));
    expect(hashOfText("{$0:$0::$0}")).toBe(
      hex(hashIon(toIonBinary(readSingleValue(transcodeToBinary("{$0:$0::$0}"))))),
    );
    expect(() => decodeIon(zero)).toThrow(UnknownSymbolError);
  });

  it("are also those for which a local table has something other than text", () => {
    const table = symbolTable([0x87, 0xb3, 0x21, 0x05, 0x8f]);
    expect(hex(hashIon(binary(table, [0x71, 10])))).toBe(hashOfText("$0"));
    expect(hex(hashIon(binary(table, [0x71, 11])))).toBe(hashOfText("$0"));
  });
});

describe("binary that is valid but not as short as possible", () => {
  it.each<[string, number[], string]>([
    ["int with leading zeros", [0x23, 0, 0, 5], "5"],
    ["int zero of some length", [0x22, 0, 0], "0"],
    ["negative int with leading zeros", [0x33, 0, 0, 5], "-5"],
    ["null.int by the code of negative ones", [0x3f], "null.int"],
    ["float of 32 bits", [0x44, 0x3f, 0xc0, 0, 0], "1.5e0"],
    ["float zero of 64 bits", [0x48, 0, 0, 0, 0, 0, 0, 0, 0], "0e0"],
    ["NaN with a payload", [0x48, 0x7f, 0xf8, 0, 0, 0, 0, 0x12, 0x34], "nan"],
    ["negative NaN of 32 bits", [0x44, 0xff, 0xc0, 0, 1], "nan"],
    ["decimal zero spelled out", [0x52, 0x80, 0x00], "0."],
    ["decimal with a padded exponent", [0x54, 0x40, 0x00, 0x82, 0x07], "7d-2"],
    ["decimal with a padded coefficient", [0x54, 0xc1, 0x80, 0x00, 0x07], "-0.7"],
    ["decimal minus zero, padded", [0x53, 0xc1, 0x80, 0x00], "-0.0"],
    ["string with a long length", [0x8e, 0x00, 0x81, 0x61], '"a"'],
    ["symbol id with leading zeros", [0x72, 0x00, 0x04], "name"],
    ["timestamp with a padded year", [0x65, 0x80, 0x00, 0x0f, 0xd0, 0x81], "2000-01T"],
    [
      "timestamp with a fraction of no digits",
      [0x68, 0x80, 0x0f, 0xd0, 0x81, 0x81, 0x80, 0x80, 0x80],
      "2000-01-01T00:00:00Z",
    ],
    [
      "timestamp with an empty fraction",
      [0x6a, 0x80, 0x0f, 0xd0, 0x81, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00],
      "2000-01-01T00:00:00Z",
    ],
    [
      "timestamp with a minus zero fraction",
      [0x6a, 0x80, 0x0f, 0xd0, 0x81, 0x81, 0x80, 0x80, 0x80, 0xc1, 0x80],
      "2000-01-01T00:00:00.0Z",
    ],
    [
      "padding of every form",
      [0x00, 0x02, 1, 2, 0xbc, 0x00, 0x21, 1, 0x0e, 0x83, 9, 9, 9, 0x21, 2, 0x00, 0x00],
      "[1,2]",
    ],
    ["padding in a struct", [0xd6, 0x84, 0x01, 0xff, 0x84, 0x21, 0x05], "{name:5}"],
    [
      "struct whose fields are sorted",
      [0xd1, 0x86, 0x84, 0x21, 0x05, 0x85, 0x21, 0x06],
      "{name:5,version:6}",
    ],
  ])("hashes, and decodes, as what it means: %s", (_name, bytes, text) => {
    expect(hex(hashIon(binary(bytes)))).toBe(hashOfText(text));
    expect(hex(hashIonValue(decodeIon(binary(bytes))))).toBe(hashOfText(text));
    expect(hex(hashIon(toIonBinary(readSingleValue(binary(bytes)))))).toBe(hashOfText(text));
  });

  it.each<[string, number[]]>([
    ["int minus zero", [0x30]],
    ["a boolean that is neither", [0x12]],
    ["a float of three bytes", [0x43, 1, 2, 3]],
    ["a sorted struct of no fields", [0xd1, 0x80]],
    ["a reserved type", [0xf0]],
    ["an annotation without value", [0xe3, 0x81, 0x84, 0x00]],
    ["no annotation", [0xe3, 0x80, 0x21, 0x05]],
    ["an annotated annotation", [0xe6, 0x81, 0x84, 0xe3, 0x81, 0x84, 0x20]],
    ["more than the annotated value", [0xe4, 0x81, 0x84, 0x20, 0x20]],
    ["a value longer than its container", [0xb2, 0x23, 0x01]],
    ["a field without value", [0xd1, 0x81, 0x84]],
    ["text that is not UTF-8", [0x82, 0xc3, 0x28]],
    ["an hour without minutes", [0x66, 0x80, 0x0f, 0xd0, 0x81, 0x81, 0x80]],
    ["the 30th of February", [0x65, 0x80, 0x0f, 0xd0, 0x82, 0x9e]],
    ["a fraction of a second or more", [0x6a, 0x80, 0x0f, 0xd0, 0x81, 0x81, 0x80, 0x80, 0x80, 0xc1, 0x0a]],
    ["a negative fraction", [0x6a, 0x80, 0x0f, 0xd0, 0x81, 0x81, 0x80, 0x80, 0x80, 0xc1, 0x81]],
    ["a number that never ends", [0x2e, 0x01, 0x01]],
    ["a length beyond 2^53", [0x2e, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0xff]],
    ["two values", [0x20, 0x20]],
    ["no value", []],
    ["another version", [0x20, 0xe0, 0x01, 0x01, 0xea]],
  ])("refuses what is not Ion: %s", (_name, bytes) => {
    expect(() => hashIon(binary(bytes))).toThrow(MalformedIonError);
    expect(() => decodeIon(binary(bytes))).toThrow(MalformedIonError);
  });
});

describe("large and deep values", () => {
  it("hash and encode at several megabytes", () => {
    const text = "x\u000b".repeat(1_500_000);
    expect(hex(hashIonString(text))).toBe(hex(hashIonValue(new dom.String(text))));
    const texts = Array.from({ length: 200_000 }, (_, i) => `element ${i} ä`);
    const bytes = encodeIon(new dom.List(texts.map((each) => new dom.String(each))));
    expect(bytes.length).toBeGreaterThan(3_000_000);
    expect(decodeIon(bytes).elements()).toHaveLength(200_000);
    expect(hashOfText(JSON.stringify(texts))).toBe(hex(hashIon(bytes)));
    const blob = new dom.Blob(new Uint8Array(5_000_000).fill(12)) as dom.Value;
    expect(decodeIon(encodeIon(blob)).uInt8ArrayValue()).toHaveLength(5_000_000);
  });

  it("are refused where they nest without end, whichever way they come in", () => {
    const depth = 100_000;
    expect(() => transcodeToBinary("[".repeat(depth))).toThrow(MalformedIonError);
    let bytes = [0xb0];
    for (let i = 0; i < 600; i++)
      bytes =
        bytes.length < 14 ? [0xb0 | bytes.length, ...bytes] : [0xbe, ...varUInt(bytes.length), ...bytes];
    expect(() => hashIon(binary(bytes))).toThrow(MalformedIonError);
    expect(() => decodeIon(binary(bytes))).toThrow(MalformedIonError);
    expect(() => toIonBinary(readSingleValue(binary(bytes)))).toThrow(MalformedIonError);
    let value = new dom.List([]) as dom.Value;
    for (let i = 0; i < 600; i++) value = new dom.List([value]);
    expect(() => encodeIon(value)).toThrow(UnencodableValueError);
    // The writer is usable after that.
    expect(hex(encodeIon(new dom.Integer(1) as dom.Value))).toBe(hex(binary(0x21, 1)));
  });
});

const varUInt = (value: number): number[] =>
  value < 128 ? [0x80 | value] : [value >> 7, 0x80 | (value & 0x7f)];

describe("encodeIon", () => {
  it("keeps what doubles, dates and plain objects lose", () => {
    const value = new dom.Struct([
      ["time", new dom.Timestamp(Timestamp.parse("2021-06-13T07:31:02.230Z")!)],
      ["unknown", new dom.Timestamp(Timestamp.parse("2021-06-13T07:31:02.230-00:00")!)],
      ["late", new dom.Timestamp(Timestamp.parse("2021-12-31T23:59:59.99999Z")!)],
      ["price", new dom.Decimal(new Decimal("90.250"))],
      ["big", new dom.Integer(123456789012345678901234567890n)],
      ["10", new dom.String("a")],
      ["9", new dom.String("b")],
    ]) as dom.Value;
    const text =
      "{time:2021-06-13T07:31:02.230Z,unknown:2021-06-13T07:31:02.230-00:00,late:2021-12-31T23:59:59.99999Z," +
      "price:90.250,big:123456789012345678901234567890,'9':\"b\",'10':\"a\"}";
    expect(hex(hashIon(encodeIon(value)))).toBe(hashOfText(text));
  });

  it("keeps each digit of a fraction that ion-js rounds up into the next minute", () => {
    const time = "2021-12-31T23:59:59.9999999999999999999Z";
    const value = new dom.Timestamp(Timestamp.parse(time)!) as dom.Value;
    expect(hex(encodeIon(value))).toBe(hex(transcodeToBinary(time)));
  });

  it("refuses what Ion cannot hold", () => {
    expect(() => encodeIon(new dom.String("\ud800") as dom.Value)).toThrow(UnencodableValueError);
    expect(() => encodeIon("text" as unknown as dom.Value)).toThrow(UnencodableValueError);
    expect(() => encodeIon(new dom.Integer(1.5) as dom.Value)).toThrow(UnencodableValueError);
  });
});

describe("Ion text", () => {
  it.each([
    ["1_000", "1000"],
    ["-0", "0"],
    ["0xFf", "255"],
    ["-0b101", "-5"],
    ["1.50", "150d-2"],
    ["-0.", "-0d0"],
    ["1e3", "1000e0"],
    ["'''long ''' /* comment */ '''text'''", '"long text"'],
    ["'''a\\\n b\r\nc'''", '"a b\\nc"'],
    ['"\\u00e9\\x41\\U0001F600\\ud83d\\ude00"', '"éA😀😀"'],
    ["{{ aGVs bG8= }}", "{{aGVsbG8=}}"],
    ['{{ "clob\\x00" }}', "{{'''clob''' '''\\0'''}}"],
    ["(a+b -1 -c +inf)", "(a '+' b -1 '-' c +inf)"],
    ["a :: /* c */ 'b'::[1, 2,]", "a::b::[1,2]"],
    ["{'''k''': 1, \"l\": 2, 'm': 3, n: 4,}", "{k:1,l:2,m:3,n:4}"],
    ["null.struct // end", "null.struct"],
    ["2007-02-23T12:14:33.079-08:00", "2007-02-23T12:14:33.079-08:00"],
    ["0001-01-01T00:00Z", "0001-01-01T00:00Z"],
    ["2007-01-01", "2007-01-01T"],
  ])("reads %s as %s", (text, same) => {
    expect(hashOfText(text)).toBe(hashOfText(same));
  });

  it.each([
    "01",
    "1_",
    "1__0",
    "+1",
    "-a",
    "0x",
    "1.2.3",
    "5a",
    "1e",
    "nul.int",
    "null.foo",
    "[1 2]",
    "[1,,2]",
    "{a:1",
    "{a 1}",
    "{null:1}",
    "null::1",
    '"a\nb"',
    '"\\q"',
    '"\\ud800"',
    "{{a}}",
    "{{aGVs}",
    '{{"ä"}}',
    "2007-13-01",
    "2007-02-29",
    "2007T12",
    "2007-01-01T12:00",
    "2007-01-01T24:00Z",
    "2007-01-01T12:00+24:00",
    "0001-01-01T00:00+01:00",
    "$ion_2_0 1",
    "a::",
    "/* x",
    "'''a",
    "]",
    "1 2",
    "",
  ])("refuses %j", (text) => {
    expect(() => transcodeToBinary(text)).toThrow(/^Expected/);
  });

  it("never quotes the text in an error", () => {
    expect(() => transcodeToBinary('{secret:"p4ssw0rd" oops}')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("p4ssw0rd") as unknown }),
    );
  });
});

describe("a slice", () => {
  const struct = readSingleValue(transcodeToBinary('{a:1,b:[x,"y"],a:-2,c:{{aGk=}},d:null.int,e:t::1}'));

  it("finds fields and elements without building values", () => {
    expect(struct.field("a")?.intValue()).toBe(-2);
    expect(
      struct
        .field("b")
        ?.elements()
        .map((element) => element.stringValue()),
    ).toEqual(["x", "y"]);
    expect(Buffer.from(struct.field("c")!.bytesValue()).toString()).toBe("hi");
    expect(struct.field("d")).toMatchObject({ isNull: true, type: "int" });
    expect(struct.field("e")?.annotations()).toEqual(["t"]);
    expect(struct.field("z")).toBeUndefined();
    expect(struct.fields().map(([name]) => name)).toEqual(["a", "b", "a", "c", "d", "e"]);
  });

  it("says what it is when asked for something else", () => {
    expect(() => struct.stringValue()).toThrow(UnexpectedIonTypeError);
    expect(() => struct.field("a")?.elements()).toThrow(/found int/);
    expect(() => struct.field("d")?.intValue()).toThrow(/null\.int/);
  });

  it("becomes a value of its own", () => {
    const field = findField(transcodeToBinary("{a:{b:sym}}"), "a")!;
    expect(hex(hashIon(field))).toBe(hashOfText("{b:sym}"));
    expect(findField(transcodeToBinary("[1]"), "a")).toBeUndefined();
  });
});
