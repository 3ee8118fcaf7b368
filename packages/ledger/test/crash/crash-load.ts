// SPDX-License-Identifier: MIT
import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@jest/globals";
import type { Digest } from "@ledger-loader/journal";
import type { QldbDriver } from "amazon-qldb-driver-nodejs";
import { type EmbeddedLedger, LedgerStore } from "../../src/index";
import { query } from "../open-test-store";
import { connect } from "../open-test-server";

export const crashLedgerName = "crash";

/** The commits that one client has seen acknowledged, and the numbers that it may have written without knowing. */
export class ClientJournal {
  readonly acknowledged = new Set<number>();
  readonly unknown = new Set<number>();
  readonly #client: number;
  readonly #conflicts: boolean;
  #next = 0;

  /** @param conflicts - false for a client that writes no document of the others. */
  constructor(client: number, conflicts = true) {
    this.#client = client;
    this.#conflicts = conflicts;
  }

  /** Writes the next number. @throws what the driver throws; the number is unknown then. */
  async write(driver: QldbDriver): Promise<void> {
    const number = this.#next++;
    this.unknown.add(number);
    await driver.executeLambda(async (transaction) => {
      const row = { client: this.#client, n: number };
      await transaction.execute("INSERT INTO Originals ?", row);
      await transaction.execute("INSERT INTO Copies ?", row);
      // Every few commits all clients meet at one document, so that conflicts occur as well.
      if (number % 5 > 0 || !this.#conflicts) return;
      await transaction.execute("UPDATE Copies SET total = total + 1 WHERE total >= 0");
    });
    this.unknown.delete(number);
    this.acknowledged.add(number);
  }

  /** Expects acknowledged commits to be there; further ones only if they were cut off, whole or not at all. */
  async compare(ledger: EmbeddedLedger): Promise<void> {
    const left = await this.#numbers(ledger, "Originals");
    expect(left).toEqual(await this.#numbers(ledger, "Copies"));
    expect([...this.acknowledged].filter((number) => !left.includes(number))).toEqual([]);
    expect(left.filter((number) => !this.acknowledged.has(number) && !this.unknown.has(number))).toEqual([]);
    expect(new Set(left).size).toBe(left.length);
  }

  async #numbers(ledger: EmbeddedLedger, table: string): Promise<number[]> {
    const rows = await query(
      ledger,
      `SELECT VALUE t.n FROM ${table} AS t WHERE t.client = ?`,
      `${this.#client}`,
    );
    return rows.map(Number).sort((a, b) => a - b);
  }
}

/** @param place - a data folder, or the URL of a database */
export async function createCrashLedger(place: string): Promise<void> {
  const store = await openPlace(place);
  const ledger = await store.createLedger(crashLedgerName);
  await query(ledger, "CREATE TABLE Originals");
  await query(ledger, "CREATE TABLE Copies");
  await query(ledger, "CREATE INDEX ON Originals (client)");
  await query(ledger, "INSERT INTO Copies << {'total': 0} >>");
  await store.close();
}

function openPlace(place: string): Promise<LedgerStore> {
  return LedgerStore.open(place.startsWith("postgres://") ? { postgresUrl: place } : { dataFolder: place });
}

/** Runs `work` with a driver of one session, and closes it. */
export async function withDriver<T>(
  endpoint: string,
  retriesMax: number,
  work: (driver: QldbDriver) => Promise<T>,
): Promise<T> {
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
  const driver = connect(endpoint, crashLedgerName, httpAgent, { sessionsMax: 1, retriesMax });
  try {
    return await work(driver);
  } finally {
    driver.close();
    httpAgent.destroy();
  }
}

/** Writes until the server is gone: a document, a counter of the client's own and one that all share. */
export async function loadUntilKilled(endpoint: string, journal: ClientJournal): Promise<void> {
  try {
    await withDriver(endpoint, 20, async (driver) => {
      for (;;) await journal.write(driver);
    });
  } catch (error) {
    // The connection broke because the server was killed; anything else is a finding.
    if (!isBrokenConnection(error)) throw error;
  }
}

/** Writes until it is stopped. A commit that was refused because the database is away is not there: nothing is unknown of it. */
export async function loadUntilStopped(
  endpoint: string,
  journal: ClientJournal,
  signal: AbortSignal,
): Promise<void> {
  await withDriver(endpoint, 100, async (driver) => {
    while (!signal.aborted) {
      try {
        await journal.write(driver);
      } catch (error) {
        if (!(error instanceof Error && error.name === "ServiceUnavailableException")) throw error;
        journal.unknown.clear();
        await sleep(50);
      }
    }
  });
}

export function acknowledgedOf(journals: readonly ClientJournal[]): number {
  return journals.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
}

function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return /ECONNRESET|ECONNREFUSED|EPIPE|socket hang up/.test(`${code} ${error.message} ${error.name}`);
}

/** Opens what a crash has left, compares it with what was acknowledged, and verifies it. */
export async function inspectCrash(
  place: string,
  journals: readonly ClientJournal[],
  digest?: Digest,
): Promise<Digest> {
  const store = await openPlace(place);
  try {
    const ledger = await store.open(crashLedgerName);
    const verification = await ledger.verify(digest === undefined ? {} : { digest });
    expect(verification.findings).toEqual([]);
    expect(verification.assurance).toBe(digest === undefined ? "consistent" : "anchored");
    for (const journal of journals) await journal.compare(ledger);
    return await ledger.digest();
  } finally {
    await store.close();
  }
}
