// SPDX-License-Identifier: MIT
import { compile, execute, explain, indexKey } from "@ledger-loader/partiql";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { dom } from "ion-js";
import { ionValue } from "../../test/arbitrary-ion";
import { MemoryCatalog } from "../../test/memory-catalog";
import { run, runValues, toText } from "../../test/run";

/** Equality written again, pair by pair, from the reference implementation's rules; `indexKey` must agree with it. */
function isPartiqlEqual(left: dom.Value, right: dom.Value): boolean {
  if (left.isNull() || right.isNull()) return left.isNull() && right.isNull();
  const [a, b] = [left.getType().name, right.getType().name];
  const isNumber = (type: string) => ["int", "decimal", "float"].includes(type);
  if (isNumber(a) && isNumber(b)) return exactNumber(left) === exactNumber(right);
  const isText = (type: string) => ["string", "symbol"].includes(type);
  if (isText(a) && isText(b)) return left.stringValue() === right.stringValue();
  const isLob = (type: string) => ["blob", "clob"].includes(type);
  if (isLob(a) && isLob(b)) return Buffer.from(left.uInt8ArrayValue()!).equals(right.uInt8ArrayValue()!);
  if (a !== b) return false;
  switch (a) {
    case "bool":
      return left.booleanValue() === right.booleanValue();
    case "timestamp":
      return left.timestampValue()!.compareTo(right.timestampValue()!) === 0;
    case "list":
    case "sexp":
      return (
        left.elements().length === right.elements().length &&
        left.elements().every((element, index) => isPartiqlEqual(element, right.elements()[index]!))
      );
    default:
      return isSameMultiset(fieldsOf(left), fieldsOf(right));
  }
}

/** `digits × 10^400` as an integer, so that every number of the generator is exact. */
function exactNumber(value: dom.Value): bigint | string {
  if (value.getType().name === "int") return value.bigIntValue()! * 10n ** 400n;
  if (value.getType().name === "float" && !Number.isFinite(value.numberValue()))
    return String(value.numberValue());
  const text =
    value.getType().name === "float"
      ? String(value.numberValue())
      : toText(new dom.Decimal(value.decimalValue()!));
  const [mantissa = "", exponent = "0"] = text.replace(/d/i, "e").split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return BigInt(whole + fraction) * 10n ** BigInt(400 + Number(exponent) - fraction.length);
}

function fieldsOf(struct: dom.Value): [string, dom.Value][] {
  return struct
    .allFields()
    .flatMap(([name, values]) => values.map((value): [string, dom.Value] => [name, value]));
}

function isSameMultiset(left: [string, dom.Value][], right: [string, dom.Value][]): boolean {
  if (left.length !== right.length) return false;
  const rest = [...right];
  return left.every(([name, value]) => {
    const at = rest.findIndex(([otherName, other]) => name === otherName && isPartiqlEqual(value, other));
    if (at !== -1) rest.splice(at, 1);
    return at !== -1;
  });
}

describe("indexKey", () => {
  it("is the same for two values exactly when they are equal", () => {
    fc.assert(
      fc.property(ionValue, ionValue, (left, right) => {
        expect(indexKey(left) === indexKey(right)).toBe(isPartiqlEqual(left, right));
      }),
      { numRuns: 3000 },
    );
  });

  it("is what = means", async () => {
    await fc.assert(
      fc.asyncProperty(ionValue, ionValue, async (left, right) => {
        const [row] = await runValues(new MemoryCatalog(), "SELECT VALUE ? = ? FROM <<0>>", left, right);
        const expected =
          left.isNull() || right.isNull() ? "null" : String(indexKey(left) === indexKey(right));
        expect(toText(row!)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("does not expand exponents", () => {
    expect(indexKey(dom.load("1d1000000000")!)).toBe(indexKey(dom.load("10d999999999")!));
  });

  it("refuses values too deep for the stack with an error of its own", () => {
    let value: dom.Value = new dom.List([]);
    for (let depth = 0; depth < 5000; depth += 1) value = new dom.List([value]);
    expect(() => indexKey(value)).toThrow("nested at most");
  });
});

describe("an index and a scan", () => {
  it.each([
    ["SELECT t.n, t.k FROM T AS t WHERE t.k = ?", "SELECT t.n, t.k FROM U AS t WHERE t.k = ?"],
    ["SELECT n FROM T WHERE k IN ? AND n < 8", "SELECT n FROM U WHERE k IN ? AND n < 8"],
    [
      "SELECT data.n FROM _ql_committed_T WHERE data.k IN (?, 1, 'a')",
      "SELECT data.n FROM _ql_committed_U WHERE data.k IN (?, 1, 'a')",
    ],
    ["SELECT a.n FROM <<?>> AS v, T AS a WHERE a.k = v", "SELECT a.n FROM <<?>> AS v, U AS a WHERE a.k = v"],
  ])("give equal answers: %s", async (indexed, scanned) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(ionValue, { minLength: 1, maxLength: 12 }),
        ionValue,
        async (keys, wanted) => {
          const catalog = new MemoryCatalog();
          await run(catalog, "CREATE TABLE T");
          await run(catalog, "CREATE TABLE U");
          await run(catalog, "CREATE INDEX ON T (k)");
          const documents = new dom.List(
            keys.map(
              (k, n) =>
                new dom.Struct([
                  ["k", k],
                  ["n", new dom.Integer(n)],
                ]),
            ),
          );
          await runValues(catalog, "INSERT INTO T ?", documents);
          await runValues(catalog, "INSERT INTO U ?", documents);
          expect(await explain(compile(indexed), catalog)).toContainEqual({
            table: "T",
            access: "index",
            field: "k",
          });
          const answers = async (statement: string) =>
            (await runValues(catalog, statement, wanted)).map(toText);
          expect(await answers(indexed)).toEqual(await answers(scanned));
          // What is stored is found by its own value, unless that is null.
          for (const k of keys) {
            const found = await runValues(catalog, "SELECT n FROM T WHERE k = ?", k);
            expect(found.length > 0).toBe(!k.isNull());
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

it("asks for thousands of values at once without comparing each with each", async () => {
  const catalog = new MemoryCatalog();
  await run(catalog, "CREATE TABLE T");
  const numbers = Array.from({ length: 5000 }, (_, n) => new dom.Integer(n));
  await runValues(catalog, "INSERT INTO T ?", new dom.List(numbers.map((n) => new dom.Struct([["n", n]]))));
  const start = process.cpuUsage();
  let rows = 0;
  const statement = compile("SELECT n FROM T AS t WHERE t.n IN ?");
  for await (const _ of execute(statement, [new dom.List(numbers)], catalog)) rows += 1;
  expect(rows).toBe(5000);
  // 25 million comparisons would take far longer. Processor time: that others keep the machine busy does not count.
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(5000);
});
