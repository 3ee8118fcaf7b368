// SPDX-License-Identifier: MIT
import {
  compile,
  execute,
  explain,
  ParameterCountError,
  UnknownTableError,
  type Catalog,
} from "@ledger-loader/partiql";
import { describe, expect, it } from "@jest/globals";
import { decoded } from "./value/node";
import { dom } from "ion-js";
import { MemoryCatalog } from "../test/memory-catalog";
import type { IonNode, IonSlice } from "@ledger-loader/ion";
import { run, runValues, toSlice, toText } from "../test/run";

async function catalogWith(...statements: readonly string[]): Promise<MemoryCatalog> {
  const catalog = new MemoryCatalog();
  for (const statement of statements) await run(catalog, statement);
  return catalog;
}

describe("execute", () => {
  it("decodes a document only if something looks at it", async () => {
    const catalog = await catalogWith("CREATE TABLE T", "INSERT INTO T VALUE {'a': 1}");
    await run(
      catalog,
      "SELECT metadata.id, metadata.version, hash FROM _ql_committed_T WHERE metadata.version = 0",
    );
    await run(catalog, "SELECT id FROM T BY id WHERE id = 'T1'");
    await run(catalog, "SELECT COUNT(*) FROM T");
    await run(catalog, "UPDATE T AS d BY id SET d = ? WHERE id = 'T1'", "{b: 2}");
    expect([catalog.decoded, catalog.fieldsRead]).toEqual([0, 0]);
    await run(catalog, "SELECT b, b + 1 FROM T WHERE b = 2");
    await run(catalog, "SELECT c.data.b FROM _ql_committed_T AS c WHERE c.data.b = 2");
    expect([catalog.decoded, catalog.fieldsRead]).toEqual([0, 5]);
    await run(catalog, "SELECT * FROM T WHERE b = 2");
    expect([catalog.decoded, catalog.fieldsRead]).toEqual([0, 6]);
  });

  it("hands parameters over as the very objects, so that their bytes can be kept", async () => {
    const catalog = await catalogWith("CREATE TABLE T");
    const [first, second, third] = ["{a: 1}", "{a: 2}", "{a: 3}"].map((text) => dom.load(text)!);
    await runValues(catalog, "INSERT INTO T ?", new dom.List([first!, second!]));
    await runValues(catalog, "UPDATE T AS d BY id SET d = ? WHERE id = 'T2'", third!);
    const rows = await run(catalog, "SELECT * FROM T");
    expect(rows[0]).toBe(first);
    expect(rows[1]).toBe(third);
  });

  it("hands bytes over as they are, from parameters, their elements and fields of these", async () => {
    const catalog = await catalogWith("CREATE TABLE T", "INSERT INTO T VALUE {'a': 0}");
    const table = catalog.tables[0]!;
    const written: IonNode[] = [];
    const [insert, replace] = [table.insert.bind(table), table.replace.bind(table)];
    table.insert = (documents) => {
      written.push(...documents);
      return insert(documents.map(() => dom.Value.from({})));
    };
    table.replace = (id, data, options) => {
      written.push(data);
      return replace(id, dom.Value.from({}), options);
    };
    // The text of `broken` is not UTF-8: whoever decodes it throws.
    const damaged = (text: string): IonSlice => {
      const slice = toSlice(text);
      const { bytes } = slice;
      for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0x40) bytes[at] = 0xff;
      return slice;
    };
    const document = damaged(`{broken: "@"}`);
    const list = damaged(`[{id: "T1", data: {broken: "@"}}, {id: "T2", data: {broken: "@"}}]`);
    await runValues(catalog, "INSERT INTO T ?", document);
    await runValues(catalog, "INSERT INTO T << ?, ? >>", document, document);
    await runValues(catalog, "INSERT INTO T VALUE ?", document);
    await runValues(catalog, "INSERT INTO T ?", list);
    await runValues(catalog, "UPDATE T AS t BY id SET t = ? WHERE id = 'T1'", document);
    await runValues(catalog, "FROM ? AS p, T AS t BY id WHERE id = p.id SET t = p.data", list);
    const data = list.elements().map((element) => element.field("data")!);
    expect(written.slice(0, 4).every((node) => node === document)).toBe(true);
    expect(written.slice(4)).toEqual([...list.elements(), document, ...data]);
    await expect(runValues(catalog, "SELECT VALUE p.data FROM ? AS p", list)).rejects.toThrow("UTF-8");
  });

  it("compares a path with keys of GROUP BY in time that does not grow with the square of its length", async () => {
    // Compared beginning by beginning, the first would take minutes.
    const long = `a${".b".repeat(30_000)}`;
    const catalog = new MemoryCatalog();
    const from = "FROM << {'a': 1} >> AS a";
    await expect(run(catalog, `SELECT ${long} ${from} GROUP BY a.c.d`)).rejects.toThrow("keys of GROUP BY");
    expect(await run(catalog, `SELECT ${long} AS c ${from}`)).toHaveLength(1);
    const grouped = "SELECT VALUE x.b.c.d FROM << {'b': {'c': {'d': 1}}} >> AS a GROUP BY a.b.c, a AS x";
    expect((await run(catalog, grouped)).map(toText)).toEqual(["1"]);
    const byPath = grouped.replace("x.b.c.d", "a.b.c.d");
    expect((await run(catalog, byPath)).map(toText)).toEqual(["1"]);
  });

  it("counts the assignments to each document", async () => {
    const catalog = await catalogWith("CREATE TABLE T", "INSERT INTO T << {'l': [1, 2]}, {'l': [3]} >>");
    await run(catalog, "UPDATE T SET a = 1, b = 2");
    await run(catalog, "FROM T AS t, t.l AS x REMOVE x");
    await run(catalog, "UPDATE T AS t SET t = {}");
    expect(catalog.tables[0]!.modifications).toEqual([2, 2, 2, 1, 1, 1]);
  });

  it("shows a redacted revision with the hash of what it was, and a deletion without", async () => {
    const catalog = await catalogWith(
      "CREATE TABLE T",
      "INSERT INTO T VALUE {'secret': 1}",
      "UPDATE T SET secret = 2",
      "DELETE FROM T",
    );
    catalog.tables[0]!.redact("T1", 0);
    const revisions = "SELECT data, dataHash, metadata.version FROM history(T) AS h";
    expect((await run(catalog, revisions)).map(toText)).toEqual([
      "{dataHash:{{aGFzaA==}},version:0}",
      "{data:{secret:2},version:1}",
      "{version:2}",
    ]);
    expect((await run(catalog, "SELECT * FROM history(T) AS h WHERE h.data.secret = 1")).map(toText)).toEqual(
      [],
    );
  });

  it("does nothing before the first row is asked for, and a change at once then", async () => {
    const catalog = await catalogWith("CREATE TABLE T");
    const rows = execute(compile("INSERT INTO T << {}, {} >>"), [], catalog);
    expect((await run(catalog, "SELECT COUNT(*) AS n FROM T")).map(toText)).toEqual(["{n:0}"]);
    await rows.next();
    expect((await run(catalog, "SELECT COUNT(*) AS n FROM T")).map(toText)).toEqual(["{n:2}"]);
  });

  it("stops reading when its rows are no longer asked for", async () => {
    const catalog = await catalogWith(
      "CREATE TABLE A",
      "CREATE TABLE B",
      "INSERT INTO A << {}, {}, {} >>",
      "INSERT INTO B VALUE {}",
    );
    catalog.reads.length = 0;
    for await (const _ of execute(compile("SELECT * FROM A AS a, B AS b"), [], catalog)) break;
    expect(catalog.reads).toEqual(["A.scan()", "B.scan()"]);
  });

  it("stops reading after the last row of LIMIT, and reads nothing for none", async () => {
    const catalog = await catalogWith("CREATE TABLE T", "INSERT INTO T << {'n': 1}, {'n': 2}, {'n': 3} >>");
    catalog.fieldsRead = 0;
    expect((await run(catalog, "SELECT n FROM T LIMIT 1 OFFSET 1")).map(toText)).toEqual(["{n:2}"]);
    expect(catalog.fieldsRead).toBe(1);
    catalog.reads.length = 0;
    expect(await run(catalog, "SELECT n FROM T LIMIT 0")).toEqual([]);
    expect(catalog.reads).toEqual([]);
  });

  it("leaves out by OFFSET the rows that there would be, whatever makes and orders them", async () => {
    const catalog = await catalogWith(
      "CREATE TABLE T",
      "INSERT INTO T << {'n': 3}, {}, {'n': 1}, {'n': 3}, {'n': 2} >>",
    );
    const rowsOf = async (query: string) => (await run(catalog, query)).map(toText);
    expect(await rowsOf("SELECT * FROM T OFFSET 3")).toEqual(["{n:3}", "{n:2}"]);
    expect(await rowsOf("SELECT n FROM T OFFSET 1")).toEqual(["{}", "{n:1}", "{n:3}", "{n:2}"]);
    expect(await rowsOf("SELECT VALUE n FROM T OFFSET 1")).toEqual(["null", "1", "3", "2"]);
    expect(await rowsOf("SELECT DISTINCT t.n FROM T AS t OFFSET 2")).toEqual(["{n:1}", "{n:2}"]);
    expect(await rowsOf("SELECT n FROM T AS t WHERE t.n > 1 OFFSET 1")).toEqual(["{n:3}", "{n:2}"]);
    expect(await rowsOf("SELECT n FROM T AS t WHERE t.n > 0 ORDER BY t.n OFFSET 2")).toEqual([
      "{n:3}",
      "{n:3}",
    ]);
    expect(await rowsOf("SELECT COUNT(*) AS n FROM T OFFSET 1")).toEqual([]);
    expect(await rowsOf("SELECT n FROM T OFFSET 9")).toEqual([]);
    expect(await rowsOf("SELECT t.n, v FROM T AS t, <<1, 2>> AS v OFFSET 9")).toEqual(["{n:2,v:2}"]);
  });

  const documents = (count: number) => dom.Value.from(Array.from({ length: count }, (_, n) => ({ n })));
  const numbers = (count: number) => dom.Value.from(Array.from({ length: count }, (_, n) => n));

  /** The rows of a statement that may keep no more than so many. */
  async function runHolding(
    heldRowsMax: number,
    catalog: Catalog,
    statement: string,
    ...parameters: readonly dom.Value[]
  ): Promise<string[]> {
    const rows: string[] = [];
    for await (const row of execute(compile(statement), parameters, catalog, { heldRowsMax }))
      rows.push(toText(decoded(row)));
    return rows;
  }

  it.each([
    ["ORDER BY", "SELECT VALUE v FROM ? AS v ORDER BY v DESC"],
    ["DISTINCT", "SELECT DISTINCT VALUE v FROM ? AS v"],
    ["GROUP BY", "SELECT v FROM ? AS v GROUP BY v"],
    ["COUNT(DISTINCT …)", "SELECT COUNT(DISTINCT v) FROM ? AS v"],
    ["a nested SELECT", "SELECT VALUE SIZE((SELECT x FROM T AS t, ? AS x)) FROM <<0>>"],
  ])("keeps so many rows for %s, and refuses more", async (_what, statement) => {
    const catalog = await catalogWith("CREATE TABLE T", "INSERT INTO T VALUE {}");
    expect((await runHolding(100, catalog, statement, numbers(100))).length).toBeGreaterThan(0);
    await expect(runHolding(100, catalog, statement, numbers(101))).rejects.toThrow(
      "Expected at most 100 rows or groups",
    );
  });

  it("keeps 50,000 rows unless told", async () => {
    const statement = "SELECT VALUE v FROM ? AS v ORDER BY v DESC";
    expect(await runValues(new MemoryCatalog(), statement, numbers(50_000))).toHaveLength(50_000);
    await expect(runValues(new MemoryCatalog(), statement, numbers(50_001))).rejects.toThrow(
      "Expected at most 50000 rows or groups",
    );
  });

  it("sorts more rows than it keeps where LIMIT says how many are wanted", async () => {
    const numbers = dom.Value.from(Array.from({ length: 6000 }, (_, n) => (n * 791) % 6000));
    const statement = "SELECT VALUE v FROM ? AS v ORDER BY v DESC LIMIT 3 OFFSET 1";
    const rows = await runHolding(5000, new MemoryCatalog(), statement, numbers);
    expect(rows).toEqual(["5998", "5997", "5996"]);
  });

  it("lets others have their turn, and ends, within a nested SELECT too", async () => {
    const catalog = await catalogWith("CREATE TABLE T");
    await runValues(catalog, "INSERT INTO T ?", documents(100));
    let turns = 0;
    const pace = (): Promise<void> => {
      turns += 1;
      return turns === 3 ? Promise.reject(new Error("time is over")) : Promise.resolve();
    };
    const statement = "SELECT * FROM T AS t WHERE EXISTS (SELECT * FROM T AS u WHERE u.n = t.n + 100)";
    await expect(execute(compile(statement), [], catalog, { pace }).next()).rejects.toThrow("time is over");
    expect(catalog.reads.filter((read) => read === "T.scan()").length).toBeLessThan(20);
  });

  it("keeps the rows of a nested SELECT until it runs again, and no longer", async () => {
    const catalog = await catalogWith("CREATE TABLE T");
    await runValues(catalog, "INSERT INTO T ?", documents(20));
    const statement =
      "SELECT COUNT(*) AS n FROM T AS t WHERE SIZE((SELECT * FROM T AS u WHERE u.n <> t.n)) = 19";
    expect(await runHolding(50, catalog, statement)).toEqual(["{n:20}"]);
  });

  it("refuses too few and too many parameters at once", () => {
    const statement = compile("SELECT * FROM T WHERE a = ?");
    expect(() => execute(statement, [], new MemoryCatalog())).toThrow(ParameterCountError);
    expect(() => execute(statement, [dom.Value.from(1), dom.Value.from(2)], new MemoryCatalog())).toThrow(
      "Query expects 1 parameters, but statement has 2",
    );
  });
});

