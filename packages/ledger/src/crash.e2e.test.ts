// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Digest } from "@ledger-loader/journal";
import {
  acknowledgedOf,
  ClientJournal,
  createCrashLedger,
  inspectCrash,
  loadUntilKilled,
  withDriver,
} from "../test/crash/crash-load";
import { isFullRun, recordResult } from "../test/crash/crash-results";
import { bundleServer, type KillableServer, startKillableServer } from "../test/crash/killable-server";

const CLIENTS = 4;
const KILLS = Number(process.env["CRASH_KILLS"] ?? 5);
const FULL_AT_KILOBYTES = isFullRun ? range(100, 400, 4) : [150, 180, 240];

describe("A ledger that is killed", () => {
  let folder: string;
  let program: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ledger-crash-"));
    program = bundleServer(folder);
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
    const dataFolder = join(folder, "data");
    await createCrashLedger(dataFolder);
    const journals = Array.from({ length: CLIENTS }, (_, client) => new ClientJournal(client));
    let digest: Digest | undefined;
    for (let kill = 0; kill < KILLS; kill++) {
      const server = await start(program, dataFolder);
      const ends = journals.map((journal) => loadUntilKilled(server.endpoint, journal));
      const before = acknowledgedOf(journals);
      // Every fourth kill comes at any time after the start, the others while commits are acknowledged.
      while (kill % 4 > 0 && acknowledgedOf(journals) === before) await sleep(5);
      await sleep(Math.random() * 300);
      await server.kill();
      await Promise.all(ends);
      digest = await inspectCrash(dataFolder, journals, digest);
    }
    const acknowledged = acknowledgedOf(journals);
    expect(acknowledged).toBeGreaterThan(KILLS / 2);
    recordResult({
      attack: "`kill -9` under load",
      tried: `${KILLS} kills, ${CLIENTS} drivers`,
      outcome: `${acknowledged} acknowledged commits, all there`,
    });
  }, 1_800_000);

  it("stores nothing of what it could not write, goes on reading, and recovers", async () => {
    let acknowledged = 0;
    for (const fileKilobytesMax of FULL_AT_KILOBYTES) {
      const dataFolder = join(folder, `full-${fileKilobytesMax}`);
      await createCrashLedger(dataFolder);
      const journal = new ClientJournal(0);
      const server = await start(program, dataFolder, { fileKilobytesMax });
      await withDriver(server.endpoint, 0, async (driver) => {
        const filling = async (): Promise<never> => {
          for (;;) await journal.write(driver);
        };
        await expect(filling()).rejects.toMatchObject({
          name: "ServiceUnavailableException",
          $metadata: { httpStatusCode: 503 },
        });
        const count = await driver.executeLambda((transaction) =>
          transaction.execute("SELECT VALUE o.n FROM Originals AS o WHERE o.client = 0"),
        );
        expect(count.getResultList().length).toBe(journal.acknowledged.size);
      });
      await server.kill();
      // What was refused is not there after a restart either.
      journal.unknown.clear();
      await inspectCrash(dataFolder, [journal]);
      expect(journal.acknowledged.size).toBeGreaterThan(0);
      acknowledged += journal.acknowledged.size;
    }
    recordResult({
      attack: "full disk (`RLIMIT_FSIZE`)",
      tried: `${FULL_AT_KILOBYTES.length} sizes, a page apart`,
      outcome: `${acknowledged} acknowledged commits, all there; refused ones are not`,
    });
  }, 1_800_000);
});

function range(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, at) => first + at * step);
}
