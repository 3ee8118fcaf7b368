// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runWords, type CliResult } from "../test/run-words";

let folder: string;
let exported: string;
let old: string;

const env = { MASKING_KEY: "a key of at least thirty-two bytes, for tests" };
const run = (words: readonly string[], stdin?: string): Promise<CliResult> => runWords(words, { env, stdin });

function load(data: string, ...events: readonly object[]): Promise<CliResult> {
  const lines = events.map((event) => JSON.stringify(event)).join("\n");
  return run(["load", "-", "--to", "ledger:cars", "--data", data, "--id-field", "sourceId"], lines);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-reconcile-"));
  [exported, old] = [join(folder, "export"), join(folder, "old")];
  await load(
    old,
    { op: "INSERT", table: "Vehicle", id: "v1", version: 0, data: { owner: "someone", n: 1 } },
    { op: "INSERT", table: "Vehicle", id: "v2", version: 0, data: { owner: "another", n: 1 } },
    { op: "UPDATE", table: "Vehicle", id: "v1", version: 1, data: { owner: "nobody", n: 2 } },
    { op: "DELETE", table: "Vehicle", id: "v2", version: 1 },
  );
  await run(["ledger", "export", "cars", "--data", old, "--output", exported]);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("reconcile --with", () => {
  it("compares a ledger with its restored twin, and with an export, and shows what one of them lacks", async () => {
    const data = join(folder, "twin");
    await run(["ledger", "restore", "cars", "--from", exported, "--data", data]);
    const twin = ["reconcile", "ledger:cars", "--source-data", old, "--with", "ledger:cars", "--data", data];
    const equal = await run(twin);
    expect(equal).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("the same 4 revisions") });
    await load(
      data,
      { op: "UPDATE", table: "Vehicle", id: "v1", version: 2, data: { owner: "x", n: 3 } },
      { op: "INSERT", table: "Vehicle", id: "v3", version: 0, data: { n: 1 } },
    );
    expect((await run([...twin, "--json"])).json()).toMatchObject({
      equal: false,
      tables: [{ revisions: { exported: 4, ledger: 6, equal: 4, missing: 0, extra: 2, different: 0 } }],
    });
    const reversed = await run(["reconcile", "ledger:cars", "--source-data", data, "--with", exported]);
    expect(reversed.exitCode).toBe(1);
    expect(reversed.stdout).toMatch(/Vehicle +3\/2 +6\/4 +4 +2 +0 +0/);
    expect(reversed.stdout).toMatch(/- version 2, block \d+: missing-revision/);
    expect(reversed.stdout).toMatch(/- 1 revision: missing-document/);
  });
});

describe("reconcile --ledger", () => {
  it("takes a ledger as the source, and compares what the masking of the replay made of it", async () => {
    const data = join(folder, "masked");
    const masking = join(folder, "masking.json");
    writeFileSync(
      masking,
      JSON.stringify({ tables: { "*": { hashId: true, rules: [{ path: "owner", action: "drop" }] } } }),
    );
    const replayed = await run([
      "export",
      "replay",
      exported,
      "--to",
      "ledger:new",
      "--data",
      data,
      "--masking",
      masking,
    ]);
    expect(replayed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("4 written") });
    expect(replayed.stdout).toContain(`--masking ${masking}`);
    const words = [
      "reconcile",
      "ledger:cars",
      "--source-data",
      old,
      "--ledger",
      "new",
      "--data",
      data,
      "--json",
    ];
    expect((await run([...words, "--masking", masking])).json()).toMatchObject({
      equal: true,
      revisions: { exported: 4, equal: 4 },
    });
    expect((await run(words)).json()).toMatchObject({ equal: false });
  });

  it("compares what the mapping of the replay made of it, by ids that are numbers and without versions too", async () => {
    const [source, data] = [join(folder, "items"), join(folder, "mapped")];
    const [written, mapping] = [join(folder, "items-export"), join(folder, "mapping.json")];
    const item = (version: number, no: number, n: number): object => {
      const op = version === 0 ? "INSERT" : "UPDATE";
      return { op, table: "Item", id: `i${no}`, version, data: { no, n } };
    };
    await load(source, item(0, 1, 1), item(0, 2, 1), item(1, 1, 1), item(2, 1, 5));
    await run(["ledger", "export", "cars", "--data", source, "--output", written]);
    const rule = { op: "ANY", table: "Article", id: "$.data.no", data: "$.data" };
    writeFileSync(mapping, JSON.stringify({ format: 1, records: [rule] }));
    const to = ["--to", "ledger:new", "--data", data, "--mapping", mapping];
    const replayed = await run(["export", "replay", written, ...to]);
    // Without versions, a revision that equals the one before is taken for its redelivery.
    expect(replayed.stdout).toContain("4 events: 3 written, 1 skipped");
    expect(replayed.stdout.replace(/\s+/g, " ")).toContain(
      `reconcile ${written} --ledger new --mapping ${mapping}`,
    );
    const words = ["reconcile", written, "--ledger", "new", "--data", data, "--json"];
    const counts = { exported: 3, ledger: 3, equal: 3 };
    for (const more of [[], ["--tables", "Item"]]) {
      const result = await run([...words, "--mapping", mapping, ...more]);
      expect(result.json()).toMatchObject({ equal: true, revisions: counts, tables: [{ table: "Article" }] });
    }
    expect((await run(words)).json()).toMatchObject({ equal: false });
    writeFileSync(mapping, JSON.stringify({ format: 1, records: [{ ...rule, id: undefined }] }));
    const unnamed = await run([...words, "--mapping", mapping]);
    expect(unnamed).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("[ID_MISSING]") });
  });

  it("is refused without the other side, with two of them, and with a ledger beside an export", async () => {
    const refused = async (...words: readonly string[]): Promise<string> => {
      const result = await run(["reconcile", ...words]);
      expect(result.exitCode).toBe(2);
      return result.stderr;
    };
    expect(await refused(exported)).toContain("expected --ledger or --with");
    expect(await refused(exported, "--ledger", "a", "--with", exported)).toContain(
      "expected --ledger or --with",
    );
    expect(await refused(exported, "ledger:cars", "--with", exported)).toContain(
      "expected ledger:cars alone",
    );
    expect(await refused(exported, "--with", exported, "--mapping", "m.json")).toContain(
      "expected --mapping with --ledger",
    );
  });
});
