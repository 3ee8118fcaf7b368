// SPDX-License-Identifier: MIT
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JournalExport, openExport, writeExport } from "@ledger-loader/export";
import { type Block, type Revision, decodeBlock, encodeBlock, redactRevision } from "@ledger-loader/journal";
import { startLedger, type TestLedger } from "@ledger-loader/testkit";
import { dom, load } from "ion-js";

/** A ledger's journal that tests change and export. */
export interface SourceJournal {
  readonly strandId: string;
  readonly blocks: readonly Block[];
  /** Document ids by the names that tests use. */
  readonly ids: Readonly<Record<string, string>>;
}

/**
 * Runs a small history in a real ledger, as its own drivers would, and takes its journal: inserts, updates, deletions,
 * several documents in one transaction, a revision that is equal to the one before, a document that carries its own id
 * in the loader's field, and a redaction in the middle of a history.
 */
export async function makeSourceJournal(): Promise<SourceJournal> {
  const ledger = await startLedger({ name: "source", tables: { Vehicle: ["VIN"], Person: [] } });
  try {
    const ids = await runHistory(ledger);
    const blocks: Block[] = [];
    for await (const { ion } of (await ledger.embedded()).blocks()) blocks.push(decodeBlock(ion));
    const strandId = blocks[0]?.blockAddress.strandId ?? "";
    return { strandId, ids, blocks: redactIn(blocks, ids["car"] ?? "", 1) };
  } finally {
    await ledger.close();
  }
}

async function runHistory(ledger: TestLedger): Promise<Record<string, string>> {
  const embedded = await ledger.embedded();
  const run = async (statement: string, ...parameters: string[]): Promise<readonly dom.Value[]> =>
    embedded.transact((transaction) => transaction.execute(statement, ...parameters.map(ion)));
  const insert = async (table: string, document: string): Promise<string> => {
    const [row] = await run(`INSERT INTO ${table} ?`, document);
    return row?.get("documentId")?.stringValue() ?? "";
  };
  const update = async (table: string, id: string, document: string): Promise<void> => {
    await run(`UPDATE ${table} AS d BY id SET d = ? WHERE id = ?`, document, JSON.stringify(id));
  };
  const remove = async (table: string, id: string): Promise<void> => {
    await run(`DELETE FROM ${table} BY id WHERE id = ?`, JSON.stringify(id));
  };
  const car = await insert("Vehicle", `{VIN: "1", price: 12.50, at: 2020-01-01T, tags: [a, "a"]}`);
  const van = await insert("Vehicle", `{VIN: "2", owner: {name: "x"}}`);
  await update("Vehicle", car, `{VIN: "1", price: 12.500}`);
  await update("Vehicle", car, `{VIN: "1", price: 12.500, sold: true}`);
  await update("Vehicle", car, `{VIN: "1", price: 12.500, sold: true}`);
  await remove("Vehicle", van);
  const rows = await embedded.transact(async (transaction) => [
    ...(await transaction.execute("INSERT INTO Person ?", ion(`[{name: "a"}, {name: "b"}]`))),
    ...(await transaction.execute("INSERT INTO Vehicle ?", ion(`{VIN: "3"}`))),
  ]);
  const [ann = "", bob = "", bike = ""] = rows.map((row) => row.get("documentId")?.stringValue() ?? "");
  await update("Person", ann, `{name: "a", oldDocumentId: "${ann}"}`);
  await update("Person", ann, `{name: "a", oldDocumentId: "${ann}", age: 3}`);
  await remove("Person", bob);
  await remove("Vehicle", car);
  return { car, van, ann, bob, bike };
}

function ion(text: string): dom.Value {
  const value = load(text);
  if (value === null) throw new Error(`no value in ${text}`);
  return value;
}

/** Replaces revisions of a journal; `undefined` removes one. Hashes stay as they were. */
export function mapRevisions(
  blocks: readonly Block[],
  change: (revision: Revision, block: Block) => readonly Revision[],
): Block[] {
  return blocks.map((block) =>
    block.revisions === undefined
      ? block
      : { ...block, revisions: block.revisions.flatMap((revision) => change(revision, block)) },
  );
}

function redactIn(blocks: readonly Block[], id: string, version: number): Block[] {
  return mapRevisions(blocks, (revision) => [
    revision.metadata?.id === id && revision.metadata.version === version
      ? redactRevision(revision)
      : revision,
  ]);
}

/** Writes blocks as an export into a new folder and opens it. */
export async function exportBlocks(
  blocks: readonly Block[],
  format: "ion-text" | "ion-binary" = "ion-binary",
): Promise<JournalExport> {
  const folder = await mkdtemp(join(tmpdir(), "ledger-export-"));
  // oxlint-disable-next-line typescript/require-await -- the writer takes a stream, and here the blocks are at hand
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (const block of blocks) yield encodeBlock(block);
  }
  const written = await writeExport({
    folder,
    ledgerName: "source",
    strandId: blocks[0]?.blockAddress.strandId ?? "",
    format,
    blocks: stream(),
  });
  folders.push(folder);
  return openExport([written.manifestPath]);
}

const folders: string[] = [];

/** The folders of the exports that {@link exportBlocks} wrote: to be removed after the tests. */
export function takeFolders(): string[] {
  return folders.splice(0);
}
