// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import {
  describeWhen,
  postgresAvailability,
  startPostgres,
  startSwitchedRelay,
  type PostgresServer,
  type SwitchedRelay,
} from "@ledger-loader/testkit";
import { runWords, serve, serveFrom, type ServedLedgers } from "../../test/run-words";
import { until } from "../../test/until";

/** Where nothing listens. */
const NOWHERE = "postgres://127.0.0.1:1/none";

async function get(server: ServedLedgers, path: string): Promise<readonly [number, string]> {
  const response = await fetch(`${server.document.health ?? ""}${path}`);
  return [response.status, await response.text()];
}

async function ready(server: ServedLedgers): Promise<readonly [number, unknown]> {
  const [status, body] = await get(server, "/health/ready");
  return [status, JSON.parse(body)];
}

/** Samples of the page by name and labels as they are written; every line must have the form that Prometheus reads. */
async function metricsOf(server: ServedLedgers): Promise<ReadonlyMap<string, number>> {
  const [, page] = await get(server, "/metrics");
  const samples = page.split("\n").filter((line) => line !== "" && !line.startsWith("# "));
  return new Map(
    samples.map((line) => {
      const [, name = line, value] = /^([a-z_0-9]+(?:\{[^}]*\})?) ([-+.\deNa]+)$/.exec(line) ?? [];
      return [name, Number(value)] as const;
    }),
  );
}

describe("A ledger server with --health-port", () => {
  let folder: string;
  let server: ServedLedgers;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cli-health-"));
    server = await serve(join(folder, "data"), "--health-port", "0");
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is alive and ready, on this machine only", async () => {
    expect(new URL(server.document.health ?? "").hostname).toBe("127.0.0.1");
    expect(await ready(server)).toEqual([200, { status: "ok", problems: [] }]);
    expect((await get(server, "/health/live"))[0]).toBe(200);
    expect((await get(server, "/health"))[0]).toBe(200);
    expect((await get(server, "/"))[0]).toBe(404);
  });

  it("counts what its clients do, and measures what it holds", async () => {
    const { env } = server;
    await runWords(["ledger", "create", "cars"], { env });
    await runWords(["ledger", "query", "cars", "CREATE TABLE Car"], { env });
    await runWords(["ledger", "query", "cars", "INSERT INTO Car {'VIN': 1}"], { env });
    await runWords(["ledger", "query", "cars", "SELECT * FROM Nothing"], { env });
    const metrics = await metricsOf(server);
    expect(Object.fromEntries(metrics)).toMatchObject({
      'ledger_server_requests_total{operation="CreateLedger",result="ok"}': 1,
      'ledger_server_requests_total{operation="CommitTransaction",result="ok"}': 2,
      'ledger_server_requests_total{operation="ExecuteStatement",result="BadRequestException"}': 1,
      'ledger_server_refused_statements_total{error="PARTIQL_UNKNOWN_TABLE"}': 1,
      'ledger_server_request_duration_seconds_count{operation="ExecuteStatement"}': 3,
      ledger_server_ready: 1,
      ledger_server_commits_total: 2,
      ledger_server_conflicts_total: 0,
      'ledger_server_journal_blocks{ledger="cars"}': 2,
      'ledger_server_transactions{ledger="cars"}': 0,
      'ledger_server_waiting_commits{ledger="cars"}': 0,
      ledger_server_running_requests: 0,
      'ledger_server_memory_bytes{use="requests"}': 0,
      'ledger_server_memory_max_bytes{use="transactions"}': 256 * 1024 * 1024,
      'ledger_server_made_way_total{use="transactions"}': 0,
    });
    expect(metrics.get("process_resident_memory_bytes")).toBeGreaterThan(0);
    // Reading the page again counts nothing twice.
    expect((await metricsOf(server)).get("ledger_server_commits_total")).toBe(2);
  });

  it("forgets the figures of a ledger that was deleted", async () => {
    await runWords(["ledger", "create", "gone"], { env: server.env });
    expect((await metricsOf(server)).get('ledger_server_journal_blocks{ledger="gone"}')).toBe(0);
    expect((await runWords(["ledger", "delete", "gone"], { env: server.env })).exitCode).toBe(0);
    expect((await metricsOf(server)).has('ledger_server_journal_blocks{ledger="gone"}')).toBe(false);
  });

  it("has the journals of ledgers that were not used since the start", async () => {
    const data = join(folder, "idle");
    const first = await serve(data);
    for (const name of ["busy", "idle", "empty"])
      await runWords(["ledger", "create", name], { env: first.env });
    for (const name of ["busy", "idle"])
      await runWords(["ledger", "query", name, "CREATE TABLE T"], { env: first.env });
    await first.stop();
    const next = await serve(data, "--health-port", "0");
    try {
      await runWords(["ledger", "query", "busy", "INSERT INTO T {'n': 1}"], { env: next.env });
      const metrics = await metricsOf(next);
      const blocks = ["busy", "idle", "empty"].map(
        (name) => `ledger_server_journal_blocks{ledger="${name}"}`,
      );
      expect(blocks.map((name) => metrics.get(name))).toEqual([2, 1, 0]);
      expect(metrics.get("ledger_server_ledgers")).toBe(3);
      expect(metrics.has('ledger_server_sessions{ledger="idle"}')).toBe(false);
    } finally {
      await next.stop();
    }
  });

  it("says why it does not start where the port is taken", async () => {
    const port = new URL(server.document.health ?? "").port;
    const words = ["ledger", "serve", "--data", join(folder, "other"), "--port", "0", "--health-port", port];
    const { exitCode, stderr } = await runWords(words);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(port)]);
  });
});

