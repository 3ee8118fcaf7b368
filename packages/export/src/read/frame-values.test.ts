// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { type IonFrame, decodeIon, readFrame } from "@ledger-loader/ion";
import { type dom, dumpBinary, dumpText, load, loadAll } from "ion-js";
import { inPieces } from "@ledger-loader/testkit";
import { frameValues, type FrameOptions } from "./frame-values";

async function frames(bytes: Uint8Array | string, size = 7, options?: FrameOptions): Promise<IonFrame[]> {
  const found: IonFrame[] = [];
  for await (const frame of frameValues(inPieces(Buffer.from(bytes), [size]), options)) found.push(frame);
  return found;
}

function decode(frame: IonFrame): dom.Value {
  return decodeIon(readFrame(frame));
}

/** Each value alone means what it meant in the stream, however the stream was cut. */
async function expectSameValues(content: Uint8Array | string): Promise<void> {
  const expected = loadAll(typeof content === "string" ? content : Uint8Array.from(content));
  for (const size of [1, 2, 3, 5, 64, 1 << 20]) {
    const found = await frames(content, size);
    expect(found.map((frame) => dumpText(decode(frame)))).toEqual(expected.map((value) => dumpText(value)));
    found.forEach((frame, i) => {
      expect(decode(frame).equals(expected[i])).toBe(true);
    });
  }
}

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const MARKER = "e0 01 00 ea";
/** `$ion_symbol_table::{symbols:[a, b]}` with symbols 10 = "a", 11 = "b". */
const TABLE_AB = "e9 81 83 d6 87 b4 81 61 81 62";
/** `$ion_symbol_table::{imports:$ion_symbol_table, symbols:["c"]}`. */
const APPEND_C = "ea 81 83 d7 86 71 03 87 b2 81 63";

describe("text", () => {
  it("finds the ends of structs whatever strings, symbols, lobs and comments hold", async () => {
    await expectSameValues(String.raw`
      // } a comment {
      {a:"}\"{", 'b}\'':'}', c:'''} '' ' \''' ''' '''{''', d:{{ fX0= }}, e:{{"}}\"{"}}, f:{{'''}}''' '''{{'''}}}
      /* { " ' *** } */ {g:[{h:(a + / - 'x' {})}], i:{}} {} {j:'', k:""}{l:1}
      {m: /* } */ 2 // }
      }
      {n:{{//8=}}, "o":"\\"}`);
  });

  it("accepts repeated version markers and carries symbol tables, appended ones too", async () => {
    await expectSameValues(`$ion_1_0 $ion_symbol_table::{symbols:["x","y"]} {$10:1}
      $ion_symbol_table::{imports:$ion_symbol_table, symbols:["z"]} {$10:1, $11:2, $12:3}
      '$ion_symbol_table' /* c */ :: {symbols:["w"]} {$10:4} $ion_1_0 {v:1} $ion_1_0`);
  });

  it("keeps annotations of a struct and says where each value was", async () => {
    const found = await frames(" a::'b'::{c:1}\n\n{d:2}");
    expect(found.map(({ offset, size }) => [offset, size])).toEqual([
      [1, 13],
      [16, 5],
    ]);
    expect(decode(found[0]!).getAnnotations()).toEqual(["a", "b"]);
  });

  it.each([
    ["{a:1", "ends inside a value"],
    ["{a:1} /* never closed", "ends inside a value"],
    ['{a:"} {b:2}', "ends inside a value"],
    ["a::", "ends inside a value"],
    ["[1]", "top level"],
    ["123 {}", "top level"],
    ["{{fX0=}}", "top level"],
    ["'''long'''", "top level"],
    ["{a:1} }", "top level"],
    ["a:{}", "top level"],
    ["{}x", "top level"],
  ])("refuses %j", async (content, problem) => {
    await expect(frames(content, 1)).rejects.toThrow(problem);
    await expect(frames(content, 100)).rejects.toThrow(problem);
  });

  it("takes empty content, white space and comments for no values", async () => {
    for (const content of ["", " ", "\n\n", "// nothing", "/* nothing */"])
      expect(await frames(content)).toEqual([]);
  });
});

describe("binary", () => {
  it("carries symbol tables from value to value, appended ones too, until a version marker", async () => {
    const struct = "d5 8a 21 01 8b 20"; // {$10: 1, $11: 0}
    await expectSameValues(
      hex(
        `${MARKER} ${TABLE_AB} ${struct} ${APPEND_C} d3 8c 21 07 ${MARKER} ${TABLE_AB} ${struct} ${MARKER} d3 84 21 01`,
      ),
    );
  });

  it("skips NOP pads of any size", async () => {
    const pad = Buffer.concat([hex("0e 07 e8"), Buffer.alloc(1000)]);
    const content = Buffer.concat([hex(MARKER), pad, hex("00 d3 84 21 01 03 ff ff ff"), pad]);
    for (const size of [1, 100, 4096]) {
      const found = await frames(content, size, { maxValueBytes: 100 });
      expect(found.map(({ offset, size: length }) => [offset, length])).toEqual([[1008, 4]]);
    }
  });

  it("frames what ion-js writes", async () => {
    const values = [`{a:1}`, `{b:{c:[{{aGk=}}, 2020-01-01T, -1.5e3, "x"]}}`, `{d:'sym', e:null.struct}`].map(
      (text) => load(text)!,
    );
    await expectSameValues(Buffer.concat(values.map((value) => dumpBinary(value))));
  });

  it.each([
    [`${MARKER} d3 84 21`, "ends inside a value"],
    [`${MARKER} 03 00`, "ends inside a value"],
    [`${MARKER} e0 01 01 ea d0`, "version marker"],
    [`${MARKER} f0`, "reserved"],
    [`${MARKER} de 7f 7f 7f 7f 7f 7f 7f 7f ff`, "beyond 2^53"],
    [`${MARKER} de 7f ff d0`, "at most 100 bytes"],
    [`${MARKER} e9 81 83 d6 87 b9 81 61 81 62`, "symbol table"],
  ])("refuses %s", async (content, problem) => {
    for (const size of [1, 100])
      await expect(frames(hex(content), size, { maxValueBytes: 100 })).rejects.toThrow(problem);
  });

  it("names the object and the place in its error", async () => {
    await expect(frames(hex(`${MARKER} d0 f0`), 1, { key: "p/s.0-1.ion" })).rejects.toMatchObject({
      code: "EXPORT_CONTENT",
      key: "p/s.0-1.ion",
      offset: 5,
    });
  });
});

it("does not let an unclosed quote swallow the whole stream", async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{a:"');
    for (;;) {
      await Promise.resolve();
      yield Buffer.alloc(1024, "x");
    }
  }
  const reading = async (): Promise<void> => {
    for await (const frame of frameValues(endless(), { maxValueBytes: 10_000 }))
      expect(frame).toBeUndefined();
  };
  await expect(reading()).rejects.toThrow("at most 10000 bytes");
});
