// SPDX-License-Identifier: MIT
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { isFullRun, recordResult } from "../test/crash/crash-results";
import { openTestStore, query, type TestStore } from "../test/open-test-store";
import { CommitsMissingError } from "./errors";
import { SqliteStorage } from "./storage/sqlite/sqlite-storage";
import { verifyLedger } from "./verification/verify-ledger";

/** Of SQLite's log. Source: https://www.sqlite.org/fileformat2.html#walformat */
const LOG_HEADER_BYTES = 32;
const FRAME_BYTES = 24 + 4096;
const DOCUMENTS = 30;

type Outcome = "whole" | "refused";

describe("A ledger whose log was damaged after a crash", () => {
  let test: TestStore;
  let folder: string;
  let log: Buffer;
  let last: number;
  let frames: number[];
  const journalEnds = new Set<number>();
  let copies = 0;

  beforeAll(async () => {
    test = await openTestStore();
    await query(test.ledger, "CREATE TABLE T");
    await query(test.ledger, "CREATE INDEX ON T (k)");
    for (let k = 0; k < DOCUMENTS; k++) await query(test.ledger, "INSERT INTO T ?", `{k: ${k}}`);
    last = (await test.ledger.digest()).tipAddress.sequenceNo;
    log = readFileSync(`${test.file}-wal`);
    folder = mkdtempSync(join(tmpdir(), "ledger-damaged-"));
    const all = Array.from({ length: (log.length - LOG_HEADER_BYTES) / FRAME_BYTES }, (_, frame) => frame);
    // The last frame is the end of the last commit.
    frames = all.filter((frame) => isFullRun || frame % 9 === 0 || frame === all.length - 1);
  });
  afterAll(async () => {
    await test.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a copy with another log: it has every acknowledged commit, or is refused and says what is missing. */
  async function outcomeWith(damaged: Buffer | undefined): Promise<Outcome> {
    const data = join(folder, `${copies++}`);
    mkdirSync(data);
    const file = join(data, "test.ledger");
    for (const suffix of ["", "-tip"]) cpSync(test.file + suffix, file + suffix);
    if (damaged !== undefined) writeFileSync(`${file}-wal`, damaged);
    try {
      const opened = openOrRefuse(file);
      if (opened instanceof SqliteStorage) return await requireWhole(opened);
      const { missing } = opened;
      expect(missing).toMatchObject({ tip: { sequenceNo: last }, count: last - missing.journalEnd });
      journalEnds.add(missing.journalEnd);
      if (damaged !== undefined) {
        const kept = readFileSync(`${file}-wal.lost-${missing.journalEnd + 1}-${last}`);
        expect(kept.equals(damaged)).toBe(true);
      }
      writeFileSync(`${file}-wal`, log);
      await requireWhole(SqliteStorage.open(file));
      return "refused";
    } finally {
      rmSync(data, { recursive: true });
    }
  }

  async function requireWhole(storage: SqliteStorage): Promise<Outcome> {
    try {
      expect((await storage.readHead())?.sequenceNo).toBe(last);
      // Verifying takes longer than opening; a sample will do.
      if (copies % 20 === 0) expect((await verifyLedger(storage)).verdict).toBe("passed");
      return "whole";
    } finally {
      await storage.close();
    }
  }

  it("is refused when the log is missing", async () => {
    expect(await outcomeWith(undefined)).toBe("refused");
    expect(await outcomeWith(Buffer.alloc(0))).toBe("refused");
    expect(await outcomeWith(log)).toBe("whole");
    recordResult({ attack: "log removed, or emptied", tried: "2", outcome: "2 refused" });
  });

  it("is refused when the log is cut at a frame or inside one", async () => {
    const cuts = frames.flatMap((frame) =>
      [0, 1, 23, 24, 2000, FRAME_BYTES - 1].map((within) => LOG_HEADER_BYTES + frame * FRAME_BYTES + within),
    );
    for (const cut of [0, 1, LOG_HEADER_BYTES - 1, ...cuts]) {
      expect([cut, await outcomeWith(log.subarray(0, cut))]).toEqual([cut, "refused"]);
    }
    // The cuts fell at different places, so that the test has seen several beginnings.
    expect(journalEnds.size).toBeGreaterThan(5);
    recordResult({
      attack: "log cut at every frame, and inside",
      tried: `${cuts.length + 3} cuts`,
      outcome: "all refused; whole once the log was put back",
    });
  }, 1_800_000);

  it("is refused when one bit of the log is flipped", async () => {
    const flips = frames.flatMap((frame) =>
      [4, 9, 17, 30, 1500, FRAME_BYTES - 1].map((within) => LOG_HEADER_BYTES + frame * FRAME_BYTES + within),
    );
    for (const [at, place] of [4, 9, 17, 25, ...flips].entries()) {
      const damaged = Buffer.from(log);
      damaged[place] = (damaged[place] ?? 0) ^ (1 << (at % 8));
      expect([place, await outcomeWith(damaged)]).toEqual([place, "refused"]);
    }
    recordResult({
      attack: "one bit of the log flipped",
      tried: `${flips.length + 4} bits`,
      outcome: "all refused",
    });
  }, 1_800_000);
});

function openOrRefuse(file: string): SqliteStorage | CommitsMissingError {
  try {
    return SqliteStorage.open(file);
  } catch (error) {
    if (error instanceof CommitsMissingError) return error;
    throw error;
  }
}
