// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import Libsql from "libsql";
import { describeStorage } from "../../../test/describe-storage";
import { StoreAccessError, StoreFormatError, StoreLockedError, StoreUnreadableError } from "../../errors";
import { toStorageError } from "./sqlite-error";
import { SqliteStorage } from "./sqlite-storage";

describeStorage("SQLite", () => Promise.resolve(SqliteStorage.open()));

describe("A ledger file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ledger-file-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("keeps what was stored when it is opened again", async () => {
    const file = join(folder, "a.ledger");
    const first = SqliteStorage.open(file);
    await first.lockHead((lock) =>
      lock.append({
        block: { sequenceNo: 0, hash: new Uint8Array(32), ion: new Uint8Array([1, 2, 3]) },
        transactionId: "t",
        blockTime: 5,
        catalogChanges: [],
        revisions: [],
        indexChanges: [],
        merkleNodes: [],
        erasures: [],
      }),
    );
    await first.close();
    const second = SqliteStorage.open(file);
    expect(await second.readHead()).toMatchObject({ sequenceNo: 0, blockTime: 5 });
    expect((await second.readBlock(0))?.ion).toEqual(Buffer.from([1, 2, 3]));
    await second.close();
  });

  it("is refused when a newer version has written it", () => {
    const file = join(folder, "new.ledger");
    const database = new Libsql(file);
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(() => SqliteStorage.open(file)).toThrow(StoreFormatError);
  });

  it("is refused when it is not a database", () => {
    const file = join(folder, "text.ledger");
    writeFileSync(
      file,
      "this is not a database, and it is long enough to be read as a header of one. ".repeat(20),
    );
    expect(() => SqliteStorage.open(file)).toThrow(StoreUnreadableError);
  });

  it("is open in one process at a time", async () => {
    const file = join(folder, "busy.ledger");
    const first = SqliteStorage.open(file);
    expect(() => SqliteStorage.open(file)).toThrow(StoreLockedError);
    await first.close();
    await SqliteStorage.open(file).close();
  });

  it.each([
    ["a folder that is not there", "no/such/folder/a.ledger"],
    ["a folder in its place", "."],
  ])("says what keeps it from being opened: %s", (_, path) => {
    expect(() => SqliteStorage.open(join(folder, path))).toThrow(StoreAccessError);
    expect(() => SqliteStorage.open(join(folder, path))).toThrow(/check that its folder exists/);
  });

  it("says that the disk is full", () => {
    const full = join(folder, "full.ledger");
    const database = new Libsql(full);
    database.exec("PRAGMA max_page_count = 3; CREATE TABLE t (x)");
    let found: unknown;
    try {
      for (;;) database.prepare("INSERT INTO t VALUES (?)").run("x".repeat(3_000));
    } catch (error) {
      found = toStorageError(error, full);
    }
    database.close();
    expect(found).toBeInstanceOf(StoreAccessError);
    expect(String(found)).toMatch(/full\.ledger, found that the disk is full: free space on it/);
  });

  it("leaves errors alone that do not come from SQLite", () => {
    const error = new TypeError("x is not a function");
    expect(toStorageError(error, "a")).toBe(error);
    expect(toStorageError(Object.assign(new Error("gone"), { code: "ENOENT" }), "a")).toHaveProperty(
      "code",
      "ENOENT",
    );
  });
});
