// SPDX-License-Identifier: MIT
import { copyFileSync, renameSync, rmSync, statSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { StoreReplacedError } from "@ledger-loader/ledger";
import { openTestStore, query, type TestStore } from "../../../test/open-test-store";

function replace(file: string): void {
  copyFileSync(file, `${file}.copy`);
  renameSync(`${file}.copy`, file);
}

describe("A ledger whose files change while it is open", () => {
  let test: TestStore;
  beforeEach(async () => {
    test = await openTestStore();
    await query(test.ledger, "CREATE TABLE T");
  });
  afterEach(() => test.close());

  it.each([
    ["the file is removed", "", rmSync],
    ["the log is removed", "-wal", rmSync],
    ["the file is replaced", "", replace],
    ["the log is replaced", "-wal", replace],
  ])("acknowledges nothing and begins nothing more: %s", async (_what, suffix, change) => {
    const begun = await test.ledger.begin();
    await (await begun.execute("INSERT INTO T VALUE {'k': 1}", [])).all();
    change(test.file + suffix);
    await expect(begun.commit()).rejects.toThrow(StoreReplacedError);
    await expect(test.ledger.begin()).rejects.toThrow(`Expected ${test.file}${suffix} to be the file`);
  });

  it("goes on when only its content changes", async () => {
    const { ino } = statSync(test.file);
    for (let k = 0; k < 50; k++) await query(test.ledger, "INSERT INTO T ?", `{k: ${k}}`);
    await test.reopen();
    await query(test.ledger, "INSERT INTO T ?", "{k: 51}");
    expect(statSync(test.file).ino).toBe(ino);
  });
});
