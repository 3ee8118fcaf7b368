// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { describeWhen } from "@ledger-loader/testkit";
import {
  ClientJournal,
  crashLedgerName,
  createCrashLedger,
  inspectCrash,
  withDriver,
} from "../test/crash/crash-load";
import { recordResult } from "../test/crash/crash-results";
import { bundleServer, startKillableServer } from "../test/crash/killable-server";
import { readSyncOrder, traceInto, traceReadiness } from "../test/crash/sync-order";

const COMMITS = 1000;
const CLIENTS = 8;
const LOG = `${crashLedgerName}.ledger-wal`;
const RECORD = `${crashLedgerName}.ledger-tip`;

describe("The order of syncs and acknowledgements", () => {
  let folder: string;
  let trace: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ledger-order-"));
    trace = join(folder, "trace");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  describeWhen(traceReadiness(), describe)("of a server, seen from outside", () => {
    it("no acknowledgement comes before the sync of the log and of the record, in 1,000 commits", async () => {
      const dataFolder = join(folder, "data");
      await createCrashLedger(dataFolder);
      const server = await startKillableServer(bundleServer(folder), dataFolder, {
        wrapper: traceInto(trace),
      });
      const journals = Array.from({ length: CLIENTS }, (_, client) => new ClientJournal(client, false));
      try {
        const commit = (journal: ClientJournal): Promise<void> =>
          withDriver(server.endpoint, 20, async (driver) => {
            for (let done = 0; done < COMMITS / CLIENTS; done++) await journal.write(driver);
          });
        await Promise.all(journals.map(commit));
      } finally {
        await server.dispose();
      }
      await inspectCrash(dataFolder, journals);
      const { syncs, acknowledged, early } = readSyncOrder(trace, [LOG, RECORD]);
      expect(early).toEqual([]);
      expect(acknowledged).toBeGreaterThanOrEqual(COMMITS);
      const groups = syncs.get(RECORD) ?? 0;
      // Commits that arrive together share the syncs, and every group has its own.
      expect(groups).toBeLessThan(COMMITS);
      expect(groups).toBeGreaterThanOrEqual(COMMITS / CLIENTS);
      expect(syncs.get(LOG)).toBeGreaterThanOrEqual(groups);
      recordResult({
        attack: "acknowledgements before their sync (strace)",
        tried: `${COMMITS} commits in ${groups} groups`,
        outcome: `0 of ${acknowledged} acknowledgements`,
      });
    });
  });

  it("an acknowledgement before a sync would be found", () => {
    const file = `/data/${RECORD}`;
    const write = `7 pwrite64(23<${file}>, ""..., 4096, 0) = 4096`;
    const socket = "25<TCP:[127.0.0.1:8182->127.0.0.1:5000]>";
    const send = String.raw`7 writev(${socket}, [{iov_base="{\"CommitTransaction\":"..., iov_len=90}], 1) = 90`;
    const other = String.raw`7 writev(${socket}, [{iov_base="{\"StartTransaction\":"..., iov_len=90}], 1) = 90`;
    const began = `7 fdatasync(23<${file}> <unfinished ...>`;
    const ended = "7 <... fdatasync resumed>) = 0";
    const failed = "7 <... fdatasync resumed>) = -1 EIO (Input/output error)";
    const early = (...lines: string[]): number => {
      writeFileSync(trace, lines.join("\n"));
      return readSyncOrder(trace, [LOG, RECORD]).early.length;
    };
    expect(early(write, began, ended, send)).toBe(0);
    expect(early(write, began, other, ended, send)).toBe(0);
    expect(early(write, send, began, ended)).toBe(1);
    expect(early(write, began, send, ended, send)).toBe(1);
    expect(early(write, began, failed, send)).toBe(1);
  });
});
