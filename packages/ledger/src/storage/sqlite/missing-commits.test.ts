// SPDX-License-Identifier: MIT
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  CommitsMissingError,
  LedgerStore,
  StoreUnreadableError,
  TipUnreadableError,
} from "@ledger-loader/ledger";
import { openTestStore, query, type TestStore } from "../../../test/open-test-store";

const DOCUMENTS = 12;
/** The first block makes the table. */
const LAST = DOCUMENTS;
const SECRET = "Jane Citizen of Elm Street";

describe("A ledger that lost acknowledged commits", () => {
  let test: TestStore;
  let folder: string;
  let file: string;
  let log: string;
  let tip: string;
  beforeEach(async () => {
    test = await openTestStore();
    await query(test.ledger, "CREATE TABLE T");
    for (let k = 0; k < DOCUMENTS; k++) await query(test.ledger, "INSERT INTO T ?", `{k: ${k}}`);
    folder = mkdtempSync(join(tmpdir(), "missing-commits-"));
    file = join(folder, "test.ledger");
    log = `${file}-wal`;
    tip = `${file}-tip`;
    // As a crash leaves the files.
    cpSync(test.dataFolder, folder, { recursive: true });
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await test.close();
  });

  async function inStore<T>(work: (store: LedgerStore) => Promise<T>): Promise<T> {
    const store = await LedgerStore.open({ dataFolder: folder });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  const lastBlock = (): Promise<number> =>
    inStore(async (store) => (await (await store.open("test")).readHead())?.sequenceNo ?? -1);

  it("opens after a crash while its log is whole, and keeps no second log", async () => {
    expect(await lastBlock()).toBe(LAST);
    expect(readdirSync(folder).sort()).toEqual([
      "data.lock",
      "data.lock-owner",
      "test.ledger",
      "test.ledger-tip",
    ]);
  });

  it("is refused without its log, says what is missing, and opens once the log is back", async () => {
    const found = readFileSync(log);
    rmSync(log);
    const refusal = `which was acknowledged, found no block: ${LAST + 1} acknowledged commits are missing, blocks 0 to ${LAST}.`;
    for (let attempt = 0; attempt < 2; attempt++) await expect(lastBlock()).rejects.toThrow(refusal);
    writeFileSync(log, found);
    expect(await lastBlock()).toBe(LAST);
  });

  it("keeps the log as it was found", async () => {
    const whole = readFileSync(log);
    truncateSync(log, statSync(log).size - 100);
    const found = readFileSync(log);
    const refusal = `1 acknowledged commit is missing, block ${LAST}.`;
    for (let attempt = 0; attempt < 2; attempt++) await expect(lastBlock()).rejects.toThrow(refusal);
    expect(readFileSync(`${log}.lost-${LAST}-${LAST}`)).toEqual(found);
    writeFileSync(log, whole);
    expect(await lastBlock()).toBe(LAST);
  });

  it("is refused where an older file took its place, and where another ledger's did", async () => {
    await inStore(async (store) => {
      await query(await store.open("test"), "INSERT INTO T ?", "{k: 99}");
      await query(await store.createLedger("other"), "CREATE TABLE T");
    });
    const newer = readFileSync(file);
    cpSync(join(folder, "other.ledger"), file);
    await expect(lastBlock()).rejects.toThrow(
      "12 acknowledged commits are missing".replace("12", `${LAST + 1}`),
    );
    for (let k = 0; k <= LAST + 2; k++)
      await inStore(async (store) => {
        await query(await store.open("other"), "INSERT INTO T ?", `{k: ${k}}`);
      });
    cpSync(join(folder, "other.ledger"), file);
    await expect(lastBlock()).rejects.toThrow(`another block ${LAST + 1}: this is another journal`);
    writeFileSync(file, "");
    await expect(lastBlock()).rejects.toThrow(StoreUnreadableError);
    writeFileSync(file, newer);
    expect(await lastBlock()).toBe(LAST + 1);
  });

  it("opens without a record, as a copy or a backup does", async () => {
    rmSync(tip);
    expect(await lastBlock()).toBe(LAST);
    const backup = join(folder, "backup");
    await inStore(async (store) => (await store.open("test")).backUp({ folder: backup }));
    expect(readdirSync(backup)).toEqual(["test.ledger"]);
    rmSync(file);
    cpSync(join(backup, "test.ledger"), file);
    expect(await lastBlock()).toBe(LAST);
  });

  it("is read with one damaged slot of the record, and refused with two", async () => {
    const bytes = readFileSync(tip);
    for (const at of [20, 4096 + 20]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(tip, damaged);
      expect(await lastBlock()).toBe(LAST);
    }
    writeFileSync(
      tip,
      bytes.map((byte) => byte ^ 1),
    );
    await expect(lastBlock()).rejects.toThrow(TipUnreadableError);
    writeFileSync(tip, "");
    await expect(lastBlock()).rejects.toThrow(TipUnreadableError);
  });

  it("is refused where it is only read, unless it is opened to look at what is left", async () => {
    truncateSync(log, statSync(log).size - 100);
    const before = readFileSync(log);
    const reading = async (evenIfShortened: boolean): Promise<unknown> => {
      const store = await LedgerStore.open({ dataFolder: folder, readOnly: true, evenIfShortened });
      try {
        return await (await store.open("test")).verify();
      } finally {
        await store.close();
      }
    };
    await expect(reading(false)).rejects.toThrow(CommitsMissingError);
    const message = `Block ${LAST} of `;
    const finding = {
      rule: "missing-commits",
      severity: "failed",
      message: expect.stringContaining(message),
    };
    expect(await reading(true)).toMatchObject({ verdict: "failed", blocks: LAST, findings: [finding] });
    expect(readFileSync(log)).toEqual(before);
    expect(readdirSync(folder)).not.toContain(`test.ledger-wal.lost-${LAST}-${LAST}`);
  });

  it("goes on when the loss is accepted, and keeps a record of it", async () => {
    truncateSync(log, statSync(log).size - 100);
    const loss = { journalEnd: LAST - 1, lastBlock: LAST };
    expect(await inStore((store) => store.acceptLoss("test"))).toMatchObject(loss);
    expect(readdirSync(folder)).toContain(`test.ledger-wal.lost-${LAST}-${LAST}`);
    expect(await inStore((store) => store.acceptLoss("test"))).toBeUndefined();
    await inStore(async (store) => {
      const ledger = await store.open("test");
      await query(ledger, "INSERT INTO T ?", "{k: 77}");
      const { verdict, findings } = await ledger.verify();
      expect([verdict, findings]).toMatchObject(["passed", [{ rule: "accepted-loss", severity: "warning" }]]);
    });
    expect(await lastBlock()).toBe(LAST);
  });

  /** Damages the log, so that the damaged one is kept, with a document in it; returns the undamaged log. */
  async function keepDamagedLog(): Promise<Buffer> {
    await query(test.ledger, "INSERT INTO T ?", `{k: 50, name: "${SECRET}"}`);
    await query(test.ledger, "INSERT INTO T ?", "{k: 51}");
    cpSync(test.dataFolder, folder, { recursive: true });
    const whole = readFileSync(log);
    truncateSync(log, statSync(log).size - 100);
    await expect(lastBlock()).rejects.toThrow(CommitsMissingError);
    expect(filesWithSecret()).toContain(`test.ledger-wal.lost-${LAST + 2}-${LAST + 2}`);
    return whole;
  }

  const filesWithSecret = (): string[] =>
    readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(SECRET));

  it.each([
    ["the loss was accepted", () => inStore((store) => store.acceptLoss("test"))],
    ["the log was put back", (whole: Buffer) => writeFile(log, whole)],
  ])("keeps no damaged log with data that is redacted after %s", async (_how, mend) => {
    await mend(await keepDamagedLog());
    const other = join(folder, "test-2.ledger-wal.lost-1-2");
    writeFileSync(other, "the log of another ledger");
    await inStore(async (store) => {
      const ledger = await store.open("test");
      const [place = ""] = await query(
        ledger,
        "SELECT VALUE [blockAddress, metadata.id] FROM history(T) AS h WHERE h.data.k = 50",
      );
      const [, address = "", id = ""] = /^\[(.*),("\w+")\]$/.exec(place) ?? [];
      const [table = ""] = await query(ledger, "SELECT VALUE tableId FROM information_schema.user_tables");
      await query(ledger, "DELETE FROM T WHERE k = 50");
      await query(ledger, "EXEC REDACT_REVISION ?, ?, ?", address, table, id);
      expect(filesWithSecret()).toEqual([]);
    });
    expect(filesWithSecret()).toEqual([]);
    expect(readFileSync(other, "utf8")).toBe("the log of another ledger");
  });

  it("keeps no damaged log of a ledger that is deleted", async () => {
    writeFileSync(log, await keepDamagedLog());
    await inStore((store) => store.deleteLedger("test"));
    expect(filesWithSecret()).toEqual([]);
  });

  it("loses all its commits if that is accepted", async () => {
    rmSync(log);
    await inStore((store) => store.acceptLoss("test"));
    expect(readdirSync(folder)).not.toContain("test.ledger-tip");
    expect(await lastBlock()).toBe(-1);
  });

  it("leaves no record when it is deleted", async () => {
    await inStore((store) => store.deleteLedger("test"));
    expect(readdirSync(folder)).not.toContain("test.ledger-tip");
    writeFileSync(tip, readFileSync(`${test.file}-tip`));
    await inStore((store) => store.createLedger("test"));
    expect(await lastBlock()).toBe(-1);
  });
});
