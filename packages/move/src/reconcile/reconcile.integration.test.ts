// SPDX-License-Identifier: MIT
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, type Ledger, createLoader, parseIdentifier } from "@ledger-loader/core";
import { decodeIon, encodeIon, readSingleValue } from "@ledger-loader/ion";
import type { Block, Revision } from "@ledger-loader/journal";
import { startLedger, type TestLedger, plainRuns } from "@ledger-loader/testkit";
import fc from "fast-check";
import { dom, load } from "ion-js";
import {
  createDriverHistory,
  createLedgerTarget,
  idFieldFinder,
  reconcile,
  replayExport,
  type LedgerHistory,
  type LedgerRevision,
  type ReconcileReport,
} from "@ledger-loader/move";
import {
  exportBlocks,
  makeSourceJournal,
  mapRevisions,
  takeFolders,
  type SourceJournal,
} from "../../test/source-journal";

let source: SourceJournal;
let ledger: TestLedger;
let connection: Ledger;

async function load13(target: TestLedger): Promise<void> {
  const loader = createLoader({
    ledger: target.connect(),
    writer: new BaseRevisionWriter(),
    createTables: true,
  });
  const report = await replayExport(await exportBlocks(source.blocks), createLedgerTarget(loader), {
    targetName: "ledger:test",
  });
  expect(report).toMatchObject({ written: 13, rejectedTotal: 0 });
}

beforeAll(async () => {
  source = await makeSourceJournal();
  ledger = await startLedger();
  await load13(ledger);
  connection = ledger.connect();
});
afterAll(async () => {
  await ledger.close();
  for (const folder of takeFolders()) rmSync(folder, { recursive: true, force: true });
});

async function compare(
  blocks: readonly Block[],
  history: LedgerHistory = createDriverHistory(connection),
  tables?: ReadonlySet<string>,
): Promise<ReconcileReport> {
  return reconcile(await exportBlocks(blocks), history, {
    idFieldOf: idFieldFinder({}),
    // Several runs, so that the sort through files is tested too.
    runSize: 5,
    tables,
  });
}

const said = (report: ReconcileReport): unknown[] =>
  report.differences.map(({ kind, id, exported, ledger: place }) => [
    kind,
    id,
    exported?.version ?? place?.version,
  ]);

describe("reconcile", () => {
  it("finds export and ledger equal, redactions, deletions and a document that has the id field itself included", async () => {
    const report = await compare(source.blocks);
    expect(report).toMatchObject({
      equal: true,
      documents: { exported: 5, ledger: 5 },
      revisions: { exported: 13, ledger: 13, equal: 13 },
      differencesTotal: 0,
      leftOut: { bookkeepingTables: ["LedgerLoaderBookkeeping"], otherTables: [], systemRevisions: 0 },
    });
    expect(report.tables.map(({ table, revisions }) => [table, revisions.equal])).toEqual([
      ["Person", 5],
      ["Vehicle", 8],
    ]);
  });

  it("compares only the tables that were asked for", async () => {
    const report = await compare(source.blocks, undefined, new Set(["Person"]));
    expect(report).toMatchObject({
      equal: true,
      revisions: { equal: 5 },
      leftOut: { otherTables: ["Vehicle"] },
    });
  });

  it("names a whole document that is missing from the ledger or from the export", async () => {
    const id = source.ids["van"] ?? "";
    const without = mapRevisions(source.blocks, (revision) =>
      revision.metadata?.id === id ? [] : [revision],
    );
    expect(said(await compare(without))).toEqual([["extra-document", id, undefined]]);
    const other = await startLedger();
    try {
      const report = await compare(source.blocks, createDriverHistory(other.connect()));
      expect(report.differencesByKind).toEqual({ "missing-document": 5 });
    } finally {
      await other.close();
    }
  });

  it("notices when the id field of a document that had it itself is gone from the ledger", async () => {
    const id = source.ids["ann"] ?? "";
    const report = await compare(
      source.blocks,
      withRevisions(({ data, ...revision }) =>
        data?.get("oldDocumentId")?.stringValue() === id && revision.version === 1
          ? [{ ...revision, data: load('{name: "a"}') as dom.Struct }]
          : [{ ...revision, data }],
      ),
    );
    expect(said(report)).toEqual([["altered-revision", id, 1]]);
  });
});

