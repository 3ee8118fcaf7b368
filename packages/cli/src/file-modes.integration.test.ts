// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

let folder: string;
let server: ServedLedgers;
beforeAll(async () => {
  // As most systems have it: files that name no rights can be read by everyone.
  process.umask(0o022);
  folder = mkdtempSync(join(tmpdir(), "cli-modes-"));
  server = await serve(join(folder, "data"));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<void> {
  const { exitCode, stderr } = await runWords(words, { env: server.env });
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
}

/** Every file and folder beneath, with the rights of others. */
function rightsOfOthers(path: string): string[] {
  const { mode } = statSync(path);
  const beneath = statSync(path).isDirectory() ? readdirSync(path) : [];
  return [
    `${path} ${(mode & 0o077).toString(8)}`,
    ...beneath.flatMap((name) => rightsOfOthers(join(path, name))),
  ];
}

it("everything that the command line writes is for its owner alone", async () => {
  const out = join(folder, "out", "export");
  await run("ledger", "create", "cars");
  await run("ledger", "query", "cars", "CREATE TABLE Car");
  await run("ledger", "query", "cars", "INSERT INTO Car VALUE {'vin': 'A1'}");
  await run("ledger", "export", "cars", "--output", out);
  await run("ledger", "backup", "cars", "--output", join(folder, "out", "backup"));
  await run("ledger", "backup", "cars", "--output", join(folder, "out", "again"));
  await run("ledger", "create", "copy");
  const checkpoint = join(folder, "out", "checkpoint.json");
  await run("export", "replay", out, "--to", "ledger:copy", "--checkpoint", checkpoint);
  const report = join(folder, "out", "report.json");
  await run("reconcile", out, "--ledger", "copy", "--report", report);
  const found = [join(folder, "out"), join(folder, "data")].flatMap(rightsOfOthers);
  expect(found.length).toBeGreaterThan(12);
  expect(found.filter((each) => !each.endsWith(" 0"))).toEqual([]);
});
