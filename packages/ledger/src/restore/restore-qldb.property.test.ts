// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { openExport } from "@ledger-loader/export";
import {
  type Block,
  decodeRedactionInfo,
  encodeBlock,
  MerkleTree,
  redactRevision,
} from "@ledger-loader/journal";
import fc from "fast-check";
import { exportBlocks } from "../../test/export-blocks";
import { query } from "../../test/open-test-store";
import { QldbJournal, qldbId } from "../../test/qldb-journal";
import { LedgerStore } from "../index";

/** One step of a history; numbers choose among what there is. */
interface Step {
  readonly kind: "create" | "delete" | "drop" | "insert" | "redact" | "system" | "update";
  readonly pick: number;
  readonly n: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    "create",
    "insert",
    "insert",
    "insert",
    "update",
    "update",
    "delete",
    "drop",
    "redact",
    "system",
  ),
  pick: fc.nat({ max: 20 }),
  n: fc.nat({ max: 9 }),
});

interface ModelDocument {
  readonly id: string;
  readonly table: ModelTable;
  /** The number in each of its versions; a deletion has none. */
  readonly versions: (number | undefined)[];
}

interface ModelTable {
  readonly name: string;
  readonly id: string;
  isActive: boolean;
}

/** A history of QLDB, and what must be known of it after its blocks were restored. */
class Model {
  readonly journal = new QldbJournal();
  readonly tables: ModelTable[] = [];
  readonly documents: ModelDocument[] = [];

  apply({ kind, pick, n }: Step): void {
    const tables = this.tables.filter(({ isActive }) => isActive);
    const table = tables[pick % tables.length];
    const current = this.documents.filter(
      ({ table: of, versions }) => of.isActive && versions.at(-1) !== undefined,
    );
    const document = current[pick % current.length];
    if (kind === "create") this.#create(`T${n % 3}`);
    else if (kind === "system") this.journal.commit({ isSystem: true, hashOnly: n % 2 });
    else if (kind === "insert" && table !== undefined) this.#insert(table, n);
    else if (kind === "drop" && table !== undefined) this.#drop(table);
    else if (kind === "update" && document !== undefined) this.#revise(document, n);
    else if (kind === "delete" && document !== undefined) this.#revise(document, undefined);
    else if (kind === "redact") this.#redact(pick);
  }

  #create(name: string): void {
    if (this.tables.some((table) => table.isActive && table.name === name)) return;
    const statements = [`CREATE TABLE ${name}`, `CREATE INDEX ON ${name} (n)`];
    this.tables.push({ name, id: qldbId(`Table${this.tables.length}x`), isActive: true });
    this.journal.commit({ statements, hashOnly: 1 });
  }

  #drop(table: ModelTable): void {
    table.isActive = false;
    this.journal.commit({ statements: [`DROP TABLE ${table.name}`] });
  }

  #insert(table: ModelTable, n: number): void {
    const document = { id: qldbId(`Doc${this.documents.length}x`), table, versions: [] };
    this.documents.push(document);
    this.#revise(document, n);
  }

  #revise({ id, table, versions }: ModelDocument, n: number | undefined): void {
    versions.push(n);
    this.journal.commit({ documents: [{ id, table, ...(n === undefined ? {} : { text: `{n: ${n}}` }) }] });
  }

  #redact(pick: number): void {
    const targets = this.documents.flatMap(({ id, table, versions }) =>
      versions.slice(0, -1).map((_, version) => ({ documentId: id, tableId: table.id, version })),
    );
    const target = targets[pick % targets.length];
    if (target !== undefined) this.journal.commit({ redacts: [target] });
  }
}

async function check(steps: readonly Step[], cuts: readonly number[]): Promise<void> {
  const model = new Model();
  for (const one of [{ kind: "create", pick: 0, n: 0 } as const, ...steps]) model.apply(one);
  const { blocks } = model.journal;
  const folder = await mkdtemp(join(tmpdir(), "restore-qldb-"));
  const store = await LedgerStore.open({ dataFolder: join(folder, "data") });
  try {
    const starts = [...new Set([0, ...cuts.map((cut) => cut % blocks.length)])].toSorted((a, b) => a - b);
    for (const [at, first] of starts.entries()) {
      const manifest = await exportBlocks(folder, blocks.slice(first, starts[at + 1]));
      const { report } = await store.restoreLedger("test", await openExport([manifest]));
      expect(["passed", "incomplete"]).toContain(report.verdict);
    }
    await compare(store, model);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

async function compare(store: LedgerStore, { journal, tables, documents }: Model): Promise<void> {
  const ledger = await store.open("test");
  const stored: string[] = [];
  for await (const { ion } of ledger.blocks()) stored.push(Buffer.from(ion).toString("hex"));
  expect(stored).toEqual(
    redacted(journal.blocks).map((block) => Buffer.from(encodeBlock(block)).toString("hex")),
  );
  const digest = digestOf(journal.blocks);
  const verification = await ledger.verify({ digest });
  expect(verification).toMatchObject({ assurance: "anchored", digest });
  for (const table of tables) {
    const own = documents.filter((document) => document.table === table);
    const history = own.flatMap(({ versions }) => versions).length;
    if (history > 0)
      expect(await query(ledger, `SELECT VALUE 1 FROM history('${table.id}')`)).toHaveLength(history);
    if (!table.isActive) continue;
    const current = own.flatMap(({ versions }) => versions.at(-1) ?? []).toSorted();
    expect((await query(ledger, `SELECT VALUE n FROM ${table.name}`)).toSorted()).toEqual(
      current.map(String),
    );
    const found = await query(ledger, `SELECT VALUE n FROM ${table.name} WHERE n IN (1, 2)`);
    expect(found.toSorted()).toEqual(current.filter((n) => n === 1 || n === 2).map(String));
  }
}

/** The blocks as they must be stored: without the data of the revisions that any of them redacts. */
function redacted(blocks: readonly Block[]): Block[] {
  const targets = new Set(
    blocks
      .flatMap(({ redactionInfo }) => (redactionInfo === undefined ? [] : decodeRedactionInfo(redactionInfo)))
      .map(({ documentId, version }) => `${documentId} ${version}`),
  );
  return blocks.map(({ revisions, ...block }) => ({
    ...block,
    ...(revisions && {
      revisions: revisions.map((revision) => {
        const { id, version } = revision.metadata ?? { id: "", version: -1 };
        return targets.has(`${id} ${version}`) ? redactRevision(revision) : revision;
      }),
    }),
  }));
}

function digestOf(blocks: readonly Block[]): { hash: Uint8Array; tipAddress: Block["blockAddress"] } {
  const tree = new MerkleTree();
  for (const { blockHash } of blocks) tree.append(blockHash);
  return { hash: tree.root(), tipAddress: blocks[blocks.length - 1]!.blockAddress };
}

it("A ledger of Amazon QLDB is restored with its tables' ids, documents, index lookups and redactions, in any parts", async () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 40 });
  const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 3 });
  const isFull = process.env["SIM_FULL"] === "1";
  // To find the smallest history that fails takes hundreds of runs: what failed is told at once.
  await fc.assert(fc.asyncProperty(steps, cuts, check), { numRuns: isFull ? 300 : 8, endOnFailure: !isFull });
}, 600_000);
