// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { isFullRun, recordResult } from "../test/crash/crash-results";
import { append } from "../test/storage-sketches";
import { SqliteStorage } from "./storage/sqlite/sqlite-storage";
import { TipFile } from "./storage/sqlite/tip-file";

const COMMITS = isFullRun ? 3000 : 200;

it("the record of acknowledged commits costs less than a commit", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ledger-cost-"));
  const storage = SqliteStorage.open(join(folder, "cost.ledger"));
  const tip = TipFile.open(join(folder, "alone-tip"));
  const [both, alone]: [number[], number[]] = [[], []];
  try {
    // In turn, so that whatever else the disk does meets both.
    for (let sequenceNo = 0; sequenceNo < COMMITS; sequenceNo++) {
      both.push(await millisecondsOf(() => append(storage, {})));
      const block = { sequenceNo, blockHash: new Uint8Array(32), blockTime: 0 };
      alone.push(await millisecondsOf(() => tip.record(block)));
    }
  } finally {
    tip.close();
    await storage.close();
    rmSync(folder, { recursive: true });
  }
  const [commit, record] = [median(both), median(alone)];
  expect(record).toBeLessThan(commit);
  recordResult({
    attack: "cost of the record of acknowledged commits",
    tried: `${COMMITS} commits, median`,
    outcome: `${record.toFixed(2)} of ${commit.toFixed(2)} ms`,
  });
});

async function millisecondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
