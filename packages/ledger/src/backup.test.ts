// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { copyFile, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  BackupExistsError,
  type EmbeddedLedger,
  LedgerClosedError,
  LedgerStore,
  SqliteStorage,
  StoreUnreadableError,
  writeBackup,
} from "@ledger-loader/ledger";
import Libsql from "libsql";
import { query } from "../test/open-test-store";
import { beginCopy } from "../test/stalled-copy";

describe("A backup", () => {
  let folder: string;
  let backups: string;
  let store: LedgerStore;
  let ledger: EmbeddedLedger;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "ledger-backup-"));
    backups = join(folder, "backups");
    store = await LedgerStore.open({ dataFolder: join(folder, "data") });
    ledger = await store.createLedger("cars");
    await query(ledger, "CREATE TABLE Car");
    await query(ledger, "CREATE INDEX ON Car (vin)");
    for (let vin = 0; vin < 20; vin++) await query(ledger, "INSERT INTO Car ?", `{vin: ${vin}}`);
    await query(ledger, "DELETE FROM Car WHERE vin = 3");
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it("is a ledger of its own: it can be opened, holds the same, and takes commits", async () => {
    const { file, bytes, verification } = await ledger.backUp({ folder: backups });
    expect(file).toBe(join(backups, "cars.ledger"));
    expect(bytes).toBe(readFileSync(file ?? "").length);
    expect(verification).toMatchObject({
      assurance: "anchored",
      findings: [],
      digest: await ledger.digest(),
    });
    expect(readdirSync(backups)).toEqual(["cars.ledger"]);
    const restored = await LedgerStore.open({ dataFolder: backups });
    try {
      const copy = await restored.open("cars");
      expect(copy.description).toEqual(ledger.description);
      expect(await query(copy, "SELECT * FROM Car WHERE vin = 7")).toHaveLength(1);
      await query(copy, "INSERT INTO Car ?", "{vin: 100}");
      expect((await copy.verify()).verdict).toBe("passed");
    } finally {
      await restored.close();
    }
  });

  it("is of one moment while transactions read and commit, all of which go through", async () => {
    const before = await ledger.digest();
    const commits = Array.from({ length: 40 }, async (_, at) => {
      await query(ledger, "INSERT INTO Car ?", `{vin: ${200 + at}}`);
      return query(ledger, "SELECT * FROM Car");
    });
    const { file, verification } = await ledger.backUp({ folder: backups });
    await Promise.all(commits);
    expect(file).toBeDefined();
    expect(verification.blocks).toBeGreaterThan(before.tipAddress.sequenceNo);
    expect((await ledger.verify()).verdict).toBe("passed");
    expect((await ledger.digest()).tipAddress.sequenceNo).toBe(before.tipAddress.sequenceNo + 40);
  });

  it("keeps nobody waiting: what is committed meanwhile is in the ledger, and not in the copy", async () => {
    const { tipAddress } = await ledger.digest();
    const { copying, pipe } = await beginCopy(ledger, folder);
    await query(ledger, "INSERT INTO Car ?", "{vin: 300}");
    expect(await query(ledger, "SELECT * FROM Car WHERE vin = 300")).toHaveLength(1);
    const copy = join(folder, "copy");
    writeFileSync(copy, await readFile(pipe));
    await copying;
    const copied = SqliteStorage.open(copy);
    expect((await copied.readHead())?.sequenceNo).toBe(tipAddress.sequenceNo);
    await copied.close();
    await query(ledger, "INSERT INTO Car ?", "{vin: 301}");
    expect((await ledger.backUp({ folder: backups })).verification.blocks).toBe(tipAddress.sequenceNo + 3);
  });

  it("ends when the ledger is closed, which loses nothing", async () => {
    const { copying, pipe } = await beginCopy(ledger, folder);
    await query(ledger, "INSERT INTO Car ?", "{vin: 300}");
    const closed = store.close();
    expect((await readFile(pipe)).length).toBe(0);
    await expect(copying).rejects.toThrow(LedgerClosedError);
    await closed;
    store = await LedgerStore.open({ dataFolder: join(folder, "data") });
    expect(await query(await store.open("cars"), "SELECT * FROM Car WHERE vin = 300")).toHaveLength(1);
  });

  it("overwrites nothing", async () => {
    await ledger.backUp({ folder: backups });
    const first = readFileSync(join(backups, "cars.ledger"));
    await query(ledger, "INSERT INTO Car ?", "{vin: 100}");
    await expect(ledger.backUp({ folder: backups })).rejects.toThrow(BackupExistsError);
    await expect(ledger.backUp({ folder: join(folder, "data") })).rejects.toThrow(BackupExistsError);
    expect(readFileSync(join(backups, "cars.ledger")).equals(first)).toBe(true);
  });

  it.each([
    ["a block", "UPDATE blocks SET ion = x'E00100EAD3820000' WHERE sequence_no = 5"],
    ["a document", "UPDATE revisions SET data = x'E00100EAD0' WHERE from_seq = 6"],
    ["an index", "DELETE FROM index_entries"],
  ])("is not kept when %s is not what it was", async (_what, sql) => {
    await store.close();
    const database = new Libsql(join(folder, "data", "cars.ledger"));
    database.exec(sql);
    database.close();
    store = await LedgerStore.open({ dataFolder: join(folder, "data") });
    const { file, verification } = await (await store.open("cars")).backUp({ folder: backups });
    expect(file).toBeUndefined();
    expect(verification.verdict).toBe("failed");
    expect(readdirSync(backups)).toEqual([]);
  });

  it("is not kept when it does not reach what the ledger held, or is another ledger's", async () => {
    const older = join(folder, "older");
    await ledger.copyTo(older);
    await query(ledger, "INSERT INTO Car ?", "{vin: 100}");
    const another = join(folder, "another");
    await (await store.createLedger("another")).copyTo(another);
    for (const source of [older, another]) {
      const { file, verification } = await writeBackup({
        ledgerName: "cars",
        folder: backups,
        digest: await ledger.digest(),
        copyTo: (target) => copyFile(source, target),
      });
      expect([file, verification.findings.at(-1)?.rule]).toEqual([undefined, "digest"]);
      expect(readdirSync(backups)).toEqual([]);
    }
  });

  it.each([
    [
      "cut short",
      (file: string) => {
        truncateSync(file, 8192);
      },
    ],
    [
      "something else",
      (file: string) => {
        writeFileSync(file, "<html>".repeat(1000));
      },
    ],
    [
      "empty",
      (file: string) => {
        writeFileSync(file, "");
      },
    ],
  ])("is not kept when the copy is %s", async (_what, damage) => {
    const copyTo = async (file: string): Promise<void> => {
      await ledger.copyTo(file);
      damage(file);
    };
    const digest = await ledger.digest();
    const writing = writeBackup({ ledgerName: "cars", folder: backups, digest, copyTo });
    await expect(writing).rejects.toThrow(StoreUnreadableError);
    expect(readdirSync(backups)).toEqual([]);
  });
});
