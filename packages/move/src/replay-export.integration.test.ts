// SPDX-License-Identifier: MIT
import { existsSync, rmSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, type RevisionEvent, createLoader } from "@ledger-loader/core";
import type { JournalExport } from "@ledger-loader/export";
import { type Block, decodeBlock } from "@ledger-loader/journal";
import { startLedger, type TestLedger } from "@ledger-loader/testkit";
import {
  CheckpointError,
  CheckpointFile,
  createLedgerTarget,
  createPublisherTarget,
  replayExport,
  type ReplayTarget,
} from "@ledger-loader/move";
import {
  exportBlocks,
  makeSourceJournal,
  mapRevisions,
  takeFolders,
  type SourceJournal,
} from "../test/source-journal";

let source: SourceJournal;
let journal: JournalExport;
let ledger: TestLedger;

beforeAll(async () => {
  source = await makeSourceJournal();
  journal = await exportBlocks(source.blocks, "ion-text");
});
afterAll(() => {
  for (const folder of takeFolders()) rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  ledger = await startLedger();
});
afterEach(async () => {
  await ledger.close();
});

function ledgerTarget(createTables = true): ReplayTarget {
  const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter(), createTables });
  return createLedgerTarget(loader, { retryDelayMs: 1 });
}

const targetName = "ledger:test";

async function versionsOf(table: string, id: string): Promise<string[]> {
  const rows = await ledger
    .connect()
    .transact((transaction) => transaction.execute(`SELECT * FROM history(${table})`));
  const own = rows.find((row) => row.get("data", "oldDocumentId")?.stringValue() === id);
  const documentId = own?.get("metadata", "id")?.stringValue();
  return rows
    .filter((row) => row.get("metadata", "id")?.stringValue() === documentId)
    .map((row) => {
      const data = row.get("data");
      const kind =
        data === null ? "deleted" : data.get("ledgerLoaderDataHash") === null ? "data" : "redacted";
      return `${String(row.get("metadata", "version")?.numberValue())} ${kind}`;
    })
    .sort();
}

describe("replayExport into a ledger", () => {
  it("writes every revision, keeps the place of a redacted one, and creates what is missing", async () => {
    const report = await replayExport(journal, ledgerTarget(), { targetName });
    expect(report).toMatchObject({
      complete: true,
      events: 13,
      written: 13,
      skipped: {},
      rejectedTotal: 0,
      ledgerName: "source",
      lastBlock: { strandId: source.strandId, sequenceNo: source.blocks.length - 1 },
      tables: [
        { table: "Person", written: 5 },
        { table: "Vehicle", written: 8 },
      ],
    });
    expect(await versionsOf("Vehicle", source.ids["car"] ?? "")).toEqual([
      "0 data",
      "1 redacted",
      "2 data",
      "3 data",
      "4 deleted",
    ]);
  });

  it("writes nothing new when replayed again", async () => {
    await replayExport(journal, ledgerTarget(), { targetName });
    const tip = (await (await ledger.embedded()).digest()).tipAddress;
    const report = await replayExport(journal, ledgerTarget(), { targetName });
    expect(report).toMatchObject({ written: 0, skipped: { "already-applied": 13 }, rejectedTotal: 0 });
    expect((await (await ledger.embedded()).digest()).tipAddress).toEqual(tip);
  });

  it("rejects what cannot be written and says which revision and why", async () => {
    const report = await replayExport(journal, ledgerTarget(false), { targetName });
    expect(report).toMatchObject({ written: 0, rejected: { "unknown-table": 13 } });
    expect(report.rejectedEvents[0]).toMatchObject({
      table: "Vehicle",
      id: source.ids["car"],
      version: 0,
      reason: "unknown-table",
    });
    expect(report.rejectedEvents[0]?.place).toMatch(/^block \d+$/);
  });

  it("rejects a revision for which the block names no table, and names the document", async () => {
    const id = source.ids["bike"] ?? "";
    const anonymous = source.blocks.map((block) => {
      if (!(block.revisions ?? []).some(({ metadata }) => metadata?.id === id)) return block;
      const { transactionInfo: _left, ...rest } = block;
      return rest;
    });
    const report = await replayExport(await exportBlocks(anonymous), ledgerTarget(), { targetName });
    expect(report.rejectedEvents).toContainEqual(
      expect.objectContaining({ id, version: 0, reason: "unknown-table" }),
    );
  });

  it("counts what is only a hash as left out", async () => {
    const withSystem = mapRevisions(source.blocks, (revision) =>
      revision.metadata?.id === source.ids["bike"] ? [revision, { hash: revision.hash }] : [revision],
    );
    const report = await replayExport(await exportBlocks(withSystem), ledgerTarget(), { targetName });
    expect(report).toMatchObject({ written: 13, leftOut: { systemRevisions: 1 } });
  });

  it("leaves out the loader's own table of a ledger that was loaded itself", async () => {
    await replayExport(journal, ledgerTarget(), { targetName });
    const blocks: Block[] = [];
    for await (const { ion } of (await ledger.embedded()).blocks()) blocks.push(decodeBlock(ion));
    const tables: string[] = [];
    const target = createPublisherTarget({
      async publish(events) {
        for await (const { table } of events) tables.push(table);
        return { published: 0, retries: 0 };
      },
    });
    const report = await replayExport(await exportBlocks(blocks), target, { targetName });
    expect(report.leftOut.bookkeeping).toBeGreaterThan(0);
    expect(new Set(tables)).toEqual(new Set(["Person", "Vehicle"]));
  });

  it("replays only the tables that were asked for", async () => {
    const report = await replayExport(journal, ledgerTarget(), { targetName, tables: new Set(["Person"]) });
    expect(report).toMatchObject({
      written: 5,
      leftOut: { otherTables: { Vehicle: 8 } },
      tables: [{ table: "Person" }],
    });
  });
});

