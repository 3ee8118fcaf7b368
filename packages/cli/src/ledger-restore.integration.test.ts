// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runWords, serve, type CliResult } from "../test/run-words";

/** A ledger of a server, exported as a whole and in two parts, with digests from before and after the second part. */
describe("ledger restore", () => {
  let folder: string;
  const at = (...names: string[]): string => join(folder, ...names);
  const digests = { early: "", late: "" };
  const rows = [
    "SELECT * FROM Car AS c BY id WHERE c.vin = 'A1'",
    "SELECT * FROM _ql_committed_Car",
    "SELECT * FROM history(Car)",
  ];
  let answers: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cli-restore-"));
    const server = await serve(at("old"));
    const run = (...words: string[]): Promise<CliResult> => runWords(words, { env: server.env });
    await run("ledger", "create", "cars");
    for (const statement of [
      "CREATE TABLE Car",
      "CREATE INDEX ON Car (vin)",
      "INSERT INTO Car << {'vin': 'A1'}, {'vin': 'A2'} >>",
    ]) {
      await run("ledger", "query", "cars", statement);
    }
    digests.early = await keep("early.json", run);
    await run("ledger", "export", "cars", "--output", at("first"));
    const split = await nextMillisecond();
    await run("ledger", "query", "cars", "UPDATE Car SET sold = true WHERE vin = 'A2'");
    await run("ledger", "query", "cars", "DELETE FROM Car WHERE vin = 'A2'");
    digests.late = await keep("late.json", run);
    await run("ledger", "export", "cars", "--output", at("whole"));
    await run("ledger", "export", "cars", "--output", at("second"), "--from", split);
    answers = await ask(server.env);
    await server.stop();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function keep(file: string, run: (...words: string[]) => Promise<CliResult>): Promise<string> {
    const { stdout } = await run("ledger", "digest", "cars", "--json");
    writeFileSync(at(file), stdout);
    return at(file);
  }

  async function ask(env: Readonly<Record<string, string>>): Promise<string[]> {
    const results = await Promise.all(rows.map((row) => runWords(["ledger", "query", "cars", row], { env })));
    return results.map(({ stdout }) => stdout);
  }

  it("makes a ledger that answers as the old one did, with its digest", async () => {
    const words = ["ledger", "restore", "cars", "--from", at("whole"), "--data", at("new")];
    const result = await runWords([...words, "--digest", digests.early, "--digest", digests.late]);
    expect(result.stdout).toMatch(/^restored ledger cars: 5 blocks\n/);
    expect(result.stdout).toContain("they cover all blocks, 0 to 4");
    expect(result.exitCode).toBe(0);
    const restored = await serve(at("new"));
    try {
      expect(await ask(restored.env)).toEqual(answers);
      const digest = await runWords(["ledger", "digest", "cars", "--json"], { env: restored.env });
      expect(digest.stdout).toBe(readFileSync(digests.late, "utf8"));
      const locked = await runWords([...words.slice(0, 2), "again", ...words.slice(3)]);
      expect([locked.exitCode, locked.stderr]).toEqual([2, expect.stringContaining("[DATA_FOLDER_LOCKED]")]);
    } finally {
      await restored.stop();
    }
    const again = await runWords(words);
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining("[RESTORE_REFUSED]")]);
    expect(readdirSync(at("new")).filter((name) => name.startsWith("cars"))).toEqual(["cars.ledger"]);
  });

  it("tells machines what was restored, and what was not", async () => {
    const words = ["ledger", "restore", "parts", "--from", at("first"), "--data", at("parts"), "--json"];
    const result = await runWords([...words, "--digest", digests.early]);
    expect(result.json()).toMatchObject({
      holds: true,
      verdict: "passed",
      assurance: "anchored",
      ledger: "parts",
      restored: { blocksBefore: 0, blocks: 3, redactions: 0, madeUpIds: [], gapCount: 0 },
    });
    const early = JSON.parse(readFileSync(digests.early, "utf8")) as object;
    expect(result.json()["restored"]).toMatchObject(early);
    const wrong = at("wrong.json");
    writeFileSync(wrong, JSON.stringify({ ...early, Digest: Buffer.alloc(32).toString("base64") }));
    const refused = await runWords([
      ...words.map((word) => (word === "parts" ? "other" : word)),
      "--digest",
      wrong,
    ]);
    expect([refused.exitCode, refused.json()]).toEqual([
      1,
      expect.objectContaining({ holds: false, verdict: "failed", restored: null }),
    ]);
    const listed = readdirSync(at("parts")).filter((name) => name.endsWith(".ledger"));
    expect(listed).toEqual(["parts.ledger"]);
  });

  it("extends a restored ledger by a later export", async () => {
    const words = (from: string): string[] => [
      "ledger",
      "restore",
      "cars",
      "--from",
      from,
      "--data",
      at("parted"),
    ];
    expect((await runWords(words(at("first")))).exitCode).toBe(0);
    const result = await runWords([
      ...words(at("second")),
      "--digest",
      digests.late,
      "--digest",
      digests.early,
    ]);
    expect(result.stdout).toMatch(/^extended ledger cars by 2 blocks, 5 in all\n/);
    expect([result.exitCode, result.stdout]).toEqual([0, expect.stringContaining("passed, anchored")]);
    const restored = await serve(at("parted"));
    expect(await ask(restored.env)).toEqual(answers);
    await restored.stop();
  });

  it("refuses a later part of a journal, and a manifest that is missing, before a ledger is made", async () => {
    const restore = (from: string): Promise<CliResult> =>
      runWords(["ledger", "restore", "x", "--from", from, "--data", at("no-data")]);
    const missing = await restore(at("none"));
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining("found nothing there")]);
    const unnamed = await runWords(["ledger", "restore", "x", "--data", at("no-data")]);
    expect([unnamed.exitCode, unnamed.stderr]).toEqual([2, expect.stringContaining("--from")]);
    expect(readdirSync(folder)).not.toContain("no-data");
    const later = await restore(at("second"));
    expect([later.exitCode, later.stderr]).toEqual([2, expect.stringContaining("found block 3 first")]);
    expect(readdirSync(at("no-data")).filter((name) => name.startsWith("x"))).toEqual([]);
  });
});

/** A time after all that has happened, and before all that will. */
async function nextMillisecond(): Promise<string> {
  const before = Date.now();
  while (Date.now() <= before) await new Promise((resolve) => setImmediate(resolve));
  return new Date().toISOString();
}
