// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { dom, dumpText } from "ion-js";
import { compile, execute, type Catalog, type Undecoded } from "@ledger-loader/partiql";
import { toSlice } from "../../test/run";

const THOUSAND = `<<${Array.from({ length: 1000 }, (_, i) => i).join(",")}>>`;

/** No table is read. */
const catalog = { transactionId: "t" } as Catalog;

/** How often a statement lets others have their turn, up to twenty times. */
async function turnsOf(text: string, parameter: Undecoded): Promise<number> {
  let turns = 0;
  const pace = async (): Promise<void> => {
    turns += 1;
    if (turns === 20) throw new Error("enough");
    await Promise.resolve();
  };
  const rows = execute(compile(text), [parameter], catalog, { pace });
  await rows.next().catch((error: unknown) => {
    if (turns < 20) throw error;
  });
  return turns;
}

const int = new dom.Integer(10n ** 100_000n);
const decimal = dom.load(`1${"0".repeat(100_000)}.5`)!;
const digits = new dom.String("1".repeat(100_000));
const list = new dom.List(Array.from({ length: 20_000 }, (_, i) => new dom.Integer(i)));
const lob = new dom.Blob(new Uint8Array(100_000));

describe("A statement lets others have their turn", () => {
  it.each([
    ["a comparison of an int and a decimal", "p > 1.5", int],
    ["an equality of an int and a decimal", "p = 1.5", int],
    ["BETWEEN", "x BETWEEN p AND 1.5", int],
    ["a product", "p * 1 > x", int],
    ["a remainder", "p % 7 = x", int],
    ["a sum of decimals", "p + 1.5 > x", decimal],
    ["a sign", "-p > x", decimal],
    ["a cast to text", "CAST(p AS STRING) = 'a'", int],
    ["a cast to a number", "CAST(p AS INT) > x", digits],
    ["an equality of lists", "p = [x]", list],
    ["IN a list", "x IN (SELECT VALUE z + x FROM p AS z)", list],
    ["IN with a long value", "p IN [x, 'a']", digits],
    ["a function of a text", "UPPER(p) = 'a'", digits],
    ["a part of a text", "SUBSTRING(p, x, 1) = 'b'", digits],
    ["an order of blobs", "p < p", lob],
    ["NULLIF", "NULLIF(p, [x]) IS NULL", list],
  ])(
    "after each row with %s of 100,000 digits, characters, bytes or 20,000 elements",
    async (_, condition, p) => {
      const text = `SELECT COUNT(*) FROM << ? >> AS p, ${THOUSAND} AS x WHERE ${condition} OR x < 0`;
      expect(await turnsOf(text, p)).toBe(20);
    },
  );

  it("while a long parameter is decoded, where an expression looks into it", async () => {
    const many = toSlice(`[${"{},".repeat(60_000)}]`);
    const one = toSlice(`[{a: [${"{},".repeat(60_000)}]}]`);
    const more = toSlice(`[${"{},".repeat(120_000)}]`);
    // A turn for each 4 KB. After twenty turns the statement ends with its transaction.
    for (const [text, parameter] of [
      ["SELECT VALUE SIZE(p) FROM << ? >> AS p", many],
      ["SELECT VALUE SIZE(p.a) FROM ? AS p", one],
      ["SELECT VALUE p FROM ? AS p", one],
    ] as const) {
      const turns = await turnsOf(text, parameter);
      expect(turns).toBeGreaterThanOrEqual(14);
      expect(turns).toBeLessThan(20);
    }
    expect(await turnsOf("SELECT VALUE SIZE(p) FROM << ? >> AS p", more)).toBe(20);
  });

  it("only now and then where operands are short, or are not looked at", async () => {
    const from = `FROM << ? >> AS p, ${THOUSAND} AS x`;
    expect(
      await turnsOf(`SELECT COUNT(*) ${from} WHERE x = 5 AND x + 1 < 7 AND x IN [5, 6]`, int),
    ).toBeLessThan(5);
    expect(await turnsOf(`SELECT COUNT(*) ${from} WHERE SIZE(p) = x AND p[x] = 7`, list)).toBeLessThan(5);
  });
});

describe("A statement keeps a limited number of rows", () => {
  it("at the same time: a nested SELECT that runs for each row keeps its own only while it runs", async () => {
    const nested = `SIZE((SELECT VALUE z FROM ${THOUSAND} AS z ORDER BY z + y))`;
    const rows = execute(
      compile(`SELECT SUM(${nested}) AS n FROM ? AS y`),
      [new dom.List(Array.from({ length: 51 }, (_, i) => new dom.Integer(i)))],
      catalog,
    );
    expect(dumpText((await rows.next()).value as dom.Value)).toBe("{n:51000}");
  });

  it("those of a FULL JOIN that have a match, too", async () => {
    const many = new dom.List(Array.from({ length: 51_000 }, () => new dom.Integer(1)));
    const rows = execute(
      compile("SELECT COUNT(*) FROM <<1>> AS a FULL JOIN ? AS b ON TRUE"),
      [many],
      catalog,
    );
    await expect(rows.next()).rejects.toThrow("Expected at most 50000 rows");
  });
});
