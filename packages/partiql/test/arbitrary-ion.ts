// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { Decimal, dom, dumpText, IonTypes, Timestamp } from "ion-js";

/** Few texts, so that equal ones meet; some of them look like keys of {@link indexKey}. */
const text = fc.constantFrom("", "a", "b", "s1:a", "1", "a,b", "T", "_", "ä😀", "a'b\"c`");

/** Numbers of all types, many of which are equal across types. */
const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map((value) => new dom.Integer(value)),
  fc
    .constantFrom("0", "-0", "1.0", "10d-1", "1d0", "-1.00", "2.5", "25d-1", "1d300", "100d298", "0d5")
    .map((value) => new dom.Decimal(Decimal.parse(value)!)),
  fc
    .constantFrom(0, -0, 1, -1, 2.5, 0.1, 1e300, NaN, Infinity, -Infinity, 1e21)
    .map((value) => new dom.Float(value)),
  fc.constantFrom(10n ** 21n, 2n ** 63n, -(2n ** 64n)).map((value) => new dom.Integer(value)),
);

const timestamp = fc
  .constantFrom(
    "2020T",
    "2020-01T",
    "2020-01-01T",
    "2020-01-01T00:00Z",
    "2020-01-01T00:00:00.000-00:00",
    "2020-01-01T01:00:00+01:00",
    "2020-01-01T00:00:00.0001Z",
    "2019-12-31T23:59:59.9999Z",
    "0001T",
    "0099-12-31T23:59:59.9999Z",
    "9999-12-31T23:59:59.999Z",
  )
  .map((value) => new dom.Timestamp(Timestamp.parse(value)!));

const bytes = fc.constantFrom("", "a", "ab").map((value) => Buffer.from(value));

const nothing = fc
  .constantFrom(IonTypes.NULL, IonTypes.STRING, IonTypes.INT, IonTypes.STRUCT, IonTypes.LIST)
  .map((type) => new dom.Null(type));

/** An Ion value of any type, annotated now and then, that is equal to others of its kind with good chance. */
export const ionValue: fc.Arbitrary<dom.Value> = fc.letrec<{ value: dom.Value }>((tie) => ({
  value: fc
    .oneof(
      { maxDepth: 3, withCrossShrink: true },
      number,
      text.map((value): dom.Value => new dom.String(value)),
      text.map((value): dom.Value => new dom.Symbol(value)),
      fc.boolean().map((value): dom.Value => new dom.Boolean(value)),
      timestamp,
      bytes.map((value): dom.Value => new dom.Blob(value)),
      bytes.map((value): dom.Value => new dom.Clob(value)),
      nothing,
      fc.array(tie("value"), { maxLength: 3 }).map((elements): dom.Value => new dom.List(elements)),
      fc.array(tie("value"), { maxLength: 3 }).map((elements): dom.Value => new dom.SExpression(elements)),
      fc
        .array(
          fc.tuple(
            fc.constantFrom("a", "b", "2", "s1:a"),
            fc.array(tie("value"), { minLength: 1, maxLength: 2 }),
          ),
          { maxLength: 3 },
        )
        .map((fields): dom.Value => new dom.Struct(new Map(fields))),
    )
    .chain((value) => fc.constantFrom(value, annotated(value))),
})).value;

function annotated(value: dom.Value): dom.Value {
  return dom.load(`note::${dumpText(value)}`)!;
}
