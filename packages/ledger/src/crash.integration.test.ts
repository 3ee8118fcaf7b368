// SPDX-License-Identifier: MIT
import { copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Digest } from "@ledger-loader/journal";
import type { QldbDriver } from "amazon-qldb-driver-nodejs";
import { bundleServer, type KillableServer, startKillableServer } from "../test/crash/killable-server";
import { openTestStore, query } from "../test/open-test-store";
import { connect } from "../test/open-test-server";
import { LedgerStore } from "./ledger-store";
import { SqliteStorage } from "./storage/sqlite/sqlite-storage";
import { verifyLedger } from "./verification/verify-ledger";

const ledgerName = "crash";
const clients = 4;
const rounds = Number(process.env["LEDGER_CRASH_ROUNDS"] ?? 15);

/** What one client has seen acknowledged, and the one number that it may have written without knowing. */
interface Journal {
  acknowledged: number[];
  attempted: number;
}

describe("A ledger that is killed", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ledger-crash-"));
  });
  const servers: KillableServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.dispose();
    await rm(folder, { recursive: true });
  });
  const start: typeof startKillableServer = async (...options) => {
    const server = await startKillableServer(...options);
    servers.push(server);
    return server;
  };

  it("keeps every commit that was acknowledged, and nothing half done", async () => {
    const program = bundleServer(folder);
    const dataFolder = join(folder, "data");
    await createLedger(dataFolder);
    const journals = Array.from({ length: clients }, (): Journal => ({ acknowledged: [], attempted: -1 }));
    let digest: Digest | undefined;
    for (let round = 0; round < rounds; round++) {
      const server = await start(program, dataFolder);
      const ends = journals.map((journal, client) => load(server.endpoint, client, journal));
      const lifetimeMs = 20 + Math.random() * 300;
      await sleep(lifetimeMs);
      // On a slow machine these moments may all come before a first commit: the last round has one of each client.
      const hasLoaded = () => journals.every(({ acknowledged }) => acknowledged.length > 0);
      while (round === rounds - 1 && !hasLoaded()) await sleep(10);
      await server.kill();
      await Promise.all(ends);
      digest = await inspect(dataFolder, journals, digest);
    }
    expect(journals.map(({ acknowledged }) => acknowledged.length)).not.toContain(0);
  });

  it("stores nothing of what it could not write, goes on reading, and recovers", async () => {
    const program = bundleServer(folder);
    for (const kilobytes of [150, 180, 210, 240]) {
      const dataFolder = join(folder, `full-${kilobytes}`);
      await createLedger(dataFolder);
      const journal: Journal = { acknowledged: [], attempted: -1 };
      const server = await start(program, dataFolder, kilobytes);
      const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
      const driver = connect(server.endpoint, ledgerName, httpAgent, { sessionsMax: 1, retriesMax: 0 });
      const filling = async (): Promise<never> => {
        for (;;) {
          journal.attempted += 1;
          await write(driver, 0, journal.attempted);
          journal.acknowledged.push(journal.attempted);
        }
      };
      await expect(filling()).rejects.toMatchObject({
        name: "ServiceUnavailableException",
        $metadata: { httpStatusCode: 503 },
      });
      const count = await driver.executeLambda((transaction) =>
        transaction.execute("SELECT VALUE o.n FROM Originals AS o WHERE o.client = 0"),
      );
      expect(count.getResultList().length).toBe(journal.acknowledged.length);
      driver.close();
      httpAgent.destroy();
      await server.kill();
      await inspect(dataFolder, [journal], undefined);
      expect(journal.acknowledged.length).toBeGreaterThan(0);
      expect(journal.acknowledged).not.toContain(journal.attempted);
    }
  });
});

async function createLedger(dataFolder: string): Promise<void> {
  const store = await LedgerStore.open({ dataFolder });
  const ledger = await store.createLedger(ledgerName);
  await query(ledger, "CREATE TABLE Originals");
  await query(ledger, "CREATE TABLE Copies");
  await query(ledger, "CREATE INDEX ON Originals (client)");
  await query(ledger, "INSERT INTO Copies << {'total': 0} >>");
  await store.close();
}

