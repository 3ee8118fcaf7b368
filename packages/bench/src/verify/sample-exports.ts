// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ExportFormat } from "@ledger-loader/export";
import { LedgerStore, type EmbeddedLedger } from "@ledger-loader/ledger";
import { dom } from "ion-js";
import { readProductHistory } from "../product-history";

/** Exports of one ledger in both Ion formats: of its beginning, and of ten times as much. */
export interface SampleExports {
  readonly small: Readonly<Record<ExportFormat, string>>;
  readonly large: Readonly<Record<ExportFormat, string>>;
  remove(): Promise<void>;
}

/** QLDB's limit; larger source transactions are split. */
const DOCUMENTS_MAX = 40;
const FORMATS = ["ion-text", "ion-binary"] as const;

/**
 * Fills a ledger with the documents of the real history, transaction by transaction and over and over, and exports it.
 *
 * @param blocks of the small export.
 */
export async function makeSampleExports(blocks: number): Promise<SampleExports> {
  const folder = await mkdtemp(path.join(tmpdir(), "export-bench-"));
  const store = await LedgerStore.open({ dataFolder: path.join(folder, "data") });
  try {
    const ledger = await store.createLedger("bench");
    await fill(ledger, blocks * 10);
    const small = await exportAll(ledger, path.join(folder, "small"), blocks);
    const large = await exportAll(ledger, path.join(folder, "large"), blocks * 10);
    return { small, large, remove: () => rm(folder, { recursive: true }) };
  } finally {
    await store.close();
  }
}

async function fill(ledger: EmbeddedLedger, blocks: number): Promise<void> {
  await ledger.transact((transaction) => transaction.execute("CREATE TABLE Product"));
  const transactions = readProductHistory()
    .map((revisions) => revisions.flatMap(({ data }) => (data === undefined ? [] : [dom.Value.from(data)])))
    .filter((documents) => documents.length > 0);
  for (let i = 0; i < blocks; i++) {
    const documents = transactions[i % transactions.length]?.slice(0, DOCUMENTS_MAX) ?? [];
    await ledger.transact((transaction) =>
      transaction.execute("INSERT INTO Product ?", new dom.List(documents)),
    );
  }
}

async function exportAll(
  ledger: EmbeddedLedger,
  folder: string,
  blocks: number,
): Promise<Readonly<Record<ExportFormat, string>>> {
  const manifests: string[] = [];
  for (const format of FORMATS) {
    const written = await ledger.export({ folder: path.join(folder, format), format, last: blocks });
    manifests.push(written.manifestPath);
  }
  const [text = "", binary = ""] = manifests;
  return { "ion-text": text, "ion-binary": binary };
}
