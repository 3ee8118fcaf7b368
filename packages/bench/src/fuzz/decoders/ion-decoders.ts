// SPDX-License-Identifier: MIT
import {
  decodeIon,
  decodeIonValues,
  encodeIon,
  hashIon,
  type IonSlice,
  IonTextStream,
  readSingleValue,
  toIonText,
  validateIon,
  VERSION_MARKER,
} from "@ledger-loader/ion";
import { QLDB_VALUES, readVector } from "../fixtures";
import { type FuzzedDecoder, GROWTH_MAX, repeated } from "../fuzzed-decoder";

/** Every type, and what is rare in documents: annotations, nulls of a type, escapes, long text, symbol tables. */
const RARE_VALUES = [
  `[null, null.struct, true, 12, -340282366920938463463374607431768211456, 1.50, -0d3, 2.5e0, +inf, nan]`,
  `[2020, 2020-02-29T, 2020-02-29T23:59Z, 2020-02-29T23:59:59.999-08:00, {{aGVsbG8=}}, {{"clob\\xff"}}]`,
  `a::'b c'::{'d e': (f + g), h: "\\u00e9\\U0001F600\\n", i: '''long''' ''' text''', i: 2, j: []}`,
  `$ion_symbol_table::{symbols:["a","b"]} {$10:$11} $ion_symbol_table::{imports:$ion_symbol_table,symbols:["c"]} $12`,
  `$ion_symbol_table::{imports:[{name:"t",version:1,max_id:100}],symbols:["own"]} $110`,
];

const WORDS = [
  "$ion_1_0 ",
  "$ion_symbol_table::",
  "null.",
  "{{",
  "}}",
  "'''",
  "::",
  "/*",
  "//",
  "\\u",
  "$0",
  "$999999",
  "2020-",
  "nan",
  "(",
  "[",
  "{",
];

const BRACKETS = [
  ["[", "]"],
  ["{a:", "}"],
  ["(", ")"],
  ["a::", ""],
] as const;

function decodeAndEncode(input: Uint8Array): unknown {
  const values = decodeIonValues(input);
  for (const value of values) {
    hashIon(encodeIon(value));
    toIonText(value);
  }
  return values;
}

const textSamples = (): readonly Buffer[] => [
  ...QLDB_VALUES.map(readVector),
  ...RARE_VALUES.map((text) => Buffer.from(text)),
];

/** Ion text, as parameters, documents and exports are. */
const ionText: FuzzedDecoder = {
  name: "ion-text",
  what: "Ion text, decoded, hashed and written again",
  samples: textSamples,
  words: WORDS,
  brackets: BRACKETS,
  large: (bytes) => QLDB_VALUES.map((file) => repeated(bytes, readVector(file).toString())),
  dense: (bytes) => [
    repeated(bytes, "0,", "[", "0]"),
    repeated(bytes, "{},", "[", "{}]"),
    repeated(bytes, "a::b "),
    repeated(bytes, "x", '"', '"'),
  ],
  denseGrowthMax: 250,
  decode: decodeAndEncode,
};

const marker = Buffer.from(VERSION_MARKER);

/** Values in binary, each with its version marker and its symbol table. */
function toBinary(text: Uint8Array | string): Buffer {
  return Buffer.concat([...new IonTextStream(text.toString())]);
}

/** Ion binary. The version marker stays: without it the input is text. */
const ionBinary: FuzzedDecoder = {
  name: "ion-binary",
  what: "Ion binary, decoded, hashed and written again",
  samples: () => [...QLDB_VALUES.map(readVector), ...RARE_VALUES.slice(0, 4)].map(toBinary),
  words: [
    "\xe0\x01\x00\xea",
    "\x0e",
    "\x0f",
    "\x21\xff",
    "\xb0",
    "\xd0",
    "\x81\x83",
    "\xee\x81",
    "\xd7\x87",
    "\x8e\xff",
  ],
  brackets: BRACKETS,
  large: (bytes) => ionText.large(bytes).map(toBinary),
  dense: (bytes) => [
    repeated(bytes, "\x20", marker.toString("latin1")),
    ...ionText.dense(bytes).map(toBinary),
  ],
  // An empty struct is one byte, and 560 bytes as a value of ion-js.
  denseGrowthMax: 700,
  decode: (input) => decodeAndEncode(withMarker(input)),
};

function withMarker(input: Uint8Array): Buffer {
  return Buffer.concat([marker, input.subarray(Math.min(input.length, marker.length))]);
}

/** Longer inputs are for measuring memory, which decoding would take. */
const AGREEMENT_BYTES_MAX = 64 * 1024;

/** The path of a statement's parameter: it stays bytes. The check MUST agree with the decoder, which relies on it. */
const ionParameter: FuzzedDecoder = {
  ...ionBinary,
  name: "ion-parameter",
  what: "parameters of statements: checked and hashed, not decoded",
  samples: () => [...QLDB_VALUES.map(readVector), ...RARE_VALUES.slice(0, 3)].map(toBinary),
  dense: (bytes) => [
    toBinary(repeated(bytes, "0,", "[", "0]")),
    toBinary(repeated(bytes, "{},", "[", "{}]")),
    toBinary(repeated(bytes, "a:0,", "{", "a:0}")),
    Buffer.concat([marker, symbolTable(bytes), Buffer.of(0x20)]),
  ],
  denseGrowthMax: GROWTH_MAX,
  decode(input) {
    const ion = readSingleValue(withMarker(input));
    if (input.length <= AGREEMENT_BYTES_MAX) requireAgreement(ion);
    validateIon(ion);
    hashIon(ion);
    return ion;
  },
};

/** A symbol table in binary with as many empty symbols as fit into so many bytes. */
function symbolTable(bytes: number): Buffer {
  const symbols = Buffer.concat([Buffer.of(0x87, 0xbe), lengthOf(bytes), Buffer.alloc(bytes, 0x80)]);
  const struct = Buffer.concat([Buffer.of(0xde), lengthOf(symbols.length), symbols]);
  return Buffer.concat([Buffer.of(0xee), lengthOf(struct.length + 2), Buffer.of(0x81, 0x83), struct]);
}

/** A length in three bytes of seven bits. */
function lengthOf(bytes: number): Buffer {
  return Buffer.of((bytes >> 14) & 0x7f, (bytes >> 7) & 0x7f, (bytes & 0x7f) | 0x80);
}

function requireAgreement(ion: IonSlice): void {
  const checked = refusalOf(() => validateIon(ion));
  const decoded = refusalOf(() => decodeIon(ion));
  if (checked !== decoded) throw new Error(`Expected the refusal "${decoded}", found "${checked}".`);
}

function refusalOf(read: () => unknown): string {
  try {
    read();
    return "";
  } catch (error) {
    return String(error);
  }
}

export const ionDecoders: readonly FuzzedDecoder[] = [ionBinary, ionText, ionParameter];