describe("A ledger server that was asked to stop", () => {
  let folder: string;
  let socket: Socket | undefined;
  afterEach(() => {
    socket?.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is alive and not ready while it completes a request", async () => {
    folder = mkdtempSync(join(tmpdir(), "cli-draining-"));
    const server = await serve(join(folder, "data"), "--health-port", "0");
    socket = connect(Number(new URL(server.endpoint).port), "127.0.0.1");
    socket.write(`POST /ledgers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{`);
    await until(async () => (await metricsOf(server)).get("ledger_server_running_requests") === 1);
    const ended = server.stop();
    expect(await ready(server)).toEqual([
      503,
      { status: "draining", problems: ["the process is about to end"] },
    ]);
    expect((await get(server, "/health/live"))[0]).toBe(200);
    expect((await metricsOf(server)).get("ledger_server_ready")).toBe(0);
    socket.write("}");
    await once(socket, "data");
    expect(await ended).toBe(0);
    await expect(get(server, "/health/live")).rejects.toThrow();
  });
});

describeWhen(postgresAvailability(), describe)("A ledger server whose database is away", () => {
  let postgres: PostgresServer;
  let relay: SwitchedRelay;
  let server: ServedLedgers;
  beforeAll(async () => {
    postgres = await startPostgres({ isDurable: false });
    relay = await startSwitchedRelay(postgres.url);
    server = await serveFrom("--postgres", relay.url, "--health-port", "0");
  });
  afterAll(async () => {
    await server.stop();
    await relay.close();
    await postgres.close();
  });

  it("is alive and not ready, keeps counting, and is ready again when the database is back", async () => {
    await runWords(["ledger", "create", "cars"], { env: server.env });
    const blocks = 'ledger_server_journal_blocks{ledger="cars"}';
    expect((await metricsOf(server)).get(blocks)).toBe(0);
    relay.switchTo(NOWHERE);
    await until(async () => (await ready(server))[0] === 503);
    expect(await ready(server)).toEqual([
      503,
      { status: "unhealthy", problems: ["the storage of the ledgers does not answer"] },
    ]);
    expect((await get(server, "/health/live"))[0]).toBe(200);
    const metrics = await metricsOf(server);
    expect([metrics.has(blocks), metrics.get('ledger_server_sessions{ledger="cars"}')]).toEqual([false, 0]);
    expect([metrics.get("ledger_server_ready"), metrics.has("ledger_server_ledgers")]).toEqual([0, false]);
    relay.switchTo(postgres.url);
    await until(async () => (await ready(server))[0] === 200);
    expect((await metricsOf(server)).get(blocks)).toBe(0);
    // The log has one line for each change, however many requests found out.
    const about = server.log().filter(({ kind, msg }) => kind === undefined && msg.includes("database"));
    expect(about).toMatchObject([
      { level: 50, place: expect.stringContaining("127.0.0.1") },
      { level: 30, awayMs: expect.any(Number) },
    ]);
    expect(JSON.stringify(server.log())).not.toContain(postgres.password);
  });
});
