// SPDX-License-Identifier: MIT
import * as fc from "fast-check";

const TYPES = [
  "null",
  "bool",
  "int",
  "float",
  "decimal",
  "timestamp",
  "symbol",
  "string",
  "clob",
  "blob",
  "list",
  "sexp",
  "struct",
];

const string = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => JSON.stringify(text));
const symbol = string.map(
  (text) =>
    `'${text
      .slice(1, -1)
      .replaceAll(String.raw`\"`, '"')
      .replaceAll("'", String.raw`\'`)}'`,
);
const bytes = fc.uint8Array({ maxLength: 20 }).map((content) => Buffer.from(content));
const float = fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => {
  const text = Object.is(number, -0) ? "-0" : String(number);
  return text.includes("e") ? text : `${text}e0`;
});
const decimal = fc
  .tuple(fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }), fc.integer({ min: -40, max: 40 }))
  .map(([coefficient, exponent]) => `${coefficient}d${exponent}`);
const timestamp = fc
  .tuple(
    fc.date({ min: new Date("0002-01-01"), max: new Date("9998-12-31"), noInvalidDate: true }),
    fc.constantFrom("Z", "-00:00", "+05:30", "-11:15"),
    fc.stringMatching(/^(\.[0-9]{1,9})?$/),
    fc.constantFrom("year", "month", "day", "minute", "second"),
  )
  .map(([date, offset, fraction, precision]) => {
    const iso = date.toISOString();
    const byPrecision = { year: `${iso.slice(0, 4)}T`, month: `${iso.slice(0, 7)}T`, day: iso.slice(0, 10) };
    if (precision === "minute") return `${iso.slice(0, 16)}${offset}`;
    return precision === "second"
      ? `${iso.slice(0, 19)}${fraction}${offset}`
      : byPrecision[precision as "day"];
  });

const scalar = fc.oneof(
  fc.constantFrom(
    "nan",
    "+inf",
    "-inf",
    "-0.",
    "-0e0",
    "true",
    "false",
    ...TYPES.map((type) => `null.${type}`),
  ),
  fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }).map(String),
  float,
  decimal,
  timestamp,
  string,
  symbol,
  bytes.map((content) => `{{${content.toString("base64")}}}`),
  bytes.map(
    (content) =>
      `{{"${Array.from(content, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}"}}`,
  ),
);

const annotated = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.oneof({ weight: 5, arbitrary: fc.constant<string[]>([]) }, fc.array(symbol, { maxLength: 2 })),
      value,
    )
    .map(([annotations, text]) => [...annotations, text].join("::"));

const fieldsOf = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(symbol, value), { maxLength: 6 })
    .map((fields) => `{${fields.map(([name, text]) => `${name}:${text}`).join(",")}}`);

/** Text of any Ion value: every type, annotated or not, nested, with fields of one name. */
export const arbitraryIonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: annotated(
    fc.oneof(
      { maxDepth: 3, depthSize: "small", withCrossShrink: true },
      { weight: 4, arbitrary: scalar },
      {
        weight: 1,
        arbitrary: fc.array(tie("value"), { maxLength: 4 }).map((values) => `[${values.join(",")}]`),
      },
      {
        weight: 1,
        arbitrary: fc.array(tie("value"), { maxLength: 4 }).map((values) => `(${values.join(" ")})`),
      },
      { weight: 1, arbitrary: fieldsOf(tie("value")) },
    ),
  ),
})).value;

/** Text of a struct as documents are: not null, not annotated. */
export const arbitraryDocumentText: fc.Arbitrary<string> = fieldsOf(arbitraryIonText);
