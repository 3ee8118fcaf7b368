// SPDX-License-Identifier: MIT
import { type FieldName, type TableName, isIdentifier } from "@ledger-loader/core";
import type { JournalExport } from "@ledger-loader/export";
import { idTextOf } from "../id-text";
import { compareRecord, DELETED, type ExportedFingerprint, type LedgerFingerprint } from "./compare-record";
import { Differences } from "./differences";
import { ExportedSide, type ExportedSideOptions, recordKeyOf } from "./exported-side";
import type { ExportedRecord } from "./fingerprint-export";
import { fingerprintRevision, type ExpectedRecord } from "./fingerprint-revision";
import { joinGroups, type Joined } from "./join-groups";
import type { LedgerHistory } from "./ledger-history";
import type { ReconcileReport } from "./reconcile-report";
import { SortedSpill } from "./sorted-spill";

/** The options of {@link reconcile}. */
export interface ReconcileOptions extends Omit<ExportedSideOptions, "idFieldOf"> {
  /** The field in which the loader keeps the id of a table's documents. */
  readonly idFieldOf: (table: TableName) => FieldName;
  /** Called now and then: first while the export is read, then while the ledger is compared. */
  readonly onProgress?: (
    phase: "reading the export" | "comparing",
    revisions: number,
    total?: number,
  ) => void;
}

/** A document of the ledger, on its way through sorting. */
interface LedgerEntry {
  readonly table: string;
  readonly id: string;
  readonly documentId: string;
}

type Pair = Joined<ExportedRecord, LedgerEntry>;

/** Documents, or revisions that the export leads us to expect, read from the ledger in one transaction. */
const BATCH_DOCUMENTS = 100;
const BATCH_REVISIONS = 400;

/**
 * Finds out whether the ledger's history holds, for every document of the export, the same revisions in the same order
 * with equal content, and nothing else; what the loader itself added is ignored: the id field, its placeholders for
 * redacted revisions, its own table.
 *
 * The ledger's documents are found by the text in the id field. Content is compared by Ion hash, recomputed on both
 * sides. Both sides are sorted by table and id through temporary files, which hold hashes and ids and no content, so
 * memory does not grow with the number of documents.
 */
export async function reconcile(
  journal: JournalExport,
  history: LedgerHistory,
  options: ReconcileOptions,
): Promise<ReconcileReport> {
  return new Reconciliation(history, options).run(journal);
}

class Reconciliation {
  readonly #history: LedgerHistory;
  readonly #options: ReconcileOptions;
  readonly #differences: Differences;
  readonly #exported: ExportedSide;
  readonly #ledger: SortedSpill<LedgerEntry>;
  readonly #started = Date.now();
  #compared = 0;

  constructor(history: LedgerHistory, options: ReconcileOptions) {
    this.#history = history;
    this.#options = options;
    this.#differences = new Differences(options.idFieldOf);
    const idFieldOf = (table: string): string | undefined =>
      isIdentifier(table) ? options.idFieldOf(table) : undefined;
    this.#exported = new ExportedSide({ ...options, idFieldOf });
    const { folder, runSize } = options;
    this.#ledger = new SortedSpill<LedgerEntry>({ keyOf: recordKeyOf, folder, runSize });
  }