describe("reconcile, after the ledger was written to by others", () => {
  it("finds an extra revision, a document of nobody, and a deletion", async () => {
    const other = await startLedger();
    try {
      await load13(other);
      const own = other.connect();
      await own.transact(async (transaction) => {
        await transaction.execute("UPDATE Vehicle SET VIN = '4' WHERE VIN = '3'");
        await transaction.execute("INSERT INTO Person VALUE {'name': 'nobody'}");
        await transaction.execute("DELETE FROM Person AS p WHERE p.name = 'a'");
      });
      const report = await compare(source.blocks, createDriverHistory(own));
      expect(report.equal).toBe(false);
      expect(report.differencesByKind).toEqual({ "unidentified-document": 1, "extra-revision": 2 });
      expect(said(report)).toEqual([
        ["unidentified-document", undefined, undefined],
        ["extra-revision", source.ids["ann"], 3],
        ["extra-revision", source.ids["bike"], 1],
      ]);
    } finally {
      await other.close();
    }
  });

  it("fails when the ledger is written to while its documents are listed", async () => {
    const other = await startLedger();
    try {
      await load13(other);
      const own = other.connect();
      const history = createDriverHistory(own);
      const visiting = history.visitDocuments(
        parseIdentifier("Vehicle"),
        parseIdentifier("oldDocumentId"),
        async () => {
          await other
            .connect()
            .transact((transaction) => transaction.execute("INSERT INTO Vehicle VALUE {'VIN': 'x'}"));
        },
      );
      await expect(visiting).rejects.toThrow(/stop what writes to the ledger/);
    } finally {
      await other.close();
    }
  });
});

/** A revision of the history, by document and version. */
interface Place {
  readonly id: string;
  readonly version: number;
}

function placesOf(blocks: readonly Block[]): Place[] {
  return blocks.flatMap(({ revisions }) => (revisions ?? []).flatMap(({ metadata }) => metadata ?? []));
}

type Damage = "remove" | "alter" | "duplicate" | "delete";
const DAMAGES: readonly Damage[] = ["remove", "alter", "duplicate", "delete"];

function damageExport(blocks: readonly Block[], at: Place, damage: Damage): Block[] {
  return mapRevisions(blocks, (revision) => {
    const { metadata } = revision;
    if (metadata?.id !== at.id || metadata.version !== at.version) return [revision];
    const { data, dataHash: _dataHash, ...bare } = revision;
    switch (damage) {
      case "remove":
        return [];
      case "duplicate":
        return [revision, revision];
      case "delete":
        return [bare];
      case "alter":
        return [{ ...bare, data: readSingleValue(encodeIon(altered(data))) }];
    }
  });
}

function altered(data: Revision["data"]): dom.Struct {
  const value = data === undefined ? new dom.Struct([]) : decodeIon(data);
  return new dom.Struct([...value.allFields(), ["smuggled", [dom.Value.from(1)]]] as [string, dom.Value[]][]);
}

/** The real ledger's history with some revisions replaced on their way. */
function withRevisions(change: (revision: LedgerRevision) => readonly LedgerRevision[]): LedgerHistory {
  const history = createDriverHistory(connection);
  return {
    tables: () => history.tables(),
    visitDocuments: (table, idField, visit) => history.visitDocuments(table, idField, visit),
    revisions: async (table, ids) => (await history.revisions(table, ids)).flatMap(change),
  };
}

