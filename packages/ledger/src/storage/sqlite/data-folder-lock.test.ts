// SPDX-License-Identifier: MIT
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { LedgerStore } from "@ledger-loader/ledger";
import { DataFolderLockedError, StoreUnreadableError } from "../../errors";
import { DataFolderLock } from "./data-folder-lock";

describe("A data folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "data-folder-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is open in one store at a time, and the second deletes nothing of the first", async () => {
    const first = await LedgerStore.open({ dataFolder: folder });
    const unfinished = `cars.ledger.${"a".repeat(22)}.creating`;
    writeFileSync(join(folder, unfinished), "a backup that the first store writes");
    const second = LedgerStore.open({ dataFolder: folder });
    await expect(second).rejects.toThrow(DataFolderLockedError);
    await expect(second).rejects.toThrow(`data folder ${folder}, found that process ${process.pid} on `);
    expect(readdirSync(folder)).toContain(unfinished);
    await first.close();
    const third = await LedgerStore.open({ dataFolder: folder });
    expect(readdirSync(folder)).not.toContain(unfinished);
    await third.close();
  });

  it("keeps files whose names only resemble those of unfinished work", async () => {
    const kept = ["notes.creating.txt", "cars.ledger.deleting.bak", "my.creating", "x.deleting"];
    const removed = ["cars.ledger.creating", "cars.ledger.creating-wal", "a-b.ledger.deleting"];
    for (const file of [...kept, ...removed]) writeFileSync(join(folder, file), "");
    await (await LedgerStore.open({ dataFolder: folder })).close();
    const left = readdirSync(folder);
    expect(left).toEqual(expect.arrayContaining(kept));
    expect(left.filter((file) => removed.includes(file))).toEqual([]);
  });

  it("is unlocked by the end of the process that locked it, however it ends", async () => {
    const program = `
      const database = new (require("libsql"))(${JSON.stringify(join(folder, "data.lock"))});
      database.exec("BEGIN EXCLUSIVE");
      console.log("locked");
      setInterval(() => database.inTransaction, 1000);`;
    const child = spawn(process.execPath, ["-e", program], {
      cwd: __dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    expect(() => DataFolderLock.take(folder)).toThrow(DataFolderLockedError);
    await expect(DataFolderLock.share(folder)).rejects.toThrow(DataFolderLockedError);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    DataFolderLock.take(folder).release();
  });

  it("is not left locked by a ledger that cannot be opened", async () => {
    writeFileSync(join(folder, "text.ledger"), "this is not a database. ".repeat(200));
    for (let attempt = 0; attempt < 2; attempt++) {
      const store = await LedgerStore.open({ dataFolder: folder });
      await expect(store.open("text")).rejects.toThrow(StoreUnreadableError);
      await store.close();
    }
  });

  it("is read by several processes, none of which lets another write", async () => {
    expect(await DataFolderLock.share(folder)).toBeUndefined();
    DataFolderLock.take(folder).release();
    const readers = [await DataFolderLock.share(folder), await DataFolderLock.share(folder)];
    expect(() => DataFolderLock.take(folder)).toThrow(DataFolderLockedError);
    for (const reader of readers) reader?.release();
    DataFolderLock.take(folder).release();
  });

  it("and its ledgers are for their owner alone", async () => {
    const made = join(folder, "made");
    const store = await LedgerStore.open({ dataFolder: made });
    const ledger = await store.createLedger("cars");
    await ledger.transact((transaction) => transaction.execute("CREATE TABLE T"));
    expect(statSync(made).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(made)) {
      if (statSync(join(made, file)).isFile())
        expect([file, statSync(join(made, file)).mode & 0o077]).toEqual([file, 0]);
    }
    expect(readdirSync(made)).toContain("cars.ledger-wal");
    await store.close();
  });
});
