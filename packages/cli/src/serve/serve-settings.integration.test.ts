// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runWords, serveWith } from "../../test/run-words";

describe("Settings of ledger serve in the environment", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "cli-settings-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("hold where the command line has none, and the command line counts before them", async () => {
    const data = join(folder, "data");
    const server = await serveWith(["--max-connections", "7"], {
      LEDGER_SERVE_DATA: data,
      LEDGER_SERVE_PORT: "1",
      LEDGER_SERVE_MAX_CONNECTIONS: "3",
      LEDGER_SERVE_MAX_TRANSACTION_MEMORY: "32MB",
      LEDGER_SERVE_TLS_SELF_SIGNED: "True",
      LEDGER_SERVE_INSECURE: "false",
      LEDGER_SERVE_ALLOW_HOST: "",
      HEALTH_PORT: "0",
    });
    // serveWith passes --port 0.
    expect(server.endpoint).toMatch(/^https:\/\/127\.0\.0\.1:\d{2,}$/);
    const page = await (await fetch(`${server.document.health ?? ""}/metrics`)).text();
    expect(page).toContain("\nledger_server_connections_max 7\n");
    expect(page).toContain(`\nledger_server_memory_max_bytes{use="transactions"} ${32 * 1024 * 1024}\n`);
    expect(await server.stop()).toBe(0);
    expect(server.log()).toMatchObject([
      { level: 30, msg: "listening", endpoint: server.endpoint, place: data, ledgers: 0 },
      { level: 30, msg: expect.stringMatching(/^stopping/) },
      { level: 30, msg: "stopped" },
    ]);
  });

  it("are not read beside an option of the command line that takes their place", async () => {
    const server = await serveWith(["--data", join(folder, "data")], {
      LEDGER_LOADER_POSTGRES_URL: "postgres://127.0.0.1:1/none",
      LEDGER_SERVE_LOG_LEVEL: "silent",
      LOG_LEVEL: "warn",
    });
    expect(await server.stop()).toBe(0);
    expect(server.log()).toMatchObject([{ level: 40, name: "LEDGER_SERVE_LOG_LEVEL" }]);
  });

  it("are named where they cannot be read, all at once", async () => {
    const env = {
      LEDGER_SERVE_DATA: join(folder, "data"),
      LEDGER_SERVE_PORT: "http",
      LEDGER_SERVE_INSECURE: "yes",
      LEDGER_SERVE_ALLOW_STREAM: "arn:aws:kinesis:eu-west-1:123456789012:stream/a, b",
      LOG_LEVEL: "loud",
    };
    const { exitCode, stderr } = await runWords(["ledger", "serve"], { env });
    expect(exitCode).toBe(2);
    for (const message of [
      'expected LEDGER_SERVE_PORT to be a whole number from 0 to 65535, found "http"',
      'expected LEDGER_SERVE_INSECURE to be true or false, found "yes"',
      /expected LEDGER_SERVE_ALLOW_STREAM to be the ARN of a Kinesis data stream .* found "b"/,
      'expected LOG_LEVEL to be one of debug, info, warn, error, silent, found "loud"',
    ]) {
      expect(stderr).toEqual(
        typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message),
      );
    }
  });

  it("contradict one another only if both are in the environment", async () => {
    const env = { LEDGER_SERVE_DATA: "a", LEDGER_LOADER_POSTGRES_URL: "postgres://b/c" };
    const { exitCode, stderr } = await runWords(["ledger", "serve"], { env });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--data or --postgres, found both")]);
  });
});
