// SPDX-License-Identifier: MIT
import { OPEN_END } from "../open-end";
import type { BlockChange, IndexChange, RevisionChange } from "../storage";
import { BulkInsert } from "./bulk-insert";
import type { Command, SqliteFile, SqlValue } from "./sqlite-file";

/** Rows that wait are written before they take more memory than this, or are more. */
const WAITING_BYTES = 4 * 1024 * 1024;
const WAITING_ROWS = 1024;

/** The prepared statements that write what follows from blocks; made once per store. */
export class RowStatements {
  readonly blocks: BulkInsert;
  readonly revisions: BulkInsert;
  readonly entries: BulkInsert;
  readonly nodes: BulkInsert;
  readonly endRevision: Command;
  readonly endEntry: Command;
  readonly touchTable: Command;

  constructor(file: SqliteFile) {
    const columns = ["sequence_no", "hash", "time", "transaction_id", "ion"];
    this.blocks = new BulkInsert(file, "blocks", columns);
    this.revisions = new BulkInsert(file, "revisions", [
      ...["table_no", "document_id", "version", "from_seq", "to_seq", "time", "transaction_id"],
      ...["hash", "data_hash", "data"],
    ]);
    const entryColumns = ["index_no", "key", "to_seq", "document_id", "from_seq"];
    this.entries = new BulkInsert(file, "index_entries", entryColumns);
    this.nodes = new BulkInsert(file, "merkle_nodes", ["level", "position", "hash"]);
    this.endRevision = file.command(
      `UPDATE revisions SET to_seq = ? WHERE document_id = ? AND version = ? AND to_seq = ${OPEN_END}`,
    );
    this.endEntry = file.command(
      `UPDATE index_entries SET to_seq = ? WHERE index_no = ? AND key = ? AND to_seq = ${OPEN_END} AND document_id = ?`,
    );
    this.touchTable = file.command("UPDATE tables SET changed_seq = ? WHERE table_no = ?");
  }
}

/**
 * The rows of blocks that were appended and are not written yet, so that those of many are written together.
 *
 * They are written in this order: new rows, then the ends of rows. An index entry of which that would end too much is not
 * taken before what waits is written.
 */
export class PendingRows {
  readonly #statements: RowStatements;
  #blocks: SqlValue[] = [];
  #revisions: SqlValue[] = [];
  #entries: SqlValue[] = [];
  #nodes: SqlValue[] = [];
  #endedRevisions: [sequenceNo: number, documentId: string, version: number][] = [];
  readonly #endedEntries = new Map<string, [sequenceNo: number, change: IndexChange]>();
  readonly #touched = new Map<number, number>();
  #rows = 0;
  #bytes = 0;

  constructor(statements: RowStatements) {
    this.#statements = statements;
  }

  /** Takes a block itself. */
  addBlock({ block, blockTime, transactionId }: BlockChange): void {
    this.#blocks.push(block.sequenceNo, block.hash, blockTime, transactionId, block.ion);
    this.#count(block.ion.length);
  }

  /** Takes all that follows from a block, but for tables, indexes and erasures. */
  addDerived(change: BlockChange): void {
    const { sequenceNo } = change.block;
    for (const revision of change.revisions) this.#addRevision(revision, change);
    for (const indexChange of change.indexChanges) this.#addIndexChange(indexChange, sequenceNo);
    for (const { level, index, hash } of change.merkleNodes) {
      this.#nodes.push(level, index, hash);
      this.#count(hash.length);
    }
  }

  /** True if so much waits that it has to be written. */
  get isFull(): boolean {
    return this.#rows >= WAITING_ROWS || this.#bytes >= WAITING_BYTES;
  }

  /** Writes all that waits. */
  write(): void {
    if (this.#rows === 0) return;
    const { blocks, revisions, entries, nodes, endRevision, endEntry, touchTable } = this.#statements;
    blocks.insert(this.#blocks);
    revisions.insert(this.#revisions);
    for (const ended of this.#endedRevisions) endRevision.run(...ended);
    for (const [tableNo, sequenceNo] of this.#touched) touchTable.run(sequenceNo, tableNo);
    entries.insert(this.#entries);
    for (const [sequenceNo, { indexNo, key, documentId }] of this.#endedEntries.values())
      endEntry.run(sequenceNo, indexNo, key, documentId);
    nodes.insert(this.#nodes);
    this.#forget();
  }

  #forget(): void {
    [this.#blocks, this.#revisions, this.#entries, this.#nodes, this.#endedRevisions] = [[], [], [], [], []];
    this.#endedEntries.clear();
    this.#touched.clear();
    this.#rows = 0;
    this.#bytes = 0;
  }

  #addRevision(revision: RevisionChange, { block, transactionId }: BlockChange): void {
    const { tableNo, documentId, version, transactionTime, hash, data, dataHash } = revision;
    const { sequenceNo } = block;
    if (version > 0) this.#endedRevisions.push([sequenceNo, documentId, version - 1]);
    const end = data === undefined && dataHash === undefined ? sequenceNo : OPEN_END;
    this.#revisions.push(tableNo, documentId, version, sequenceNo, end, transactionTime, transactionId, hash);
    this.#revisions.push(dataHash ?? null, data ?? null);
    this.#touched.set(tableNo, sequenceNo);
    this.#count(data?.length ?? 0);
  }

  #addIndexChange(change: IndexChange, sequenceNo: number): void {
    const { kind, indexNo, key, documentId } = change;
    const entry = `${indexNo} ${documentId.length} ${documentId}${key}`;
    // Of two entries that follow one another in time only the first has ended.
    if (this.#endedEntries.has(entry)) this.write();
    if (kind === "add") this.#entries.push(indexNo, key, OPEN_END, documentId, sequenceNo);
    else this.#endedEntries.set(entry, [sequenceNo, change]);
    this.#count(key.length);
  }

  #count(bytes: number): void {
    this.#rows += 1;
    this.#bytes += bytes;
  }
}