  async run(journal: JournalExport): Promise<ReconcileReport> {
    try {
      await this.#exported.read(journal, (revisions) => {
        this.#options.onProgress?.("reading the export", revisions);
      });
      for (const table of await this.#history.tables()) await this.#readTable(table);
      await this.#compareAll();
    } finally {
      await Promise.all([this.#exported.dispose(), this.#ledger.dispose()]);
    }
    return {
      ...this.#differences.report(),
      leftOut: this.#exported.leftOut,
      elapsedMs: Date.now() - this.#started,
    };
  }

  async #readTable(name: string): Promise<void> {
    if (!this.#exported.isCompared(name) || !isIdentifier(name)) return;
    const idField = this.#options.idFieldOf(name);
    const unidentified: string[] = [];
    await this.#history.visitDocuments(name, idField, async ({ documentId, id }) => {
      if (id === undefined) unidentified.push(documentId);
      else await this.#ledger.add({ table: name, id, documentId });
    });
    for (let from = 0; from < unidentified.length; from += BATCH_DOCUMENTS) {
      await this.#identify(name, unidentified.slice(from, from + BATCH_DOCUMENTS));
    }
  }

  /** The first revision of a document may be redacted: another one may name its id. */
  async #identify(table: TableName, documentIds: readonly string[]): Promise<void> {
    if (documentIds.length === 0) return;
    const idField = this.#options.idFieldOf(table);
    const revisions = await this.#history.revisions(table, documentIds);
    for (const documentId of documentIds) {
      const own = revisions.filter((revision) => revision.documentId === documentId);
      const id = own
        .map(({ data }) => data && idTextOf(data.get(idField)))
        .find((text) => text !== undefined);
      if (id !== undefined) await this.#ledger.add({ table, id, documentId });
      else this.#differences.addUnidentified(table, documentId, own.length);
    }
  }

  async #compareAll(): Promise<void> {
    let batch: Pair[] = [];
    let documents = 0;
    let revisions = 0;
    for await (const pair of joinGroups(this.#exported.sorted(), this.#ledger.sorted(), recordKeyOf)) {
      if (batch[0] !== undefined && tableOf(batch[0]) !== tableOf(pair)) {
        await this.#compareBatch(batch);
        batch = [];
        documents = revisions = 0;
      }
      batch.push(pair);
      documents += pair.right.length;
      revisions += pair.left.length;
      if (documents < BATCH_DOCUMENTS && revisions < BATCH_REVISIONS) continue;
      await this.#compareBatch(batch);
      batch = [];
      documents = revisions = 0;
    }
    await this.#compareBatch(batch);
  }

  async #compareBatch(batch: readonly Pair[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const table = tableOf(first);
    const found = await this.#readFingerprints(table, batch);
    for (const pair of batch) {
      const id = pair.left[0]?.id ?? pair.right[0]?.id ?? "";
      const ledger = pair.right.flatMap(({ documentId }) => found.get(documentId) ?? []);
      const exported = withoutRepeats(pair.left);
      this.#compared += pair.left.length;
      if (ledger.length === 0 && isOnlyADeletion(exported)) {
        this.#differences.addDeletionOnly(table, exported.length);
        continue;
      }
      const counts = { exported: exported.length, ledger: ledger.length };
      this.#differences.add(table, counts, compareRecord({ table, id, exported, ledger }));
    }
    this.#options.onProgress?.("comparing", this.#compared, this.#exported.revisions);
  }

  async #readFingerprints(table: string, batch: readonly Pair[]): Promise<Map<string, LedgerFingerprint[]>> {
    const expected = new Map<string, ExpectedRecord>();
    const found = new Map<string, LedgerFingerprint[]>();
    if (!isIdentifier(table)) return found;
    const idField = this.#options.idFieldOf(table);
    for (const { left, right } of batch) {
      const hasIdField = left.some((revision) => revision.hasIdField);
      for (const { documentId, id } of right) expected.set(documentId, { idField, id, hasIdField });
    }
    if (expected.size === 0) return found;
    for (const revision of await this.#history.revisions(table, [...expected.keys()])) {
      const record = expected.get(revision.documentId);
      if (record === undefined) continue;
      const fingerprint = fingerprintRevision(revision, record);
      const own = found.get(revision.documentId);
      if (own === undefined) found.set(revision.documentId, [fingerprint]);
      else own.push(fingerprint);
    }
    return found;
  }
}

/** In the middle of a journal an export can begin with the deletion of a document: the loader only notes that. */
function isOnlyADeletion(exported: readonly ExportedFingerprint[]): boolean {
  const [only] = exported;
  return exported.length === 1 && only?.content === DELETED && only.version > 0;
}

/** Without a version, content that equals the current revision is taken for a redelivery, which writes nothing. */
function withoutRepeats(exported: readonly ExportedRecord[]): readonly ExportedRecord[] {
  return exported.filter(
    ({ isUnordered, content }, at) => isUnordered !== true || content !== exported[at - 1]?.content,
  );
}

function tableOf({ left, right }: Pair): string {
  return left[0]?.table ?? right[0]?.table ?? "";
}
