// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

let folder: string;
let exported: string;
let server: ServedLedgers;

/** A ledger with two revisions, exported; every file of the export is gzipped. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-gzipped-"));
  exported = join(folder, "export");
  server = await serve(join(folder, "data"));
  for (const name of ["old", "new"]) await run("ledger", "create", name);
  for (const statement of [
    "CREATE TABLE Car",
    "INSERT INTO Car VALUE {'vin': 'A1'}",
    "UPDATE Car SET sold = true",
  ]) {
    await run("ledger", "query", "old", statement);
  }
  await run("ledger", "export", "old", "--output", exported);
  for (const name of readdirSync(exported, { recursive: true, encoding: "utf8" })) {
    const path = join(exported, name);
    if (statSync(path).isFile()) writeFileSync(path, gzipSync(readFileSync(path)));
  }
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<Record<string, unknown>> {
  const result = await runWords([...words, "--json"], { env: server.env });
  return { exitCode: result.exitCode, ...result.json() };
}

it("is replayed, reconciled and restored as it lies", async () => {
  const replayed = await run("export", "replay", exported, "--to", "ledger:new");
  expect(replayed).toMatchObject({ exitCode: 0, written: 2, rejectedTotal: 0, ledgerName: "old" });
  expect(await run("reconcile", exported, "--ledger", "new")).toMatchObject({ exitCode: 0, equal: true });
  const data = join(folder, "restored");
  const restored = await run("ledger", "restore", "old", "--from", exported, "--data", data);
  expect(restored).toMatchObject({ exitCode: 0, verdict: "passed", restored: { blocks: 3 } });
});
