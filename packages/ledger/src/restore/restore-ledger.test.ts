// SPDX-License-Identifier: MIT
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openExport } from "@ledger-loader/export";
import { type Block, type Digest, MerkleTree, encodeBlock } from "@ledger-loader/journal";
import { exportBlocks } from "../../test/export-blocks";
import { query } from "../../test/open-test-store";
import { QldbJournal, qldbId } from "../../test/qldb-journal";
import { type LedgerRestoration, LedgerStore, type RestoreLedgerOptions } from "../index";

const cars = { name: "Cars", id: qldbId("CarsId") };
const secret = "someone@example.org";

/** A journal with tables, an index, updates, a deletion, and revisions of QLDB's own. */
function makeJournal(): QldbJournal {
  return new QldbJournal()
    .commit({ isSystem: true })
    .commit({ statements: ["CREATE TABLE Cars", "CREATE INDEX ON Cars (vin)"], hashOnly: 1 })
    .commit({ documents: [{ id: qldbId("a"), table: cars, text: `{vin: "1", owner: "${secret}"}` }] })
    .commit({ documents: [{ id: qldbId("b"), table: cars, text: `{vin: "2"}` }] })
    .commit({ documents: [{ id: qldbId("a"), table: cars, text: `{vin: "1", owner: "none"}` }] })
    .commit({ documents: [{ id: qldbId("b"), table: cars }] });
}

const redaction = { tableId: cars.id, documentId: qldbId("a"), version: 0 };

function digestOf(blocks: readonly Block[]): Digest {
  const tree = new MerkleTree();
  for (const { blockHash } of blocks) tree.append(blockHash);
  return { hash: tree.root(), tipAddress: blocks[blocks.length - 1]!.blockAddress };
}

