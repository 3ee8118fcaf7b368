// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { encodeBlock } from "@ledger-loader/journal";
import { query } from "../../test/open-test-store";
import { QldbJournal, qldbId } from "../../test/qldb-journal";
import { EmbeddedLedger } from "../embedded-ledger";
import { qldbLimits } from "../limits";
import { SqliteStorage } from "../storage/sqlite/sqlite-storage";
import { JournalReplay } from "./journal-replay";
import { verifyLedger } from "./verify-ledger";

const cars = { name: "Cars", id: qldbId("CarsId") };
const bikes = { name: "Bikes", id: qldbId("BikesId") };

describe("A state derived from blocks of Amazon QLDB", () => {
  let storage: SqliteStorage;
  let journal: QldbJournal;
  beforeEach(() => {
    storage = SqliteStorage.open();
    journal = new QldbJournal();
  });
  afterEach(() => storage.close());

  /** Derives from the blocks that are not stored yet. */
  async function derive(): Promise<JournalReplay> {
    const replay = new JournalReplay(storage);
    const first = ((await storage.readHead())?.sequenceNo ?? -1) + 1;
    await storage.lockHead(async (lock) => {
      for (const block of journal.blocks.slice(first)) await replay.append(lock, block);
    });
    return replay;
  }

  const tables = async (): Promise<string[]> => {
    const catalog = await storage.readCatalog(journal.blocks.length - 1);
    return catalog.map(
      ({ name, tableId, active, indexes }) =>
        `${name} ${tableId}${active ? "" : " dropped"} [${indexes.map(({ field }) => field).join()}]`,
    );
  };

  async function openLedger(): Promise<EmbeddedLedger> {
    await storage.writeDescription({
      name: "restored",
      strandId: journal.strandId,
      creationTime: 0,
      permissionsMode: "ALLOW_ALL",
      deletionProtection: false,
    });
    const options = { limits: qldbLimits, clock: Date.now, journalReadOnlyTransactions: false };
    return EmbeddedLedger.open(storage, options);
  }

  it("has the ids of tables that documents tell, whenever the first document came", async () => {
    journal
      .commit({ isSystem: true })
      .commit({ statements: ["CREATE TABLE Cars", 'CREATE INDEX ON "Cars" (vin)', "create table Bikes"] })
      .commit({
        statements: ["INSERT INTO Cars ?"],
        documents: [{ id: qldbId("a"), table: cars, text: "{vin:1}" }],
      });
    const replay = await derive();
    const [first, second] = await tables();
    expect([first, second]).toEqual([`Cars ${cars.id} [vin]`, expect.stringMatching(/^Bikes \w{22} \[\]$/)]);
    const madeUp = replay.notes.madeUpIds.map(({ tableName, field }) => [tableName, field]);
    expect(madeUp).toEqual([
      ["Bikes", undefined],
      ["Cars", "vin"],
    ]);
    journal.commit({ documents: [{ id: qldbId("b"), table: bikes, text: "{}" }] });
    await derive();
    expect(await tables()).toEqual([`Cars ${cars.id} [vin]`, `Bikes ${bikes.id} []`]);
  });

  it("tells tables of one name apart: dropped, made again, empty in between", async () => {
    const again = { name: "Cars", id: qldbId("CarsAgain") };
    const last = { name: "Cars", id: qldbId("CarsLast") };
    const inTable = (id: string, table: typeof cars) => ({
      documents: [{ id: qldbId(id), table, text: "{}" }],
    });
    journal
      .commit({ statements: ["CREATE TABLE Cars"] })
      .commit(inTable("a", cars))
      .commit({ statements: ["DROP TABLE Cars"] })
      .commit({ statements: ["CREATE TABLE Cars"] })
      .commit({ statements: ["DROP TABLE Cars", "CREATE TABLE Cars"], ...inTable("b", again) })
      .commit({ statements: ["DROP TABLE Cars"] })
      .commit({ statements: ["CREATE TABLE Cars"], ...inTable("c", last) });
    const { notes } = await derive();
    expect(await tables()).toEqual([
      `Cars ${cars.id} dropped []`,
      expect.stringMatching(/^Cars \w{22} dropped \[\]$/),
      `Cars ${again.id} dropped []`,
      `Cars ${last.id} []`,
    ]);
    expect([notes.madeUpIds.length, notes.gapCount]).toEqual([1, 0]);
  });

  it("learns an id from UNDROP TABLE, and which index DROP INDEX means where the table has one", async () => {
    const [carsId, indexId, other] = [qldbId("CarsId"), qldbId("Index"), qldbId("Other")];
    journal
      .commit({ statements: ["CREATE TABLE Cars", "CREATE INDEX ON Cars (vin)"] })
      .commit({ statements: ["DROP TABLE Cars"] })
      .commit({ statements: [`undrop table "${carsId}"`] })
      .commit({ statements: [`DROP INDEX "${indexId}" ON Cars WITH (purge = true)`] })
      .commit({ statements: ["CREATE INDEX ON Cars (make)", "CREATE INDEX ON Cars (vin)"] })
      .commit({
        statements: [`DROP INDEX "${other}" ON Cars WITH (purge = true)`, `UNDROP TABLE "${other}"`],
      });
    const { notes } = await derive();
    expect(await tables()).toEqual([`Cars ${carsId} [make,vin]`]);
    expect(notes.madeUpIds.map(({ field }) => field)).toEqual(["make", "vin"]);
    expect(notes.gaps.map(({ kind, sequenceNo }) => [kind, sequenceNo])).toEqual([
      ["statement", 5],
      ["statement", 5],
    ]);
  });

  it("lists a document in an index that is made in the same block", async () => {
    const document = { id: qldbId("a"), table: cars, text: "{vin: 1}" };
    journal
      .commit({ statements: ["CREATE TABLE Cars", "CREATE INDEX ON Cars (vin)"], documents: [document] })
      .commit({
        statements: ["CREATE INDEX ON Cars (seats)"],
        documents: [{ ...document, text: "{seats: 4}" }],
      });
    await derive();
    const ledger = await openLedger();
    const found = ["vin = 1", "seats = 4"].map((where) =>
      query(ledger, `SELECT VALUE seats FROM Cars WHERE ${where}`),
    );
    expect(await Promise.all(found)).toEqual([[], ["4"]]);
  });

  it("has tables that no statement defines, with a note, and drops one whose name is taken over", async () => {
    const other = { name: "Cars", id: qldbId("OtherCars") };
    journal
      .commit({ documents: [{ id: qldbId("a"), table: cars, text: "{}" }] })
      .commit({ statements: ["CREATE TABLE ~"], documents: [{ id: qldbId("b"), table: other, text: "{}" }] });
    const { notes } = await derive();
    expect(await tables()).toEqual([`Cars ${cars.id} dropped []`, `Cars ${other.id} []`]);
    expect(notes.gaps.map(({ kind, sequenceNo }) => [kind, sequenceNo])).toEqual([
      ["implied-table", 0],
      ["statement", 1],
      ["implied-table", 1],
    ]);
  });

  it("keeps what it cannot place in the blocks alone, and passes over revisions of QLDB's own", async () => {
    journal
      .commit({ statements: ["CREATE TABLE Cars"], hashOnly: 2 })
      .commit({ documents: [{ id: qldbId("a"), table: cars, text: "{n:0}" }], hashOnly: 1 })
      .commit({ documents: [{ id: qldbId("a"), table: cars, text: "{n:1}", isTableUntold: true }] })
      .commit({ documents: [{ id: qldbId("b"), table: cars, text: "{n:2}", isTableUntold: true }] });
    const { notes } = await derive();
    expect(notes.gaps.map(({ kind, sequenceNo }) => [kind, sequenceNo])).toEqual([["unplaced-revision", 3]]);
    const ledger = await openLedger();
    expect(await query(ledger, "SELECT VALUE n FROM Cars")).toEqual(["1"]);
    expect(await query(ledger, "SELECT VALUE c.data.n FROM history(Cars) AS c")).toEqual(["0", "1"]);
  });

  it("answers with the hashes, times and addresses of the journal, takes new commits, and verifies", async () => {
    const id = qldbId("a");
    journal
      .commit({ isSystem: true })
      .commit({ statements: ["CREATE TABLE Cars", "CREATE INDEX ON Cars (vin)"], hashOnly: 1 })
      .commit({ documents: [{ id, table: cars, text: "{vin: 'x', price: 1.50}" }] })
      .commit({ documents: [{ id, table: cars, text: "{vin: 'y', price: 1.500}" }] })
      .commit({ documents: [{ id: qldbId("b"), table: cars, text: "{vin: 'y'}" }] })
      .commit({ documents: [{ id, table: cars }] });
    await derive();
    const ledger = await openLedger();
    const byIndex = "SELECT VALUE id FROM Cars AS c BY id WHERE c.vin = `y`";
    expect(await query(ledger, byIndex)).toEqual([`"${qldbId("b")}"`]);
    const [row] = await query(ledger, "SELECT * FROM history(Cars) AS h WHERE h.metadata.version = 1");
    expect(row).toContain(`strandId:"${journal.strandId}",sequenceNo:3`);
    expect(row).toContain("txTime:2020-09-13T12:26:43.990Z");
    expect(row).toContain(Buffer.from(journal.blocks[3]!.revisions![0]!.hash).toString("base64"));
    const before = await ledger.digest();
    await query(ledger, "UPDATE Cars SET price = 2 WHERE vin = `y`");
    await query(ledger, "CREATE TABLE Own");
    const stored = [];
    for await (const { ion } of ledger.blocks({ last: 5 })) stored.push(Buffer.from(ion).toString("hex"));
    expect(stored).toEqual(journal.blocks.map((block) => Buffer.from(encodeBlock(block)).toString("hex")));
    const verification = await verifyLedger(storage, { digest: before });
    expect(verification).toMatchObject({ verdict: "incomplete", assurance: "anchored", blocks: 8 });
    expect(verification.findings.map(({ rule }) => rule)).toEqual(["unchecked-content"]);
    expect(verification.tally).toMatchObject({ hashOnly: 1, deletedMetadataOnly: 1 });
  });
});
