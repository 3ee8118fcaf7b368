// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openExport, verifyExport } from "@ledger-loader/export";
import { hashesEqual, hashIon } from "@ledger-loader/ion";
import { type Block, buildBlock, decodeBlock, encodeBlock } from "@ledger-loader/journal";
import { openTestStore, query, type TestStore } from "../test/open-test-store";
import { EmbeddedLedger } from "./embedded-ledger";
import { LedgerEmptyError, OccConflictError } from "./errors";
import { qldbLimits } from "./limits";
import { SqliteStorage } from "./storage/sqlite/sqlite-storage";
import { blockRecords, controlRecord } from "./streams/stream-records";

/** The rule of AWS's Java sample (JournalBlock.verifyBlockHash): the hash of transactionInfo is one of the entries. */
function listsTransactionInfo({ transactionInfo, entriesHashList }: Block): boolean {
  if (transactionInfo === undefined) return false;
  const hash = hashIon(transactionInfo);
  return entriesHashList.some((entry) => hashesEqual(entry, hash));
}

/** The block with which ledgers began before: without transactionInfo. */
function creationBlock(strandId: string): Block {
  return buildBlock({
    blockAddress: { strandId, sequenceNo: 0 },
    transactionId: "0".repeat(22),
    blockTimestamp: "2026-01-01T00:00:00.000Z",
    previousBlockHash: undefined,
  });
}

describe("The journal of a new ledger", () => {
  let test: TestStore;
  let folder: string;
  beforeEach(async () => {
    test = await openTestStore();
    folder = await mkdtemp(join(tmpdir(), "first-block-"));
  });
  afterEach(async () => {
    await test.close();
    await rm(folder, { recursive: true });
  });

  it("is empty until the first transaction: nothing to read, no digest, and it verifies", async () => {
    expect(await test.ledger.readHead()).toBeUndefined();
    expect(await query(test.ledger, "SELECT VALUE name FROM information_schema.user_tables")).toEqual([]);
    await expect(test.ledger.digest()).rejects.toThrow(LedgerEmptyError);
    expect(await test.ledger.verify()).toMatchObject({
      verdict: "passed",
      assurance: "consistent",
      blocks: 0,
      findings: [],
    });
    await test.reopen();
    expect(await test.ledger.readHead()).toBeUndefined();
  });

  it("has transactionInfo, and its hash among the entries, in every block of a whole export", async () => {
    await query(test.ledger, "CREATE TABLE Cars");
    await query(test.ledger, "CREATE INDEX ON Cars (vin)");
    await query(test.ledger, "INSERT INTO Cars << {'vin': 1}, {'vin': 2} >>");
    await query(test.ledger, "UPDATE Cars SET doors = 4, seats = 5 WHERE vin = 1");
    await query(test.ledger, "DELETE FROM Cars WHERE vin = 2");
    await query(test.ledger, "DROP TABLE Cars");
    const { manifestPath, blocks } = await test.ledger.export({ folder, format: "ion-binary" });
    expect(blocks).toBe(6);
    const journal = await openExport([manifestPath]);
    const digest = await test.ledger.digest();
    expect(await verifyExport(journal, { digest })).toMatchObject({
      verdict: "passed",
      assurance: "anchored",
    });
    for await (const { ion } of test.ledger.blocks()) {
      expect(listsTransactionInfo(decodeBlock(ion))).toBe(true);
    }
  });

  // One transaction that creates the tables, one that inserts all sample data: StreamJournal.numberOfExpectedRecords of
  // aws-samples/amazon-qldb-dmv-sample-java.
  it.each([
    [4, 20, 23],
    [1, 0, 2],
    [2, 3, 6],
  ])("with %i tables and %i documents is streamed in %i records", async (tables, documents, expected) => {
    await test.ledger.transact(async (transaction) => {
      for (let at = 0; at < tables; at++) await transaction.execute(`CREATE TABLE T${at}`);
    });
    if (documents > 0) {
      await test.ledger.transact(async (transaction) => {
        for (let at = 0; at < documents; at++)
          await transaction.execute(`INSERT INTO T${at % tables} {'n': ${at}}`);
      });
    }
    const records = [controlRecord("arn", "CREATED", "key")];
    for await (const { ion } of test.ledger.blocks()) records.push(...blockRecords("arn", ion));
    expect(records.length).toBe(expected);
  });

  it("lets one of two first transactions that create the same table commit", async () => {
    const [first, second] = [await test.ledger.begin(), await test.ledger.begin()];
    for (const transaction of [first, second]) await transaction.execute("CREATE TABLE Cars", []);
    await first.commit();
    await expect(second.commit()).rejects.toThrow(OccConflictError);
  });

  it("does not let a first block that changes nothing conflict with a first transaction", async () => {
    const storage = SqliteStorage.open();
    await storage.writeDescription({ ...test.ledger.description });
    const options = { limits: qldbLimits, clock: Date.now, journalReadOnlyTransactions: true };
    const ledger = await EmbeddedLedger.open(storage, options);
    const transaction = await ledger.begin();
    await transaction.execute("CREATE TABLE Cars", []);
    await transaction.execute("SELECT * FROM Cars BY id WHERE id = 'x'", []);
    await query(ledger, "SELECT * FROM << 1 >>");
    await transaction.commit();
    expect(await query(ledger, "SELECT VALUE name FROM information_schema.user_tables")).toEqual(['"Cars"']);
    await ledger.close();
  });

  it("of a ledger that began with a block without transactionInfo opens, grows and verifies as before", async () => {
    const storage = SqliteStorage.open();
    const { strandId } = test.ledger.description;
    await storage.writeDescription({ ...test.ledger.description });
    const block = creationBlock(strandId);
    await storage.lockHead((lock) =>
      lock.append({
        block: { sequenceNo: 0, hash: block.blockHash, ion: encodeBlock(block) },
        transactionId: block.transactionId,
        blockTime: Date.parse(block.blockTimestamp),
        catalogChanges: [],
        revisions: [],
        indexChanges: [],
        erasures: [],
        merkleNodes: [{ level: 0, index: 0, hash: block.blockHash }],
      }),
    );
    const options = { limits: qldbLimits, clock: Date.now, journalReadOnlyTransactions: false };
    const ledger = await EmbeddedLedger.open(storage, options);
    await query(ledger, "CREATE TABLE Cars");
    await query(ledger, "INSERT INTO Cars {'vin': 1}");
    const digest = await ledger.digest();
    expect(await ledger.verify({ digest })).toMatchObject({
      verdict: "passed",
      assurance: "anchored",
      blocks: 3,
    });
    const { manifestPath } = await ledger.export({ folder, format: "ion-text" });
    const exported = await verifyExport(await openExport([manifestPath]), { digest });
    expect(exported).toMatchObject({ verdict: "passed", assurance: "anchored" });
    await ledger.close();
  });
});
