// SPDX-License-Identifier: MIT
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  describeWhen,
  postgresAvailability,
  startPostgres,
  type PostgresServer,
} from "@ledger-loader/testkit";
import { runWords, serve, serveFrom } from "../test/run-words";

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

describeWhen(postgresAvailability(), describe)("The command line with PostgreSQL", () => {
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
