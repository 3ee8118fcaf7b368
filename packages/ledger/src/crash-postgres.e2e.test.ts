// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Digest } from "@ledger-loader/journal";
import { describeWhen, postgresAvailability } from "@ledger-loader/testkit";
import {
  acknowledgedOf,
  ClientJournal,
  createCrashLedger,
  inspectCrash,
  loadUntilKilled,
  loadUntilStopped,
} from "../test/crash/crash-load";
import { isFullRun, recordResult } from "../test/crash/crash-results";
import { type KillableServer, startKillableServer } from "../test/crash/killable-server";
import { usePostgresServers } from "../test/crash/postgres-servers";
import { makeDatabase } from "../test/open-test-database";

const CLIENTS = 4;
const SERVER_KILLS = isFullRun ? 100 : 3;
const DATABASE_KILLS = isFullRun ? 30 : 2;

describeWhen(postgresAvailability(), describe)(
  "A ledger in PostgreSQL keeps every acknowledged commit",
  () => {
    const running = usePostgresServers();
    let database: string;
    let journals: ClientJournal[];
    let server: KillableServer | undefined;

    beforeEach(async () => {
      database = await makeDatabase(running().postgres.url);
      await createCrashLedger(database);
      journals = Array.from({ length: CLIENTS }, (_, client) => new ClientJournal(client));
    });
    afterEach(() => server?.dispose());

    /** Waits until so many further commits were acknowledged; throws if the clients end before. */
    async function progress(commits: number, clients: Promise<unknown>): Promise<void> {
      const wanted = acknowledgedOf(journals) + commits;
      const ended = clients.then(() => {
        throw new Error("Expected clients that go on, found that they had ended.");
      });
      ended.catch(() => undefined);
      while (acknowledgedOf(journals) < wanted) await Promise.race([sleep(5), ended]);
    }

    it("when its server is killed", async () => {
      let digest: Digest | undefined;
      for (let kill = 0; kill < SERVER_KILLS; kill++) {
        const { endpoint } = (server = await startKillableServer(running().program, database));
        const ends = Promise.all(journals.map((journal) => loadUntilKilled(endpoint, journal)));
        await progress(kill % 4, ends);
        await sleep(Math.random() * 300);
        await server.kill();
        await ends;
        digest = await inspectCrash(database, journals, digest);
      }
      record("`kill -9` of a server on PostgreSQL under load", SERVER_KILLS);
    }, 1_800_000);

    it("when PostgreSQL is killed", async () => {
      const { endpoint } = (server = await startKillableServer(running().program, database));
      let digest: Digest | undefined;
      for (let kill = 0; kill < DATABASE_KILLS; kill++) {
        const stop = new AbortController();
        const ends = Promise.all(journals.map((journal) => loadUntilStopped(endpoint, journal, stop.signal)));
        await progress(3, ends);
        await sleep(Math.random() * 300);
        await running().postgres.restart();
        await progress(3, ends);
        stop.abort();
        await ends;
        digest = await inspectCrash(database, journals, digest);
      }
      record("`kill -9` of PostgreSQL under load", DATABASE_KILLS);
    }, 1_800_000);

    function record(attack: string, kills: number): void {
      const acknowledged = acknowledgedOf(journals);
      expect(acknowledged).toBeGreaterThan(kills);
      const outcome = `${acknowledged} acknowledged commits, all there`;
      recordResult({ attack, tried: `${kills} kills, ${CLIENTS} drivers`, outcome });
    }
  },
);
