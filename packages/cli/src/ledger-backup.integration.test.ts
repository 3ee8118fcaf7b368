// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runWords, serve, type CliResult, type ServedLedgers } from "../test/run-words";

let folder: string;
let server: ServedLedgers;
let data: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-backup-"));
  data = join(folder, "data");
  server = await serve(data);
  await run("ledger", "create", "cars");
  await run("ledger", "query", "cars", "CREATE TABLE Car");
  await run("ledger", "query", "cars", "INSERT INTO Car VALUE {'vin': 'A1'}");
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(...words: string[]): Promise<CliResult> {
  return runWords(words, { env: server.env });
}

describe("ledger backup", () => {
  it("copies a ledger that is served, and the copy can be served in its place", async () => {
    const output = join(folder, "served");
    const digest = (await run("ledger", "digest", "cars", "--json")).json();
    const backup = await run("ledger", "backup", "cars", "--output", output, "--json");
    expect(backup.json()).toMatchObject({ holds: true, file: join(output, "cars.ledger"), ...digest });
    expect(readdirSync(output)).toEqual(["cars.ledger"]);
    const restored = await serve(output);
    try {
      const env = restored.env;
      const rows = await runWords(["ledger", "query", "cars", "SELECT * FROM Car"], { env });
      expect(rows.stdout).toContain("A1");
      expect((await runWords(["ledger", "digest", "cars", "--json"], { env })).json()).toEqual(digest);
    } finally {
      await restored.stop();
    }
  });

  it("copies a ledger whose server is stopped", async () => {
    const stopped = await serve(join(folder, "stopped"));
    const { env } = stopped;
    await runWords(["ledger", "create", "parts"], { env });
    await runWords(["ledger", "query", "parts", "CREATE TABLE Part"], { env });
    const words = ["ledger", "backup", "parts", "--data", join(folder, "stopped"), "--output"];
    const locked = await run(...words, join(folder, "too-early"));
    expect([locked.exitCode, locked.stderr]).toEqual([2, expect.stringContaining("[DATA_FOLDER_LOCKED]")]);
    await stopped.stop();
    const backup = await run(...words, join(folder, "of-stopped"));
    expect(backup.stdout).toMatch(/^backed up ledger parts: 1 block, .*, verified\n/);
    const verified = await run("ledger", "verify", "parts", "--data", join(folder, "of-stopped"));
    expect(verified.stdout).toMatch(/^passed, consistent: /);
  });

  it("overwrites nothing, and says what is in the way", async () => {
    const output = join(folder, "twice");
    expect((await run("ledger", "backup", "cars", "--output", output)).exitCode).toBe(0);
    const again = await run("ledger", "backup", "cars", "--output", output);
    expect([again.exitCode, again.stderr]).toEqual([
      2,
      expect.stringContaining("a backup overwrites nothing"),
    ]);
  });

  it("says what is wrong when there is no ledger, no server, or no folder to write to", async () => {
    const output = join(folder, "none");
    const missing = await run("ledger", "backup", "no-such", "--output", output);
    expect([missing.exitCode, missing.stderr]).toEqual([
      2,
      expect.stringContaining('has no ledger "no-such"'),
    ]);
    const env = { LEDGER_ENDPOINT: "http://127.0.0.1:1" };
    const alone = await runWords(["ledger", "backup", "cars", "--output", output], { env });
    expect([alone.exitCode, alone.stderr]).toEqual([2, expect.stringContaining("no ledger server answers")]);
    writeFileSync(join(folder, "file"), "");
    const unwritable = await run("ledger", "backup", "cars", "--output", join(folder, "file"));
    expect([unwritable.exitCode, unwritable.stderr]).toEqual([
      2,
      expect.stringMatching(/expected to be able to write a backup to .*file, found: /),
    ]);
  });
});
