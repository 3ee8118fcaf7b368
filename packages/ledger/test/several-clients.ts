// SPDX-License-Identifier: MIT
import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@jest/globals";
import type { QldbDriver } from "amazon-qldb-driver-nodejs";
import { LedgerStore } from "../src/index";
import { connect } from "./open-test-server";
import { query } from "./open-test-store";

const LEDGER = "cars";
const CLIENTS = 4;
/** How many commits a client may be ahead of another. */
const LEAD_MAX = 2;

/** The answers that one client got about its commits. */
export interface ClientJournal {
  readonly acknowledged: number[];
  /** Commits of which nobody knows: the connection broke meanwhile. */
  readonly unknown: number[];
}

/** Makes the ledger that all clients write to, with the document that they share. */
export function makeSharedLedger(postgresUrl: string): Promise<void> {
  return withStore(postgresUrl, async (store) => {
    const ledger = await store.createLedger(LEDGER);
    await query(ledger, "CREATE TABLE T");
    await query(ledger, "CREATE INDEX ON T (client)");
    await query(ledger, "INSERT INTO T << {'client': -1, 'total': 0} >>");
  });
}

async function withStore<T>(postgresUrl: string, work: (store: LedgerStore) => Promise<T>): Promise<T> {
  const store = await LedgerStore.open({ postgresUrl });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Compares the ledger with what clients were told, and verifies it to the last hash. */
export async function inspectClients(postgresUrl: string, journals: readonly ClientJournal[]): Promise<void> {
  return withStore(postgresUrl, async (store) => {
    const ledger = await store.open(LEDGER);
    const { verdict, findings } = await ledger.verify();
    expect({ verdict, findings }).toEqual({ verdict: "passed", findings: [] });
    let increments = 0;
    for (const [client, { acknowledged, unknown }] of journals.entries()) {
      const rows = await query(ledger, "SELECT VALUE t.n FROM T AS t WHERE t.client = ?", `${client}`);
      const found = rows.map(Number).sort((a, b) => a - b);
      increments += found.length;
      expect(new Set(found).size).toBe(found.length);
      expect(found.filter((n) => !unknown.includes(n))).toEqual(acknowledged);
    }
    const [total] = await query(ledger, "SELECT VALUE t.total FROM T AS t WHERE t.client = -1");
    expect(Number(total)).toBe(increments);
  });
}

/** Clients that write until they are stopped. */
export interface Clients {
  /** Resolves once every client has had so many further commits. */
  progress(commits: number): Promise<void>;
  stop(): Promise<readonly ClientJournal[]>;
  /** Lets clients end, and does not ask what became of them. */
  abandon(): void;
}

/** Clients that write documents of their own and increment one that all share, in the same transaction. */
export function startClients(endpoint: string): Clients {
  let isStopping = false;
  const journals = Array.from({ length: CLIENTS }, (): ClientJournal => ({ acknowledged: [], unknown: [] }));
  // Of clients that never pause, one that is served more slowly would lose every race for the shared document.
  const isAhead = ({ acknowledged }: ClientJournal): boolean =>
    !isStopping && journals.some((other) => acknowledged.length > other.acknowledged.length + LEAD_MAX);
  const runs = journals.map(async (journal, client) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const driver = connect(endpoint, LEDGER, agent, { sessionsMax: 1, retriesMax: 100 });
    for (let n = 0; !isStopping; n++) {
      await write(driver, client, n, journal);
      while (isAhead(journal)) await sleep(10);
    }
    driver.close();
    agent.destroy();
  });
  const failed = Promise.all(runs).then(() => new Promise<never>(() => undefined));
  return {
    progress: async (commits) => {
      const wanted = journals.map(({ acknowledged }) => acknowledged.length + commits);
      const isThere = (): boolean =>
        journals.every(({ acknowledged }, client) => acknowledged.length >= (wanted[client] ?? 0));
      while (!isThere()) await Promise.race([sleep(20), failed]);
    },
    stop: async () => {
      isStopping = true;
      await Promise.all(runs);
      return journals;
    },
    abandon: () => {
      isStopping = true;
      void Promise.allSettled(runs);
    },
  };
}

async function write(driver: QldbDriver, client: number, n: number, journal: ClientJournal): Promise<void> {
  try {
    await driver.executeLambda(async (transaction) => {
      await transaction.execute("INSERT INTO T ?", { client, n });
      await transaction.execute("UPDATE T SET total = total + 1 WHERE client = -1");
    });
    journal.acknowledged.push(n);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    journal.unknown.push(n);
    await sleep(50);
  }
}

/** The connection broke, or retries were used up while the database was away: anything else is a finding. */
function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return /ECONNRESET|EPIPE|socket hang up|ServiceUnavailable|OccConflict/.test(
    `${code} ${error.message} ${error.name}`,
  );
}