describe("replayExport with a checkpoint", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "checkpoint-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("goes on after an interruption where it stopped", async () => {
    const checkpoint = new CheckpointFile(join(folder, "replay.json"));
    const controller = new AbortController();
    const first = await replayExport(journal, ledgerTarget(), {
      targetName,
      checkpoint,
      batchEvents: 2,
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    expect(first.complete).toBe(false);
    expect(first.written).toBe(2);
    const second = await replayExport(journal, ledgerTarget(), { targetName, checkpoint });
    expect(second).toMatchObject({ complete: true, written: 11, skipped: {}, resumedAfter: first.lastBlock });
    const third = await replayExport(journal, ledgerTarget(), { targetName, checkpoint });
    expect(third).toMatchObject({ complete: true, events: 0, blocks: 0 });
  });

  it("does not forget what was rejected before the checkpoint", async () => {
    const checkpoint = new CheckpointFile(join(folder, "replay.json"));
    await replayExport(journal, ledgerTarget(false), { targetName, checkpoint });
    const second = await replayExport(journal, ledgerTarget(), { targetName, checkpoint });
    expect(second).toMatchObject({ events: 0, rejectedTotal: 0, rejectedBefore: 13 });
  });

  it("refuses a checkpoint of another target, another journal or another format", async () => {
    const path = join(folder, "replay.json");
    const checkpoint = new CheckpointFile(path);
    await replayExport(journal, ledgerTarget(), { targetName, checkpoint });
    const replay = replayExport(journal, ledgerTarget(), { targetName: "ledger:other", checkpoint });
    await expect(replay).rejects.toThrow(CheckpointError);
    await expect(checkpoint.read("anotherStrand", targetName)).rejects.toThrow(/strand anotherStrand/);
    rmSync(path);
    await checkpoint.write({ strandId: "s", target: "t", sequenceNo: 3, rejected: 0 });
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({
      format: 1,
      strandId: "s",
      target: "t",
      sequenceNo: 3,
      rejected: 0,
    });
    expect(existsSync(`${path}.partial`)).toBe(false);
  });
});

describe("replayExport into a channel", () => {
  it("publishes every revision in the order of the journal", async () => {
    const published: RevisionEvent[] = [];
    const target = createPublisherTarget({
      async publish(events) {
        for await (const event of events) published.push(event);
        return { published: published.length, retries: 0 };
      },
    });
    const report = await replayExport(journal, target, { targetName: "test", batchEvents: 3 });
    expect(report).toMatchObject({ published: 13, written: 0, complete: true });
    const car = published.filter(({ id }) => id?.value.stringValue() === source.ids["car"]);
    expect(car.map(({ op, version, dataHash }) => [op, version, dataHash !== undefined])).toEqual([
      ["INSERT", 0, false],
      ["UPDATE", 1, true],
      ["UPDATE", 2, false],
      ["UPDATE", 3, false],
      ["DELETE", 4, false],
    ]);
  });

  it("stops where the channel fails, at a block from which it can go on", async () => {
    let calls = 0;
    const target = createPublisherTarget({
      async publish(events) {
        calls += 1;
        for await (const event of events) if (calls === 2) throw new Error(`no ${event.table}`);
        return { published: 0, retries: 0 };
      },
    });
    const replay = replayExport(journal, target, { targetName: "test", batchEvents: 3 });
    await expect(replay).rejects.toThrow("no Vehicle");
  });
});
