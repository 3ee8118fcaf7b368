// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { Decimal, dom, IonTypes, Timestamp } from "ion-js";

const texts = fc.oneof(fc.constantFrom("", "a", "b", "op", "__proto__", "7", "'\"\\", "{[("), fc.string());
const annotations: fc.Arbitrary<string[]> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<string[]>([]) },
  fc.array(
    texts.filter((text) => text !== ""),
    { maxLength: 2 },
  ),
);

const scalars: fc.Arbitrary<dom.Value> = annotations.chain((names) =>
  fc.oneof(
    fc
      .constantFrom(IonTypes.NULL, IonTypes.INT, IonTypes.STRUCT, IonTypes.TIMESTAMP)
      .map((type) => new dom.Null(type, names)),
    fc.boolean().map((value) => new dom.Boolean(value, names)),
    fc
      .oneof(fc.integer({ min: -2, max: 2 }).map(BigInt), fc.bigInt())
      .map((value) => new dom.Integer(value, names)),
    fc
      .oneof(fc.constantFrom(0, -0, 1, NaN, Infinity), fc.double())
      .map((value) => new dom.Float(value, names)),
    fc
      .tuple(
        fc.oneof(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n })),
        fc.integer({ min: -3, max: 3 }),
        fc.boolean(),
      )
      .map(
        ([digits, exponent, negative]) =>
          new dom.Decimal(new Decimal(negative ? -digits : digits, exponent, negative), names),
      ),
    fc
      .constantFrom(
        "2020T",
        "2020-01T",
        "2020-01-01T",
        "2020-01-01T00:00Z",
        "2020-01-01T00:00-00:00",
        "2020-01-01T01:00+01:00",
        "2020-01-01T00:00:00.10Z",
        "2020-01-01T00:00:00.1Z",
      )
      .map((text) => new dom.Timestamp(parseTimestamp(text), names)),
    texts.map((text) => new dom.String(text, names)),
    texts.map((text) => new dom.Symbol(text, names)),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => new dom.Blob(bytes, names)),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => new dom.Clob(bytes, names)),
  ),
);

/** Ion values of every type, small ones more often, so that two of them are equal now and then. */
export const arbitraryIon: fc.Arbitrary<dom.Value> = fc.letrec<{ value: dom.Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.array(tie("value"), { maxLength: 4 }).map((values) => new dom.List(values)),
    fc.array(tie("value"), { maxLength: 4 }).map((values) => new dom.SExpression(values)),
    fc.array(fc.tuple(texts, tie("value")), { maxLength: 4 }).map(toStruct),
  ),
})).value;

/** A struct, as documents are; a field may be there more than once. */
export const arbitraryStruct: fc.Arbitrary<dom.Struct> = fc
  .array(fc.tuple(texts, arbitraryIon), { maxLength: 6 })
  .map(toStruct);

function toStruct(fields: readonly (readonly [string, dom.Value])[]): dom.Struct {
  const byName = new Map<string, dom.Value[]>();
  for (const [name, value] of fields) byName.set(name, [...(byName.get(name) ?? []), value]);
  return new dom.Struct([...byName]);
}

function parseTimestamp(text: string): Timestamp {
  const timestamp = Timestamp.parse(text);
  if (timestamp === null) throw new Error(`not an Ion timestamp: ${text}`);
  return timestamp;
}
