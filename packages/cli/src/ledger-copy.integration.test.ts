// SPDX-License-Identifier: MIT
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { runWords, serve, type CliResult } from "../test/run-words";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-copy-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Serves the folder, runs the statements, and returns the digest; `before` runs while the server has the file open. */
async function written(statements: readonly string[], before = (): void => undefined): Promise<string> {
  const server = await serve(join(folder, "data"));
  try {
    const run = (...words: string[]): Promise<CliResult> => runWords(words, { env: server.env });
    await run("ledger", "create", "cars");
    for (const statement of statements) await run("ledger", "query", "cars", statement);
    const digest = await run("ledger", "digest", "cars", "--json");
    before();
    return digest.stdout;
  } finally {
    await server.stop();
  }
}

it("verify says how far a file reaches that was copied without its log", async () => {
  await written(["CREATE TABLE Car", "INSERT INTO Car VALUE {'vin': 'A1'}"]);
  const copy = join(folder, "copy");
  mkdirSync(copy);
  const digest = await written(["INSERT INTO Car VALUE {'vin': 'B1'}"], () => {
    copyFileSync(join(folder, "data", "cars.ledger"), join(copy, "cars.ledger"));
  });
  const file = join(folder, "digest.json");
  writeFileSync(file, digest);
  const words = ["ledger", "verify", "cars", "--data", copy];

  const alone = await runWords(words);
  expect(alone.stdout).toMatch(/blocks +\d \(0 to 1\)\n +period +\S+Z to \S+Z\n/);
  const { stdout, exitCode } = await runWords([...words, "--digest", file]);
  expect([exitCode, stdout.replace(/\s+/g, " ")]).toEqual([
    3,
    expect.stringMatching(
      /^incomplete: .*next: copy NAME\.ledger-wal .*newer than this file, which ends with block 1 of \d{4}-\S+Z $/,
    ),
  ]);
  const whole = await runWords([
    "ledger",
    "verify",
    "cars",
    "--data",
    join(folder, "data"),
    "--digest",
    file,
  ]);
  expect([whole.exitCode, whole.stdout]).toEqual([0, expect.stringMatching(/^passed, anchored: /)]);
});

it("a ledger that lost commits is refused, verification names them, and the loss can be accepted", async () => {
  const data = join(folder, "lost");
  await written(["CREATE TABLE Truck", "INSERT INTO Truck VALUE {'vin': 'C1'}"], () => {
    cpSync(join(folder, "data"), data, { recursive: true });
  });
  const log = join(data, "cars.ledger-wal");
  writeFileSync(log, readFileSync(log).subarray(0, -9));
  const words = ["cars", "--data", data];
  const exported = await runWords(["ledger", "export", ...words, "--output", join(folder, "out")]);
  expect([exported.exitCode, exported.stderr]).toEqual([2, expect.stringContaining("[COMMITS_MISSING]")]);
  const verified = await runWords(["ledger", "verify", ...words]);
  expect([verified.exitCode, verified.stdout.replace(/\s+/g, " ")]).toEqual([
    1,
    expect.stringMatching(
      /^failed: .* missing-commits: Block (\d+) of \S+Z was acknowledged, .* 1 acknowledged commit is missing, block \1\..*accept-loss/,
    ),
  ]);
  const accepted = await runWords(["ledger", "accept-loss", ...words]);
  expect(accepted.stdout).toMatch(/^accepted the loss in ledger cars\nlost +blocks (\d+) to \1\n/);
  const again = await runWords(["ledger", "accept-loss", ...words]);
  expect(again.stdout).toMatch(/^nothing to accept/);
  const after = await runWords(["ledger", "verify", ...words]);
  expect([after.exitCode, after.stdout]).toEqual([0, expect.stringContaining("accepted-loss")]);
});
