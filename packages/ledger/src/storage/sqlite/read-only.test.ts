// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DataFolderLockedError, LedgerStore, StoreAccessError } from "@ledger-loader/ledger";
import { openTestStore, query, type TestStore } from "../../../test/open-test-store";

describe("A data folder that is opened to be read", () => {
  let test: TestStore;
  let folder: string;
  beforeEach(async () => {
    test = await openTestStore();
    await query(test.ledger, "CREATE TABLE T");
    for (let k = 0; k < 5; k++) await query(test.ledger, "INSERT INTO T ?", `{k: ${k}}`);
    folder = mkdtempSync(join(tmpdir(), "read-only-"));
  });
  afterEach(async () => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
    await test.close();
  });

  /** The folder's files as a crash would leave them now, or as closing leaves them. */
  async function snapshot(state: "crashed" | "closed" | "without its log"): Promise<void> {
    if (state === "closed") await test.store.close();
    cpSync(test.dataFolder, folder, { recursive: true });
    if (state === "without its log") rmSync(join(folder, "test.ledger-wal"));
  }

  it.each([
    ["closed", "passed"],
    ["crashed", "passed"],
    ["without its log", "CommitsMissingError"],
  ] as const)("is left as it was: %s", async (state, result) => {
    await snapshot(state);
    chmodSync(folder, 0o500);
    const before = hashes(folder);
    expect("test.ledger-wal" in before).toBe(state === "crashed");
    const store = await LedgerStore.open({ dataFolder: folder, readOnly: true, evenIfShortened: true });
    const verdict = store.open("test").then(async (ledger) => (await ledger.verify()).verdict);
    expect(await verdict.catch((error: unknown) => error instanceof Error && error.name)).toBe(result);
    expect(hashes(folder)).toEqual(before);
    await store.close();
    expect(hashes(folder)).toEqual(before);
  });

  it("gives a backup, takes no commit and makes no ledger", async () => {
    await snapshot("closed");
    const store = await LedgerStore.open({ dataFolder: folder, readOnly: true });
    const ledger = await store.open("test");
    expect((await ledger.backUp({ folder: join(folder, "backup") })).verification.blocks).toBe(6);
    await expect(query(ledger, "INSERT INTO T ?", "{k: 9}")).rejects.toThrow(StoreAccessError);
    await expect(store.createLedger("new")).rejects.toThrow(StoreAccessError);
    await expect(LedgerStore.open({ dataFolder: folder })).rejects.toThrow(DataFolderLockedError);
    await store.close();
    await (await LedgerStore.open({ dataFolder: folder })).close();
  });

  it("is refused while a store has it open to write", async () => {
    const reading = LedgerStore.open({ dataFolder: test.dataFolder, readOnly: true });
    await expect(reading).rejects.toThrow(DataFolderLockedError);
  });
});

function hashes(folder: string): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ name }) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    ]),
  );
}
