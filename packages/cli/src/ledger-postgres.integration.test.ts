// SPDX-License-Identifier: MIT
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  describeWhen,
  postgresAvailability,
  startPostgres,
  type PostgresServer,
} from "@ledger-loader/testkit";
import { type CliResult, runWords, serve, serveFrom } from "../test/run-words";

describe("ledger serve without a place for its ledgers, or with two", () => {
  it.each([
    [[], "expected --data, --postgres or LEDGER_LOADER_POSTGRES_URL, found none"],
    [["--data", "a", "--postgres", "postgres://b/c"], "expected --data or --postgres, found both"],
    [["--postgres", "mysql://user:hidden-word@b/c"], "expected the database as postgres://USER@HOST"],
  ])("is refused: %j", async (words, message) => {
    const { exitCode, stderr } = await runWords(["ledger", "serve", ...words]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).not.toContain("hidden-word");
  });
});

const availability = postgresAvailability();
describeWhen(availability, describe)("The command line with PostgreSQL", () => {
  let folder: string;
  let postgres: PostgresServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cli-postgres-"));
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await postgres.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs SQL behind the ledgers' back. */
  function runSql(statement: string): string {
    const psql = join(availability.available ? availability.folder : "", "psql");
    return execFileSync(psql, [postgres.url, "-Atqc", statement], { encoding: "utf8" }).trim();
  }

  it("copies a ledger into a database, and serves it from there", async () => {
    const data = join(folder, "data");
    const server = await serve(data);
    await runWords(["ledger", "create", "cars"], { env: server.env });
    await runWords(["ledger", "query", "cars", "CREATE TABLE Car"], { env: server.env });
    const digest = (await runWords(["ledger", "digest", "cars", "--json"], { env: server.env })).json();
    await server.stop();
    const copied = await runWords(["ledger", "copy", "cars", "--from", data, "--to", postgres.url, "--json"]);
    expect(copied.json()).toMatchObject({ ledger: "cars", blocks: 1, ...digest });

    const served = await serveFrom("--postgres", postgres.url);
    expect((await runWords(["ledger", "digest", "cars", "--json"], { env: served.env })).json()).toEqual(
      digest,
    );
    expect(await served.stop()).toBe(0);
  });

  it("restores a ledger into a database, extends it while it is served, and verifies it there", async () => {
    const server = await serve(join(folder, "old"));
    const run = (...words: string[]): Promise<CliResult> => runWords(words, { env: server.env });
    await run("ledger", "create", "roads");
    await run("ledger", "query", "roads", "CREATE TABLE Road");
    await run("ledger", "export", "roads", "--output", join(folder, "first"));
    const last = Date.now();
    while (Date.now() === last) await sleep(1);
    const split = new Date().toISOString();
    await run("ledger", "query", "roads", "INSERT INTO Road << {'n': 1}, {'n': 2} >>");
    await run("ledger", "export", "roads", "--output", join(folder, "second"), "--from", split);
    const digest = (await run("ledger", "digest", "roads", "--json")).json();
    await server.stop();

    const place = ["--postgres", postgres.url];
    const restore = (part: string): Promise<CliResult> =>
      runWords(["ledger", "restore", "roads", "--from", join(folder, part), ...place]);
    const first = await restore("first");
    expect([first.exitCode, first.stderr]).toEqual([0, expect.any(String)]);
    expect(first.stdout).toMatch(/in the database\n.*ledger serve --postgres postgres:\/\/ledger@127/);
    expect(first.stdout).not.toContain(postgres.password);
    const served = await serveFrom(...place);
    const rows = ["ledger", "query", "roads", "SELECT VALUE n FROM Road"];
    expect((await runWords(rows, { env: served.env })).stdout).not.toContain("2");
    expect((await restore("second")).exitCode).toBe(0);
    expect((await runWords(rows, { env: served.env })).stdout).toContain("2");
    expect((await runWords(["ledger", "digest", "roads", "--json"], { env: served.env })).json()).toEqual(
      digest,
    );
    const verified = await runWords(["ledger", "verify", "roads", ...place]);
    expect([verified.exitCode, verified.stdout]).toEqual([0, expect.stringContaining("passed")]);
    expect(verified.stdout).not.toContain(postgres.password);
    await runWords(["ledger", "query", "roads", "INSERT INTO Road {'n': 3}"], { env: served.env });
    expect((await restore("second")).exitCode).toBe(2);
    await served.stop();
  });

  it("finds what does not follow from the journal, and rebuilds it, in a database and in a folder", async () => {
    const ledgerNo = runSql("SELECT ledger_no FROM ledger_loader.ledgers WHERE name = 'roads'");
    runSql(`DELETE FROM ledger_loader_${ledgerNo}.revisions WHERE version = 0`);
    const place = ["--postgres", postgres.url];
    const found = await runWords(["ledger", "verify", "roads", ...place]);
    expect(found.exitCode).toBe(1);
    expect(found.stdout).toMatch(
      /derived-state: .*\n[^]*ledger rebuild roads --postgres postgres:\/\/ledger@/,
    );
    const rebuilt = await runWords(["ledger", "rebuild", "roads", ...place]);
    expect([rebuilt.exitCode, rebuilt.stdout]).toEqual([
      0,
      expect.stringMatching(
        /^rebuilt ledger roads: 3 blocks, passed\n\nmended:\n.*derived-state: In revisions/,
      ),
    ]);
    expect((await runWords(["ledger", "verify", "roads", ...place])).exitCode).toBe(0);
    const words = ["ledger", "rebuild", "roads", "--data", join(folder, "old")];
    expect((await runWords(words)).stdout).toContain("The state before was the same.");
  });

  it("makes nothing in a database that ledger copy only reads", async () => {
    const url = new URL(postgres.url);
    url.pathname = "/template1";
    const target = join(folder, "copied");
    const { exitCode, stderr } = await runWords([
      "ledger",
      "copy",
      "cars",
      "--from",
      url.href,
      "--to",
      target,
    ]);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining("/template1, found none: check the host and the name"),
    ]);
    expect(stderr).not.toContain(postgres.password);
    expect(existsSync(target)).toBe(false);
    const unknown = await runWords(["ledger", "copy", "card", "--from", postgres.url, "--to", target]);
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      2,
      expect.stringContaining("Expected a ledger named card, found none"),
    ]);
    expect(existsSync(target)).toBe(false);
  });

  it("serves it by TLS with a certificate of its own, and says where the certificate is", async () => {
    const served = await serveFrom("--postgres", postgres.url, "--tls-self-signed");
    const { endpoint, trust = "" } = served.document;
    expect(endpoint).toMatch(/^https:/);
    expect(readFileSync(trust, "utf8")).toContain("BEGIN CERTIFICATE");
    expect(await served.stop()).toBe(0);
  });
});
