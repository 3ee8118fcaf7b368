// SPDX-License-Identifier: MIT
import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { bundleServer, startKillableServer } from "../test/crash/killable-server";
import { runHistory, type WorkloadResult } from "../test/history/run-history";
import { LedgerStore } from "./ledger-store";

const LEDGER = "history";
const { HISTORY_CLIENTS = "4", HISTORY_ITERATIONS = "8", HISTORY_ENDPOINT, HISTORY_RESULTS } = process.env;
const ITERATIONS = Number(HISTORY_ITERATIONS);
/** As many suffice to see that nothing is validated. */
const BLIND_ITERATIONS = 6;

describe("Transactions of several processes of the official driver", () => {
  let folder: string;
  let program: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ledger-history-"));
    program = bundleServer(folder, "history/history-client.ts");
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function runAt(text: string, iterations: number): Promise<readonly WorkloadResult[]> {
    const clients = Number(HISTORY_CLIENTS);
    const [first = text, ...others] = text.split(",");
    const endpoints = [first, ...others] as const;
    return runHistory({ endpoints, ledgerName: LEDGER, program, clients, iterations });
  }

  /** Runs on a server of its own. */
  async function runOn(entry: string, iterations: number): Promise<readonly WorkloadResult[]> {
    const dataFolder = join(folder, "data");
    const store = await LedgerStore.open({ dataFolder });
    await store.createLedger(LEDGER);
    await store.close();
    const server = await startKillableServer(bundleServer(folder, entry), dataFolder);
    try {
      return await runAt(server.endpoint, iterations);
    } finally {
      await server.dispose();
    }
  }

  it("are serializable, in the order of time", async () => {
    const results = await (HISTORY_ENDPOINT === undefined
      ? runOn("crash/server-process.ts", ITERATIONS)
      : runAt(HISTORY_ENDPOINT, ITERATIONS));
    expect(results.flatMap(({ anomalies }) => anomalies)).toEqual([]);
    record(results);
  }, 3_600_000);

  it("show anomalies of every kind where nothing is validated", async () => {
    const results = await runOn("history/blind-server.ts", BLIND_ITERATIONS);
    expect(results.filter(({ anomalies }) => anomalies.length === 0)).toEqual([]);
    expect(results.length).toBe(5);
  });
});

/** For the table that `pnpm history` makes. */
function record(results: readonly WorkloadResult[]): void {
  if (HISTORY_RESULTS === undefined) return;
  for (const { name, rule, anomalies } of results) {
    const tried = `${Number(HISTORY_CLIENTS) * ITERATIONS} transactions of ${HISTORY_CLIENTS} processes`;
    const line = { attack: `${name}: ${rule}`, tried, outcome: `${anomalies.length} anomalies` };
    appendFileSync(HISTORY_RESULTS, `${JSON.stringify(line)}\n`);
  }
}