/** Writes until the server is gone: a document, a counter of the client's own and one that all share. */
async function load(endpoint: string, client: number, journal: Journal): Promise<void> {
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
  const driver = connect(endpoint, ledgerName, httpAgent, { sessionsMax: 1, retriesMax: 20 });
  try {
    for (;;) {
      journal.attempted += 1;
      await write(driver, client, journal.attempted);
      journal.acknowledged.push(journal.attempted);
    }
  } catch (error) {
    // The connection broke because the server was killed; anything else is a finding.
    if (!isBrokenConnection(error)) throw error;
  } finally {
    driver.close();
    httpAgent.destroy();
  }
}

async function write(driver: QldbDriver, client: number, number: number): Promise<void> {
  await driver.executeLambda(async (transaction) => {
    await transaction.execute("INSERT INTO Originals ?", { client, n: number });
    await transaction.execute("INSERT INTO Copies ?", { client, n: number });
    // Every few commits all clients meet at one document, so that conflicts occur as well.
    if (number % 5 === 0) await transaction.execute("UPDATE Copies SET total = total + 1 WHERE total >= 0");
  });
}

function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return /ECONNRESET|ECONNREFUSED|EPIPE|socket hang up/.test(`${code} ${error.message} ${error.name}`);
}

/** Opens what the crash has left, compares it with what was acknowledged, and verifies it. */
async function inspect(
  dataFolder: string,
  journals: readonly Journal[],
  digest: Digest | undefined,
): Promise<Digest> {
  const store = await LedgerStore.open({ dataFolder });
  try {
    const ledger = await store.open(ledgerName);
    const verification = await ledger.verify(digest === undefined ? {} : { digest });
    expect(verification.findings).toEqual([]);
    expect(verification.assurance).toBe(digest === undefined ? "consistent" : "anchored");
    for (const [client, journal] of journals.entries()) {
      const left = await numbers(ledger, "Originals", client);
      expect(left).toEqual(await numbers(ledger, "Copies", client));
      // The last attempt was cut off: it is there or not, but whole.
      const found = left.filter((number) => number !== journal.attempted);
      expect(found).toEqual(journal.acknowledged.filter((number) => number !== journal.attempted));
      if (left.includes(journal.attempted)) journal.acknowledged = left;
    }
    return await ledger.digest();
  } finally {
    await store.close();
  }
}

async function numbers(
  ledger: Awaited<ReturnType<LedgerStore["open"]>>,
  table: string,
  client: number,
): Promise<number[]> {
  const rows = await query(ledger, `SELECT VALUE t.n FROM ${table} AS t WHERE t.client = ?`, `${client}`);
  return rows.map(Number).sort((a, b) => a - b);
}

describe("A ledger whose log was cut by a power failure", () => {
  it("is a sound beginning of what it was, wherever the log was cut or damaged", async () => {
    const test = await openTestStore();
    const damaged = await mkdtemp(join(tmpdir(), "ledger-cut-"));
    try {
      await query(test.ledger, "CREATE TABLE T");
      await query(test.ledger, "CREATE INDEX ON T (k)");
      for (let k = 0; k < 30; k++) await query(test.ledger, "INSERT INTO T ?", `{k: ${k}}`);
      const digest = await test.ledger.digest();
      const log = `${test.file}-wal`;
      const { size } = await stat(log);
      const heights = new Set<number>();
      for (let cut = 0; cut < 24; cut++) {
        const file = join(damaged, `${cut}.ledger`);
        await copyFile(test.file, file);
        await copyFile(log, `${file}-wal`);
        const at = Math.floor((size * cut) / 24);
        if (cut % 2 === 0) await truncate(`${file}-wal`, at);
        else await damageByte(`${file}-wal`, at);
        heights.add(await verifyCopy(file, digest.tipAddress.sequenceNo));
      }
      // The cuts fell at different places, so that the test has seen several beginnings.
      expect(heights.size).toBeGreaterThan(5);
    } finally {
      await test.close();
      await rm(damaged, { recursive: true });
    }
  });
});

async function damageByte(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x55;
  await writeFile(file, bytes);
}

/** Opens a copy that lost the end of its log; returns how many blocks it still has. */
async function verifyCopy(file: string, last: number): Promise<number> {
  const storage = SqliteStorage.open(file);
  try {
    const head = await storage.readHead();
    expect(head?.sequenceNo ?? -1).toBeLessThanOrEqual(last);
    const { verdict, findings } = await verifyLedger(storage);
    expect({ verdict, findings }).toEqual({ verdict: "passed", findings: [] });
    return head?.sequenceNo ?? -1;
  } finally {
    await storage.close();
  }
}
