// SPDX-License-Identifier: MIT
import * as fc from "fast-check";
import { Decimal, dom, dumpText, IonTypes, Timestamp } from "ion-js";
import type { IonType } from "ion-js";

// fast-check fails to describe the containers of ion-js, and a counterexample that it cannot print is lost.
for (const { prototype } of [dom.List, dom.SExpression, dom.Struct])
  Object.defineProperty(prototype, fc.toStringMethod, {
    value(this: dom.Value) {
      return dumpText(this);
    },
  });

/** Texts with every kind of character that matters to an encoder or to a hash's escapes. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.constantFrom(
    "",
    "\u000b",
    "\u000c\u000e",
    "10",
    "2",
    "name",
    "symbols",
    "__proto__",
    "constructor",
    "$7",
    "\uFFFD",
    "ÿ",
  ),
);

// A struct with this as its first annotation is not a value but a symbol table, and ion-js drops "$ion_1_0".
const arbitrarySymbolText = arbitraryText.filter((text) => !text.startsWith("$ion"));

// In an s-expression, ion-js writes an operator before "::" without quotes, and then no reader takes the text, its own neither.
const arbitraryAnnotation = arbitrarySymbolText.filter((text) => !/^[!#%&*+\-./;<=>?@^`|~]+$/.test(text));

const arbitraryAnnotations = fc.oneof(
  { weight: 4, arbitrary: fc.constant<string[]>([]) },
  { weight: 1, arbitrary: fc.array(arbitraryAnnotation, { minLength: 1, maxLength: 3 }) },
);

const TYPED_NULLS: IonType[] = Object.values(IonTypes);

const arbitraryInt = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
  fc.constantFrom(0, 255, 256, -255, -256, 2 ** 31, 2 ** 53 - 1, 11, 12, 14),
);

/** Decimals with both zeros, leading zeros in the fraction, and exponents of either sign. */
export const arbitraryDecimal: fc.Arbitrary<Decimal> = fc
  .record({
    coefficient: fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 140n }),
      fc.constantFrom(0n, 127n, 128n, 255n, 256n),
    ),
    exponent: fc.oneof(
      fc.integer({ min: -100, max: 100 }),
      fc.constantFrom(0, -63, -64, 63, 64, 8191, -8192),
    ),
    negative: fc.boolean(),
  })
  .map(({ coefficient, exponent, negative }) => new Decimal(coefficient, exponent, negative));

// ion-js itself turns 59.9996 s into the next minute when it encodes: such fractions have a test of their own.
const arbitraryFraction = fc
  .stringMatching(/^[0-9]{0,9}$/)
  .map((digits) => digits.replace(/^999[5-9]/, "9994"));

/** Timestamps of every precision and offset, the unknown one included. */
export const arbitraryTimestamp: fc.Arbitrary<Timestamp> = fc
  .record({
    date: fc.date({
      min: new Date("0002-01-01T00:00:00Z"),
      max: new Date("9998-12-31T23:59:59Z"),
      noInvalidDate: true,
    }),
    precision: fc.integer({ min: 1, max: 6 }),
    fraction: arbitraryFraction,
    offset: fc.oneof(
      fc.constantFrom("Z", "-00:00", "+00:00", "+23:59", "-23:59", "+05:30"),
      fc.constant("Z"),
    ),
  })
  // ion-js takes years such as 1500 for leap years.
  .filter(({ date }) => !(date.getUTCMonth() === 1 && date.getUTCDate() === 29))
  .map(({ date, precision, fraction, offset }) => {
    const iso = date.toISOString();
    const seconds = precision === 6 ? `:${iso.slice(17, 19)}${fraction === "" ? "" : `.${fraction}`}` : "";
    const texts = [`${iso.slice(0, 4)}T`, `${iso.slice(0, 7)}T`, `${iso.slice(0, 10)}T`];
    return Timestamp.parse(texts[precision - 1] ?? `${iso.slice(0, 16)}${seconds}${offset}`)!;
  });

const arbitraryFloat = fc.oneof(fc.double(), fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324, 1.5));

const arbitraryBytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constant(Uint8Array.of(0x0b, 0x0c, 0x0e)),
);

const arbitraryScalar: fc.Arbitrary<dom.Value> = fc
  .tuple(
    arbitraryAnnotations,
    fc.oneof(
      fc.constantFrom(...TYPED_NULLS).map((type) => (a: string[]) => new dom.Null(type, a)),
      fc.boolean().map((value) => (a: string[]) => new dom.Boolean(value, a)),
      arbitraryInt.map((value) => (a: string[]) => new dom.Integer(value, a)),
      arbitraryFloat.map((value) => (a: string[]) => new dom.Float(value, a)),
      arbitraryDecimal.map((value) => (a: string[]) => new dom.Decimal(value, a)),
      arbitraryTimestamp.map((value) => (a: string[]) => new dom.Timestamp(value, a)),
      arbitraryText.map((value) => (a: string[]) => new dom.String(value, a)),
      arbitrarySymbolText.map((value) => (a: string[]) => new dom.Symbol(value, a)),
      arbitraryBytes.map((value) => (a: string[]) => new dom.Blob(value, a)),
      arbitraryBytes.map((value) => (a: string[]) => new dom.Clob(value, a)),
    ),
  )
  .map(([annotations, make]) => make(annotations) as dom.Value);

/** Any Ion value: every type, annotated or not, nested, with several fields of one name. */
export const arbitraryIon: fc.Arbitrary<dom.Value> = fc.letrec<{ value: dom.Value; container: dom.Value }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: "small", withCrossShrink: true },
      { arbitrary: arbitraryScalar, weight: 3 },
      { arbitrary: tie("container"), weight: 2 },
    ),
    container: fc
      .tuple(
        arbitraryAnnotations,
        fc.oneof(
          fc.array(tie("value"), { maxLength: 6 }).map((values) => (a: string[]) => new dom.List(values, a)),
          fc
            .array(tie("value"), { maxLength: 6 })
            .map((values) => (a: string[]) => new dom.SExpression(values, a)),
          fc
            .array(fc.tuple(arbitrarySymbolText, fc.array(tie("value"), { minLength: 1, maxLength: 2 })), {
              maxLength: 8,
            })
            .map((fields) => (a: string[]) => new dom.Struct(fields, a)),
        ),
      )
      .map(([annotations, make]) => make(annotations) as dom.Value),
  }),
).value;

/** A struct as documents are: never null, never annotated. */
export const arbitraryDocument: fc.Arbitrary<dom.Value> = fc
  .array(fc.tuple(arbitrarySymbolText, arbitraryIon), { maxLength: 8 })
  .map(
    (fields) =>
      new dom.Struct(fields.map(([name, value]): [string, dom.Value[]] => [name, [value]])) as dom.Value,
  );
