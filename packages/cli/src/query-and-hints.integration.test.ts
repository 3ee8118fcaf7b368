// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

let folder: string;
let server: ServedLedgers;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-refused-"));
  server = await serve(folder);
  await runWords(["ledger", "create", "cars"], { env: server.env });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it.each(["SELEC", "SELECT * FROM", "SELECT * FROM Nope", "CREATE TABLE Order", "SELECT 1; SELECT 2"])(
  "a refused statement gets what the ledger says, and no advice for events: %s",
  async (statement) => {
    const { exitCode, stderr } = await runWords(["ledger", "query", "cars", statement], { env: server.env });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: The ledger refused the statement: [^\n]*\[STATEMENT_REFUSED\]\n$/);
    expect(stderr).not.toMatch(/event|limits|found: Expected/);
  },
);

it("a statement is read from standard input, with or without a semicolon at its end", async () => {
  const query = (stdin: string) =>
    runWords(["ledger", "query", "cars", "-", "--json"], { env: server.env, stdin });
  for (const text of [
    "SELECT name\nFROM information_schema.user_tables\n",
    "SELECT 1 AS one FROM << 1 >>;\n",
  ]) {
    expect((await query(text)).exitCode).toBe(0);
  }
  const { exitCode, stderr } = await query(" \n");
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("on standard input, found nothing")]);
});

it("a replay hints at the comparison of what was replayed, where it was replayed to", async () => {
  const event = '{"op":"INSERT","table":"Car","id":"1","version":0,"data":{"a":1}}';
  const { env, endpoint } = server;
  await runWords(["load", "-", "--to", "ledger:cars"], { env, stdin: event });
  const exported = join(folder, "an export");
  await runWords(["ledger", "export", "cars", "--output", exported], { env });
  await runWords(["ledger", "create", "copy"], { env });
  const words = [
    "export",
    "replay",
    exported,
    "--to",
    "ledger:copy",
    "--id-field",
    "old",
    "--endpoint",
    endpoint,
  ];
  expect((await runWords(words)).stdout).toContain(
    "next: compare the ledger with the export\n" +
      `  ledger-loader reconcile '${exported}' --ledger copy --id-field old --endpoint ${endpoint}\n`,
  );
});