describe("A restored ledger", () => {
  let folder: string;
  let dataFolder: string;
  let store: LedgerStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "restore-"));
    dataFolder = join(folder, "data");
    store = await LedgerStore.open({ dataFolder });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  async function restore(
    blocks: readonly Block[],
    options: RestoreLedgerOptions = {},
    format: "ion-text" | "ion-binary" = "ion-binary",
  ): Promise<LedgerRestoration> {
    return store.restoreLedger(
      "cars",
      await openExport([await exportBlocks(folder, blocks, format)]),
      options,
    );
  }

  async function storedBlocks(): Promise<string[]> {
    const stored: string[] = [];
    for await (const { ion } of (await store.open("cars")).blocks())
      stored.push(Buffer.from(ion).toString("hex"));
    return stored;
  }

  const asStored = (blocks: readonly Block[]): string[] =>
    blocks.map((block) => Buffer.from(encodeBlock(block)).toString("hex"));

  it.each(["ion-text", "ion-binary"] as const)(
    "has the blocks and the digest of an export in %s",
    async (format) => {
      const { blocks } = makeJournal();
      const digests = [digestOf(blocks), digestOf(blocks.slice(0, 3))];
      const { report, restored } = await restore(blocks, { digests }, format);
      expect(report).toMatchObject({ verdict: "incomplete", assurance: "anchored", anchoredThrough: 5 });
      expect(report.anchors.map(({ status }) => status)).toEqual(["verified", "verified"]);
      expect(restored).toMatchObject({ blocksBefore: 0, blocks: 6, digest: digests[0], redactions: 0 });
      expect(restored?.notes.madeUpIds).toMatchObject([{ tableName: "Cars", field: "vin" }]);
      expect(await storedBlocks()).toEqual(asStored(blocks));
      const ledger = await store.open("cars");
      expect(await query(ledger, "SELECT VALUE owner FROM Cars WHERE vin = '1'")).toEqual(['"none"']);
      expect(await ledger.verify({ digest: digests[1]! })).toMatchObject({ assurance: "anchored" });
      expect(ledger.description).toMatchObject({ strandId: blocks[0]!.blockAddress.strandId });
    },
  );

  it("is missing, with its files, where the export failed, lacks a block, or a digest is another's", async () => {
    const { blocks } = makeJournal();
    const changed = blocks.map((block, at) =>
      at === 3 ? { ...block, entriesHash: block.blockHash } : block,
    );
    expect(await restore(changed)).toMatchObject({ report: { verdict: "failed" }, restored: undefined });
    const digest = digestOf(blocks);
    const wrong = { ...digest, hash: blocks[0]!.blockHash };
    expect(await restore(blocks, { digests: [digest, wrong] })).toMatchObject({
      report: { verdict: "failed" },
      restored: undefined,
    });
    const foreign = { ...digest, tipAddress: { strandId: qldbId("Other"), sequenceNo: 5 } };
    expect(await restore(blocks, { digests: [foreign] })).toMatchObject({
      report: { verdict: "not-comparable" },
      restored: undefined,
    });
    const manifest = await exportBlocks(folder, blocks);
    const source = await openExport([manifest]);
    const [, lost] = source.objects;
    const found = await lost!.storage.locate(lost!.key);
    if (found.found) await rm(found.location);
    expect(await store.restoreLedger("cars", source)).toMatchObject({
      report: { verdict: "incomplete", assurance: undefined },
      restored: undefined,
    });
    expect(await store.listLedgers()).toEqual([]);
    expect((await readdir(dataFolder)).filter((file) => file.startsWith("cars"))).toEqual([]);
  });

  it("is extended by later exports, and refuses those that overlap, leave a gap or are another's", async () => {
    const { blocks } = makeJournal();
    await expect(restore(blocks.slice(1))).rejects.toThrow(/Expected exports from block 0 on/);
    await restore(blocks.slice(0, 2));
    await expect(restore(blocks.slice(3))).rejects.toMatchObject({ code: "RESTORE_REFUSED", reason: "gap" });
    await expect(restore(blocks)).rejects.toMatchObject({ reason: "overlap" });
    await expect(restore(blocks.slice(1, 4))).rejects.toMatchObject({ reason: "overlap" });
    const foreign = blocks.map((block) => ({
      ...block,
      blockAddress: { ...block.blockAddress, strandId: qldbId("Other") },
    }));
    await expect(restore(foreign.slice(2))).rejects.toMatchObject({ reason: "other-strand" });
    expect(await storedBlocks()).toEqual(asStored(blocks.slice(0, 2)));
    const digests = [digestOf(blocks.slice(0, 4)), digestOf(blocks.slice(0, 2))];
    const { report, restored } = await restore(blocks.slice(2, 4), { digests });
    expect(report).toMatchObject({ verdict: "passed", assurance: "anchored", startsMidJournal: false });
    expect(restored).toMatchObject({ blocksBefore: 2, blocks: 4, digest: digests[0] });
    await restore(blocks.slice(4));
    expect(await storedBlocks()).toEqual(asStored(blocks));
    const ledger = await store.open("cars");
    expect(await query(ledger, "SELECT VALUE tableId FROM information_schema.user_tables")).toEqual([
      `"${cars.id}"`,
    ]);
    expect(await ledger.verify({ digest: digestOf(blocks) })).toMatchObject({ assurance: "anchored" });
  });

  it("stays as it was where an extension fails: damaged, of another chain, or against an older digest", async () => {
    const { blocks } = makeJournal();
    await restore(blocks.slice(0, 3));
    const before = await storedBlocks();
    const damaged = blocks
      .slice(3)
      .map((block, at) => (at === 2 ? { ...block, entriesHashList: [] } : block));
    const other = makeJournal().commit({}).blocks.slice(4);
    const renumbered = other.map((block, at) => ({
      ...block,
      blockAddress: { ...block.blockAddress, sequenceNo: 3 + at },
    }));
    for (const extension of [damaged, renumbered]) {
      expect(await restore(extension)).toMatchObject({ report: { verdict: "failed" }, restored: undefined });
    }
    const wrong = { ...digestOf(blocks.slice(0, 2)), hash: blocks[0]!.blockHash };
    expect(await restore(blocks.slice(3), { digests: [wrong] })).toMatchObject({
      report: { verdict: "failed", anchors: [{ status: "failed" }] },
      restored: undefined,
    });
    expect(await storedBlocks()).toEqual(before);
  });

  it.each([
    ["within the export", 7],
    ["in an extension", 6],
    ["in the second extension", 4],
  ])("lacks what was redacted %s, in its files too, and keeps every hash", async (_where, first) => {
    const { blocks } = makeJournal().commit({ redacts: [redaction] });
    await restore(blocks.slice(0, first));
    if (first === 4) await restore(blocks.slice(4, 6));
    if (first < 7) await restore(blocks.slice(first === 4 ? 6 : first));
    const ledger = await store.open("cars");
    expect(await ledger.digest()).toEqual(digestOf(blocks));
    const history =
      "SELECT VALUE h.dataHash IS NOT MISSING FROM history(Cars) AS h WHERE h.metadata.version = 0";
    expect((await query(ledger, history)).sort()).toEqual(["false", "true"]);
    expect(await query(ledger, "SELECT VALUE owner FROM Cars WHERE vin = '1'")).toEqual(['"none"']);
    const verification = await ledger.verify({ digest: digestOf(blocks) });
    expect(verification).toMatchObject({ assurance: "anchored", tally: { redacted: 1 } });
    await store.close();
    for (const file of await readdir(dataFolder)) {
      expect((await readFile(join(dataFolder, file))).includes(secret)).toBe(false);
    }
  });

  it("has the ids that were given for what blocks do not tell, verifies, and keeps them when it is extended", async () => {
    const { blocks } = makeJournal()
      .commit({ statements: ["CREATE TABLE Empty"], hashOnly: 1 })
      .commit({ statements: ["CREATE INDEX ON Empty (n)", "CREATE TABLE Later"], hashOnly: 1 });
    const [empty, later] = [qldbId("EmptyId"), qldbId("LaterId")];
    const index = { tableName: "Cars", field: "vin", id: qldbId("VinIndex") };
    const givenIds = [{ tableName: "Empty", id: empty }, index, { tableName: "Nowhere", id: qldbId("x") }];
    const first = await restore(blocks.slice(0, 7), { givenIds });
    expect(first.restored?.notes.madeUpIds).toEqual([]);
    expect(first.restored?.unusedIds).toEqual([{ tableName: "Nowhere", id: qldbId("x") }]);
    const second = await restore(blocks.slice(7), { givenIds: [{ tableName: "Later", id: later }] });
    expect(second.restored?.notes.madeUpIds).toMatchObject([{ tableName: "Empty", field: "n" }]);
    const ledger = await store.open("cars");
    const ids = await query(ledger, "SELECT VALUE tableId FROM information_schema.user_tables");
    expect(ids.toSorted()).toEqual([cars.id, empty, later].map((id) => `"${id}"`).toSorted());
    const indexes = await query(ledger, "SELECT VALUE indexes FROM information_schema.user_tables");
    expect(indexes.join()).toContain(index.id);
    expect(await ledger.verify()).toMatchObject({ findings: [{ rule: "unchecked-content" }] });
    expect((await store.rebuildLedger("cars")).after).toMatchObject({ assurance: "consistent" });
    expect(await query(await store.open("cars"), `SELECT VALUE 1 FROM history('${empty}')`)).toEqual([]);
  });

  it("is not made from JSON", async () => {
    const manifest = await exportBlocks(folder, makeJournal().blocks.slice(0, 1), "ion-text");
    const source = await openExport([manifest]);
    const [object] = source.objects;
    const found = await object!.storage.locate(object!.key);
    const json = JSON.stringify(toJson(makeJournal().blocks[0]!));
    if (found.found) await writeFile(found.location, json);
    await expect(store.restoreLedger("cars", source)).rejects.toMatchObject({ reason: "json" });
    expect(await store.listLedgers()).toEqual([]);
  });
});

/** A block without transaction as QLDB wrote it in JSON. */
function toJson({ blockAddress, transactionId, blockTimestamp, ...hashes }: Block): object {
  const base64 = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("base64");
  return {
    blockAddress,
    transactionId,
    blockTimestamp,
    blockHash: base64(hashes.blockHash),
    entriesHash: base64(hashes.entriesHash),
    previousBlockHash: base64(hashes.previousBlockHash),
    entriesHashList: hashes.entriesHashList.map(base64),
  };
}