/** Damages the ledger's revision at a place of the export. */
async function damageLedger(at: Place, damage: Damage): Promise<LedgerHistory> {
  const documentId = await ledgerDocumentOf(at.id);
  return withRevisions((revision) => {
    if (revision.documentId !== documentId || revision.version !== at.version) return [revision];
    const { data, ...bare } = revision;
    switch (damage) {
      case "remove":
        return [];
      case "duplicate":
        return [revision, revision];
      case "delete":
        return [bare];
      case "alter":
        return [
          { ...bare, data: altered(data === undefined ? undefined : readSingleValue(encodeIon(data))) },
        ];
    }
  });
}

async function ledgerDocumentOf(id: string): Promise<string> {
  for (const table of ["Vehicle", "Person"]) {
    const rows = await connection.transact((transaction) =>
      transaction.execute(`SELECT * FROM history(${table})`),
    );
    const row = rows.find((candidate) => candidate.get("data", "oldDocumentId")?.stringValue() === id);
    if (row !== undefined) return row.get("metadata", "id")?.stringValue() ?? "";
  }
  throw new Error(`no document for ${id}`);
}

describe("reconcile, for any damage to any one revision of either side", () => {
  it("says which record is not equal, and where", async () => {
    const places = placesOf(source.blocks);
    expect(places).toHaveLength(13);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.constantFrom(...DAMAGES),
        fc.constantFrom("export", "ledger"),
        async (at, damage, side) => {
          const isDeletion = isDeleted(at);
          // A deletion that becomes a deletion is no damage.
          fc.pre(!(damage === "delete" && isDeletion));
          const report =
            side === "export"
              ? await compare(damageExport(source.blocks, at, damage))
              : await compare(source.blocks, await damageLedger(at, damage));
          expect(report.equal).toBe(false);
          expect(report.differencesTotal).toBe(1);
          const [difference] = report.differences;
          expect(difference?.id).toBe(at.id);
          const version = difference?.exported?.version ?? difference?.ledger?.version;
          // A record with one revision is missing or extra as a whole.
          const isWhole = difference?.kind.endsWith("-document") === true;
          expect(isWhole || isEquivalent(at, version)).toBe(true);
          expect(difference?.kind).toMatch(expectedKind(side, damage));
        },
      ),
      { numRuns: plainRuns(60) },
    );
  });

  it("finds two revisions of a record in another order", async () => {
    const id = source.ids["ann"] ?? "";
    const swap = new Map([
      [1, 2],
      [2, 1],
    ]);
    const data = (version: number): Revision["data"] =>
      source.blocks
        .flatMap(({ revisions }) => revisions ?? [])
        .find(({ metadata }) => metadata?.id === id && metadata.version === version)?.data;
    const swapped = mapRevisions(source.blocks, (revision) => {
      const other = swap.get(revision.metadata?.version ?? -1);
      const content = other === undefined ? undefined : data(other);
      return revision.metadata?.id === id && content !== undefined
        ? [{ ...revision, data: content }]
        : [revision];
    });
    const report = await compare(swapped);
    expect(report.differences).toEqual([expect.objectContaining({ kind: "moved-revision", id })]);
  });
});

function isDeleted({ id, version }: Place): boolean {
  const found = source.blocks
    .flatMap(({ revisions }) => revisions ?? [])
    .find(({ metadata }) => metadata?.id === id && metadata.version === version);
  return found?.data === undefined && found?.dataHash === undefined;
}

/** Versions 2 and 3 of the car are equal: either may be the one that is there twice. */
function isEquivalent(at: Place, version: number | undefined): boolean {
  return (
    at.version === version ||
    (at.id === source.ids["car"] && [2, 3].includes(at.version) && [2, 3].includes(version ?? -1))
  );
}

function expectedKind(side: string, damage: Damage): RegExp {
  if (damage === "alter" || damage === "delete") return /^altered-revision$/;
  const isExtra = (side === "export") === (damage === "remove");
  return isExtra ? /^extra-/ : /^missing-/;
}