describe("explain", () => {
  it.each([
    ["SELECT * FROM T WHERE k = 1", [{ table: "T", access: "index", field: "k" }]],
    ["SELECT * FROM T WHERE other = 1", [{ table: "T", access: "scan" }]],
    ["SELECT * FROM T WHERE k.x = 1", [{ table: "T", access: "scan" }]],
    ["SELECT * FROM T AS t WHERE t.k IN (1, 2) AND t.l = 3", [{ table: "T", access: "index", field: "l" }]],
    ["SELECT * FROM T AS t WHERE t.k = t.l", [{ table: "T", access: "scan" }]],
    ["DELETE FROM T BY id WHERE id = ? AND k = ?", [{ table: "T", access: "documentId" }]],
    ["SELECT * FROM _ql_committed_T AS d WHERE d.data.k = 1", [{ table: "T", access: "index", field: "k" }]],
    ["SELECT * FROM _ql_committed_T AS d WHERE d.k = 1", [{ table: "T", access: "scan" }]],
    ["SELECT * FROM history(T) AS h WHERE h.metadata.id = ?", [{ table: "T", access: "documentId" }]],
    ["SELECT * FROM history(T) AS h WHERE h.data.k = ?", [{ table: "T", access: "history" }]],
    [
      "SELECT * FROM <<1>> AS x, T AS t WHERE t.k = x",
      [
        { table: undefined, access: "values" },
        { table: "T", access: "index", field: "k" },
      ],
    ],
    [
      "SELECT * FROM T AS t, <<1>> AS x WHERE t.k = x",
      [
        { table: "T", access: "scan" },
        { table: undefined, access: "values" },
      ],
    ],
    ["SELECT * FROM information_schema.user_tables WHERE k = 1", [{ table: undefined, access: "values" }]],
  ])("%s", async (statement, expected) => {
    const catalog = await catalogWith("CREATE TABLE T", "CREATE INDEX ON T (k)", "CREATE INDEX ON T (l)");
    expect(await explain(compile(statement), catalog)).toEqual(expected);
    expect(catalog.reads).toEqual([]);
  });

  it("knows no table that is not there", async () => {
    await expect(explain(compile("SELECT * FROM T"), new MemoryCatalog())).rejects.toThrow(UnknownTableError);
  });
});
