// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { describeWhen } from "@ledger-loader/testkit";
import type { QldbDriver } from "amazon-qldb-driver-nodejs";
import {
  ClientJournal,
  crashLedgerName,
  createCrashLedger,
  inspectCrash,
  withDriver,
} from "../test/crash/crash-load";
import { isFullRun, recordResult } from "../test/crash/crash-results";
import {
  compileDiskFaults,
  type DiskFault,
  diskFaultReadiness,
  faultEnvironment,
} from "../test/crash/disk-faults";
import { bundleServer, type KillableServer, startKillableServer } from "../test/crash/killable-server";

const COMMITS = 12;
/** Which of the calls is the first to fail. */
const FIRSTS = isFullRun ? Array.from({ length: 24 }, (_, at) => at) : [3];
const FILES = { log: `${crashLedgerName}.ledger-wal`, record: `${crashLedgerName}.ledger-tip` } as const;

describeWhen(diskFaultReadiness(), describe)("A ledger on a disk that fails", () => {
  let folder: string;
  let program: string;
  let library: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ledger-disk-"));
    program = bundleServer(folder);
    library = compileDiskFaults(folder);
  });
  const servers: KillableServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.dispose();
    await rm(folder, { recursive: true });
  });

  /** Commits while calls fail, kills the server, and looks at what is left; returns how the commits ended. */
  async function run(fault: DiskFault): Promise<{ acknowledged: number; refusals: string[] }> {
    const dataFolder = await mkdtemp(join(folder, "data-"));
    await createCrashLedger(dataFolder);
    const server = await startKillableServer(program, dataFolder, { env: faultEnvironment(library, fault) });
    servers.push(server);
    const journal = new ClientJournal(0);
    const refusals = await withDriver(server.endpoint, 0, (driver) => commitAll(driver, journal));
    await server.kill();
    await inspectCrash(dataFolder, [journal]);
    return { acknowledged: journal.acknowledged.size, refusals };
  }

  it.each([
    ["the log's sync fails", { file: FILES.log, kind: "sync" }],
    ["the record's sync fails", { file: FILES.record, kind: "sync" }],
    ["the log cannot grow", { file: FILES.log, kind: "full" }],
    ["the record cannot be written", { file: FILES.record, kind: "full" }],
    ["a write to the log is torn", { file: FILES.log, kind: "torn" }],
    ["a write to the record is torn", { file: FILES.record, kind: "torn" }],
  ] as const)(
    "keeps what was acknowledged, tells the client, and recovers: %s",
    async (attack, where) => {
      let acknowledged = 0;
      let refused = 0;
      for (const first of FIRSTS) {
        const result = await run({ ...where, first, count: 3 });
        for (const refusal of result.refusals) expect(refusal).toBe("ServiceUnavailableException");
        acknowledged += result.acknowledged;
        refused += result.refusals.length;
      }
      expect(refused).toBeGreaterThan(0);
      // The disk works again after three calls, and so does the ledger.
      expect(acknowledged).toBeGreaterThan(0);
      recordResult({
        attack: `${attack}, three times`,
        tried: `at ${FIRSTS.length} places`,
        outcome: `${refused} refused (503), ${acknowledged} acknowledged and there`,
      });
    },
    1_800_000,
  );

  it.each([
    ["log", FILES.log],
    ["record", FILES.record],
  ])("completes writes that the system cuts short: %s", async (name, file) => {
    const { acknowledged, refusals } = await run({ file, kind: "short", first: 0, count: 1_000_000 });
    expect([acknowledged, refusals]).toEqual([COMMITS, []]);
    recordResult({
      attack: `short writes to the ${name}`,
      tried: "every write",
      outcome: "completed, none refused",
    });
  });
});

async function commitAll(driver: QldbDriver, journal: ClientJournal): Promise<string[]> {
  const refusals: string[] = [];
  for (let commit = 0; commit < COMMITS; commit++) {
    await journal.write(driver).catch((error: unknown) => {
      refusals.push(error instanceof Error ? error.name : "no error");
    });
  }
  return refusals;
}
