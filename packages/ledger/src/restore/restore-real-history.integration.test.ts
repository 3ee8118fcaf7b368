// SPDX-License-Identifier: MIT
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it } from "@jest/globals";
import { openExport } from "@ledger-loader/export";
import { ion, openTestStore, query } from "../../test/open-test-store";
import type { EmbeddedLedger } from "../index";

const HISTORY = join(
  __dirname,
  "..",
  "..",
  "..",
  "..",
  "docs",
  "examples",
  "data",
  "product-releases.jsonl.gz",
);
/** The whole history has 900 transactions. */
const TRANSACTIONS = 250;

interface HistoryEvent {
  readonly op: "DELETE" | "INSERT" | "UPDATE";
  readonly id: string;
  readonly data?: object;
}

async function readHistory(): Promise<readonly (readonly HistoryEvent[])[]> {
  const lines = gunzipSync(await readFile(HISTORY))
    .toString("utf8")
    .trimEnd()
    .split("\n");
  return lines
    .slice(0, TRANSACTIONS)
    .map((line) => (JSON.parse(line) as { readonly events: readonly HistoryEvent[] }).events);
}

async function load(ledger: EmbeddedLedger, events: readonly HistoryEvent[]): Promise<void> {
  await ledger.transact(async (transaction) => {
    for (const { op, id, data } of events) {
      const key = ion(JSON.stringify(id));
      const document = ion(JSON.stringify({ ...data, id }));
      if (op === "INSERT") await transaction.execute("INSERT INTO Product ?", document);
      else if (op === "DELETE") await transaction.execute("DELETE FROM Product WHERE id = ?", key);
      else await transaction.execute("UPDATE Product AS p SET p = ? WHERE p.id = ?", document, key);
    }
  });
}

it("A real history goes from a ledger through an export into a ledger, and out again, with every byte", async () => {
  const folder = await mkdtemp(join(tmpdir(), "restore-real-"));
  // The first commit of the source repository added more documents than a transaction of QLDB could.
  const old = await openTestStore({ limits: { documentsPerTransactionMax: 100 } });
  const restored = await openTestStore();
  try {
    for (const statement of ["CREATE TABLE Product", "CREATE INDEX ON Product (id)"])
      await query(old.ledger, statement);
    for (const events of await readHistory()) await load(old.ledger, events);
    const first = await old.ledger.export({ folder: join(folder, "1"), format: "ion-text" });
    const digest = await old.ledger.digest();
    const source = await openExport([first.manifestPath]);
    const { report } = await restored.store.restoreLedger("products", source, { digests: [digest] });
    expect(report).toMatchObject({ verdict: "passed", assurance: "anchored", blocks: first.blocks });
    const ledger = await restored.store.open("products");
    const second = await ledger.export({ folder: join(folder, "2"), format: "ion-text" });
    expect(second.keys).toEqual(first.keys);
    for (const key of first.keys) {
      const [before, after] = await Promise.all(["1", "2"].map((part) => readFile(join(folder, part, key))));
      expect(after?.equals(before!)).toBe(true);
    }
    expect(await ledger.verify({ digest })).toMatchObject({ verdict: "passed", assurance: "anchored" });
    const all = "SELECT * FROM history(Product)";
    expect((await query(ledger, all)).toSorted()).toEqual((await query(old.ledger, all)).toSorted());
  } finally {
    await old.close();
    await restored.close();
    await rm(folder, { recursive: true });
  }
}, 300_000);
