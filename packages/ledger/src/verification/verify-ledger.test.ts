// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openExport, verifyExport } from "@ledger-loader/export";
import Libsql from "libsql";
import { ion, openTestStore, query, type TestStore } from "../../test/open-test-store";
import { SqliteStorage } from "../storage/sqlite/sqlite-storage";
import { rebuildLedger } from "./rebuild-ledger";

/** A journal with everything in it that a transaction can do. */
async function fill({ ledger }: TestStore): Promise<void> {
  await query(ledger, "CREATE TABLE Cars");
  await query(ledger, "CREATE INDEX ON Cars (vin)");
  await query(
    ledger,
    "INSERT INTO Cars ?",
    "[{vin: 1, tags: [a]}, {vin: 2}, {vin: 3, nested: {deep: 1.50}}]",
  );
  await query(ledger, "UPDATE Cars SET vin = 20 WHERE vin = 2");
  await query(ledger, "UPDATE Cars SET colour = 'red', doors = 4 WHERE vin = 1");
  await query(ledger, "DELETE FROM Cars WHERE vin = 3");
  await query(ledger, "CREATE INDEX ON Cars (colour)");
  await query(ledger, "CREATE TABLE People");
  await ledger.transact(async (transaction) => {
    await transaction.execute("INSERT INTO People ?", ion("{name: 'x'}"));
    await transaction.execute("UPDATE Cars SET vin = 21 WHERE vin = 20");
    await transaction.execute("UPDATE Cars SET vin = 22 WHERE vin = 21");
    await transaction.execute("INSERT INTO Cars ?", ion("{vin: 5}"));
    await transaction.execute("DELETE FROM Cars WHERE vin = 5");
  });
  await query(ledger, "DROP TABLE People");
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("A ledger", () => {
  let test: TestStore;
  beforeEach(async () => {
    test = await openTestStore();
    await fill(test);
  });
  afterEach(() => test.close());

  it("verifies as consistent, and as anchored with a digest that was taken before", async () => {
    const digest = await test.ledger.digest();
    await query(test.ledger, "INSERT INTO Cars ?", "{vin: 9}");
    const plain = await test.ledger.verify();
    expect(plain).toMatchObject({
      verdict: "passed",
      assurance: "consistent",
      findings: [],
      blocks: 11,
      digest: await test.ledger.digest(),
    });
    // 4 inserted, 1 + 1 + 1 updated, 1 inserted later; what came and went in one transaction left nothing.
    expect(plain.tally).toMatchObject({ revisions: 9, recomputed: 8, deletedEmptyDigest: 1 });
    expect(await test.ledger.verify({ digest })).toMatchObject({
      verdict: "passed",
      assurance: "anchored",
      findings: [],
    });
  });

  it("fails a digest that is not its own, and gives no verdict of what it cannot compare", async () => {
    const { hash, tipAddress } = await test.ledger.digest();
    const failed = { verdict: "failed", assurance: undefined, findings: [{ rule: "digest" }] };
    const other = Uint8Array.from(hash, (byte, at) => (at === 3 ? byte ^ 1 : byte));
    expect(await test.ledger.verify({ digest: { hash: other, tipAddress } })).toMatchObject(failed);
    const beyond = { ...tipAddress, sequenceNo: tipAddress.sequenceNo + 1 };
    expect(await test.ledger.verify({ digest: { hash, tipAddress: beyond } })).toMatchObject({
      verdict: "incomplete",
      assurance: "consistent",
      findings: [{ rule: "digest", message: expect.stringContaining("the journal has 10 blocks") }],
    });
    const elsewhere = { ...tipAddress, strandId: "KmA3ZZca7vAIiJAK9S5Iwl" };
    expect(await test.ledger.verify({ digest: { hash, tipAddress: elsewhere } })).toMatchObject({
      verdict: "not-comparable",
      findings: [{ rule: "digest" }],
    });
  });

  it("can be rebuilt from its journal, equal in everything that is derived", async () => {
    const target = SqliteStorage.open();
    const head = (await test.ledger.readHead())!;
    const blocks = await rebuildLedger(target, test.ledger.blocks());
    expect(blocks).toBe(head.sequenceNo + 1);
    await test.store.close();
    const stored = SqliteStorage.open(test.file);
    const lines = await collect(stored.derivedState(head.sequenceNo));
    expect(lines.length).toBeGreaterThan(20);
    expect(await collect(target.derivedState(head.sequenceNo))).toEqual(lines);
    await stored.close();
    await target.close();
  });

  it.each([
    [
      "a current document",
      "UPDATE revisions SET data = (SELECT data FROM revisions WHERE row_no = 2) WHERE row_no = 1",
    ],
    ["a revision's time", "UPDATE revisions SET time = time + 1 WHERE row_no = 1"],
    ["a revision's end", "UPDATE revisions SET to_seq = to_seq - 1 WHERE row_no = 4"],
    ["a missing revision", "DELETE FROM revisions WHERE row_no = 3"],
    [
      "an index entry that leads nowhere",
      "INSERT INTO index_entries VALUES (1, 'n9', 9007199254740991, 'x', 3)",
    ],
    ["a missing index entry", "DELETE FROM index_entries WHERE index_no = 1 AND to_seq = 9007199254740991"],
    ["a table's name", "UPDATE tables SET name = 'Bikes' WHERE table_no = 1"],
    ["an index's field", "UPDATE indexes SET field = 'make'"],
    [
      "a node of the tree of blocks",
      "UPDATE merkle_nodes SET hash = zeroblob(32) WHERE level = 1 AND position = 1",
    ],
    ["a change of a table that is forgotten", "UPDATE tables SET changed_seq = 1"],
  ])("fails when its file was changed: %s", async (_what, sql) => {
    await test.store.close();
    alter(test.file, sql);
    const ledger = await test.reopen();
    const { verdict, findings } = await ledger.verify();
    expect({ verdict, rules: [...new Set(findings.map(({ rule }) => rule))] }).toEqual({
      verdict: "failed",
      rules: ["derived-state"],
    });
  });

  it.each([
    ["a missing block", "DELETE FROM blocks WHERE sequence_no = 4"],
    [
      "a block in another's place",
      "UPDATE blocks SET ion = (SELECT ion FROM blocks WHERE sequence_no = 3) WHERE sequence_no = 4",
    ],
    ["a block's hash", "UPDATE blocks SET hash = zeroblob(32) WHERE sequence_no = 4"],
    ["a cut block", "UPDATE blocks SET ion = substr(ion, 1, length(ion) - 1) WHERE sequence_no = 4"],
  ])("fails when its journal was changed: %s", async (_what, sql) => {
    await test.store.close();
    alter(test.file, sql);
    const ledger = await test.reopen();
    expect((await ledger.verify()).verdict).toBe("failed");
  });

  it("exports a journal that verifies, anchored with the ledger's digest", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ledger-export-"));
    try {
      for (const format of ["ion-text", "ion-binary"] as const) {
        const { manifestPath, blocks } = await test.ledger.export({ folder, prefix: `${format}/`, format });
        expect(blocks).toBe(10);
        const report = await verifyExport(await openExport([manifestPath]), {
          digest: await test.ledger.digest(),
        });
        expect(report).toMatchObject({ verdict: "passed", assurance: "anchored", blocks: 10, findings: [] });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function alter(file: string, sql: string): void {
  const database = new Libsql(file);
  if (database.prepare(sql).run().changes === 0)
    throw new Error("Expected the alteration to change something.");
  database.close();
}
