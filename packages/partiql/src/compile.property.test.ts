// SPDX-License-Identifier: MIT
import { compile, PartiqlError, PartiqlSyntaxError } from "@ledger-loader/partiql";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ionValue } from "../test/arbitrary-ion";
import { run, runValues, toText } from "../test/run";
import { MemoryCatalog } from "../test/memory-catalog";

/** Words and marks that statements are made of, so that random statements get far into the parser. */
const WORDS =
  `SELECT FROM WHERE INSERT INTO UPDATE SET DELETE CREATE TABLE INDEX ON DROP VALUE AS AT BY AND OR NOT IN IS
  NULL MISSING LIKE BETWEEN ESCAPE JOIN INNER CROSS LEFT REMOVE COUNT CAST TRIM SUBSTRING HISTORY history T t a x.y
  'str' "name" \`{a:1}\` \` 1 2.5 ? * + - / % || = <> < <= > >= ( ) [ ] { } << >> , . : ; EXEC ORDER GROUP LIMIT DISTINCT
  CASE DATE_ADD EXTRACT YEAR TO_STRING TXID() UTCNOW() -- /* */ 'open "open information_schema.user_tables`.split(
    /\s+/,
  );

function compileOrError(text: string): "compiled" | PartiqlError {
  try {
    compile(text);
    return "compiled";
  } catch (error) {
    if (error instanceof PartiqlError) return error;
    throw error;
  }
}

describe("compile", () => {
  it("compiles or throws one of its own errors with a position, whatever the text", () => {
    const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 25 }).map((list) => list.join(" "));
    const started = words.map((rest) => `SELECT ${rest}`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string(), words, started), (text) => {
        const result = compileOrError(text);
        if (result !== "compiled") {
          expect(result.position?.offset).toBeGreaterThanOrEqual(0);
          expect(result.position?.offset).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("keeps any text between quotes a value, and any name a name", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        const quoted = `'${text.replaceAll("'", "''")}'`;
        const name = `"${text.replaceAll('"', '""')}"`;
        const rows = await run(new MemoryCatalog(), `SELECT ${quoted} AS ${name} FROM <<0>>`);
        const [row] = rows;
        expect(rows).toHaveLength(1);
        expect(row!.fields().map(([field, value]) => [field, value.stringValue()])).toEqual([[text, text]]);
      }),
      { numRuns: 300 },
    );
  });

  it("gives back values as they are, inside lists, structs and documents", async () => {
    await fc.assert(
      fc.asyncProperty(ionValue, ionValue, async (left, right) => {
        const catalog = new MemoryCatalog();
        const [value] = await runValues(
          catalog,
          "SELECT VALUE {'l': [?, ?], 'b': <<?>>} FROM <<0>>",
          left,
          right,
          left,
        );
        const texts = [left, right].map(toText);
        expect(toText(value!)).toBe(`{l:[${texts.join(",")}],b:[${String(texts[0])}]}`);
        await run(catalog, "CREATE TABLE T");
        await runValues(catalog, "INSERT INTO T << {'x': ?} >>", left);
        await runValues(catalog, "UPDATE T SET y = [x], x = ?", right);
        const [document] = await run(catalog, "SELECT * FROM T");
        expect(toText(document!)).toBe(`{x:${String(texts[1])},y:[${String(texts[0])}]}`);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["parentheses", (n: number) => `SELECT * FROM T WHERE ${"(".repeat(n)}1${")".repeat(n)}`],
    ["open parentheses", (n: number) => `SELECT * FROM T WHERE ${"(".repeat(n)}`],
    ["lists", (n: number) => `SELECT ${"[".repeat(n)}${"]".repeat(n)} FROM T`],
    ["structs", (n: number) => `SELECT ${"{'a':".repeat(n)}1${"}".repeat(n)} FROM T`],
    ["NOT", (n: number) => `SELECT * FROM T WHERE ${"NOT ".repeat(n)} a`],
    ["signs", (n: number) => `SELECT ${"- ".repeat(n)}1 FROM T`],
    ["sums", (n: number) => `SELECT 1${"+1".repeat(n)} FROM T`],
    ["comparisons", (n: number) => `SELECT 1${"=1".repeat(n)} FROM T`],
    ["indexes in indexes", (n: number) => `SELECT ${"a[".repeat(n)}0${"]".repeat(n)} FROM T`],
    ["Ion lists", (n: number) => `SELECT \`${"[".repeat(n)}${"]".repeat(n)}\` FROM T`],
    ["open Ion lists", (n: number) => `SELECT \`${"[".repeat(n)}\` FROM T`],
    ["FROM items", (n: number) => `SELECT * FROM T${",T".repeat(n)}`],
  ])("refuses endless %s without exhausting the stack", (_, text) => {
    for (const n of [4000, 16_000]) expect(compileOrError(text(n))).toBeInstanceOf(PartiqlError);
  });

  it.each([
    ["conditions", (n: number) => `SELECT * FROM T WHERE a = 1${" AND a=1".repeat(n)}`],
    ["alternatives", (n: number) => `SELECT * FROM T WHERE a = 1${" OR a=1".repeat(n)}`],
    ["list elements", (n: number) => `SELECT * FROM T WHERE a IN (1${",1".repeat(n)})`],
    ["path steps", (n: number) => `SELECT a${".a".repeat(n)} FROM T`],
    ["blanks", (n: number) => `SELECT${" ".repeat(n)}* FROM T`],
    ["comments", (n: number) => `SELECT${"--\n".repeat(n)}* FROM T`],
    ["columns", (n: number) => `SELECT a${",a".repeat(n)} FROM T`],
  ])("takes long chains of %s", (_, text) => {
    expect(compileOrError(text(10_000))).toBe("compiled");
  });

  it("evaluates the longest chains that it takes", async () => {
    const sum = `SELECT VALUE 1${"+1".repeat(2000)} FROM <<0>>`;
    expect((await run(new MemoryCatalog(), sum)).map(toText)).toEqual(["2001"]);
    const path = `SELECT VALUE x${".a".repeat(45_000)} FROM <<{'a': 1}>> AS x`;
    expect((await run(new MemoryCatalog(), path)).map(toText)).toEqual(["null"]);
    const index = `SELECT VALUE x${"[0]".repeat(30_000)} FROM <<[[1]]>> AS x`;
    expect((await run(new MemoryCatalog(), index)).map(toText)).toEqual(["null"]);
    const change = `FROM T AS x WHERE x${".a".repeat(45_000)} = 1 SET x.b = x${".a".repeat(40)}`;
    const catalog = new MemoryCatalog();
    await run(catalog, "CREATE TABLE T");
    await run(catalog, "INSERT INTO T {'a': 1}");
    expect(await run(catalog, change)).toEqual([]);
  });

  it("takes 100,000 characters and no more", () => {
    const statement = "SELECT * FROM T";
    expect(compileOrError(statement.padEnd(100_000))).toBe("compiled");
    expect(compileOrError(statement.padEnd(100_001))).toBeInstanceOf(PartiqlSyntaxError);
  });

  it("is pure: a compiled statement can run again, and at the same time, with other parameters", async () => {
    const catalog = new MemoryCatalog();
    const results = await Promise.all(
      ["1", "2"].map((value) => run(catalog, "SELECT VALUE x IN ? FROM <<1, 2>> AS x", `[${value}]`)),
    );
    expect(results.map((rows) => rows.map(toText))).toEqual([
      ["true", "false"],
      ["false", "true"],
    ]);
  });
});
