// SPDX-License-Identifier: MIT
import { DERIVED_TABLES } from "../derived-tables";
import { AppendedChanges } from "../appended-changes";
import { OPEN_END } from "../open-end";
import type { ReadSet } from "../read-set";
import type {
  BlockChange,
  CatalogChange,
  Head,
  HeadLock,
  StoredBlock,
  StoredCatalog,
  StoredRevision,
  Tags,
} from "../storage";
import { PendingRows, RowStatements } from "./pending-rows";
import type { Command, Query, SqliteFile } from "./sqlite-file";
import { SqliteErasure } from "./sqlite-erasure";
import type { SqliteReader } from "./sqlite-reader";

/** Where `meta` keeps the tags of a resource. */
export function tagsName(resource: string): string {
  return `tags:${resource}`;
}

/** The prepared statements of an append; made once per store. */
export class SqliteAppendStatements {
  readonly newestOfDocument: Query<[from: number]>;
  readonly changeOfTable: Query<[changed: number]>;
  readonly entryChange: Query<[1]>;
  readonly activeTable: Query<[tableNo: number]>;
  readonly indexEnd: Query<[to: number]>;
  readonly newUniqueIndex: Query<[1]>;
  readonly insertTable: Command;
  readonly identifyTable: Command;
  readonly beginPeriod: Command;
  readonly endPeriod: Command;
  readonly writeTags: Command;
  readonly endIndex: Command;
  readonly insertIndex: Command;
  readonly removeDerived: readonly Command[];
  readonly erasure: SqliteErasure;
  readonly rows: RowStatements;

  constructor(file: SqliteFile) {
    const command = (sql: string): Command => file.command(sql);
    this.newestOfDocument = file.query(
      "SELECT from_seq FROM revisions WHERE document_id = ? ORDER BY version DESC LIMIT 1",
    );
    this.changeOfTable = file.query("SELECT changed_seq FROM tables WHERE table_no = ?");
    this.entryChange = file.query(`SELECT 1 FROM index_entries
       WHERE index_no = ? AND key = ? AND to_seq > ? AND (to_seq < ${OPEN_END} OR from_seq > ?) LIMIT 1`);
    this.activeTable = file.query(`SELECT table_no FROM tables WHERE name = ?
       AND EXISTS (SELECT 1 FROM table_periods p WHERE p.table_no = tables.table_no AND p.to_seq = ${OPEN_END})`);
    this.indexEnd = file.query(`SELECT to_seq FROM indexes WHERE index_no = ?`);
    this.newUniqueIndex = file.query(
      "SELECT 1 FROM indexes WHERE table_no = ? AND is_unique = 1 AND from_seq > ?",
    );
    this.insertTable = command(
      "INSERT INTO tables (table_no, table_id, name, from_seq, changed_seq) VALUES (?, ?, ?, ?, 0)",
    );
    this.beginPeriod = command(
      `INSERT INTO table_periods (table_no, from_seq, to_seq) VALUES (?, ?, ${OPEN_END})
       ON CONFLICT (table_no, from_seq) DO UPDATE SET to_seq = ${OPEN_END}`,
    );
    this.endPeriod = command(
      `UPDATE table_periods SET to_seq = ? WHERE table_no = ? AND to_seq = ${OPEN_END}`,
    );
    this.writeTags = command("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)");
    this.endIndex = command("UPDATE indexes SET to_seq = ? WHERE index_no = ?");
    this.identifyTable = command("UPDATE tables SET table_id = ? WHERE table_no = ?");
    this.insertIndex = command(
      `INSERT INTO indexes (index_no, index_id, table_no, field, is_unique, from_seq, to_seq)
       VALUES (?, ?, ?, ?, ?, ?, ${OPEN_END})`,
    );
    this.removeDerived = DERIVED_TABLES.map((table) => command(`DELETE FROM ${table}`));
    this.erasure = new SqliteErasure(file);
    this.rows = new RowStatements(file);
  }
}

/** Tables and indexes, and the block that changed them last. */
export interface KnownCatalog {
  readonly sequenceNo: number;
  readonly tables: StoredCatalog;
}

/** The state that a lock begins from. */
export interface SqliteHeadLockOptions {
  readonly head: Head | undefined;
  /** Tables and indexes as they were read last; only if nothing was rolled back since. */
  readonly catalog: KnownCatalog | undefined;
  /** Begins the database transaction; called before the first change. */
  readonly begin: () => void;
}

/** Validates against a ledger file, and appends to it in one database transaction. */
export class SqliteHeadLock implements HeadLock {
  readonly #statements: SqliteAppendStatements;
  readonly #reader: SqliteReader;
  readonly #begin: () => void;
  #head: Head | undefined;
  #begun = false;
  #isRewound = false;
  #erasureCount = 0;
  readonly #pending: PendingRows;
  readonly #appended = new AppendedChanges();
  #catalog: KnownCatalog | undefined;

  constructor(
    statements: SqliteAppendStatements,
    reader: SqliteReader,
    { head, catalog, begin }: SqliteHeadLockOptions,
  ) {
    this.#statements = statements;
    this.#reader = reader;
    this.#head = head;
    this.#catalog = catalog;
    this.#begin = begin;
    this.#pending = new PendingRows(statements.rows);
  }

  get head(): Head | undefined {
    return this.#head;
  }

  /** How much was erased under this lock. */
  get erasureCount(): number {
    return this.#erasureCount;
  }

  /** Tables and indexes as they were read last. */
  get catalog(): KnownCatalog | undefined {
    return this.#catalog;
  }

  readCatalog(): Promise<StoredCatalog> {
    const sequenceNo = this.#head?.catalogSequenceNo ?? -1;
    if (this.#catalog?.sequenceNo !== sequenceNo) {
      this.#catalog = { sequenceNo, tables: this.#reader.readCatalog(this.#head?.sequenceNo ?? -1) };
    }
    return Promise.resolve(this.#catalog.tables);
  }

  findByIds(tableNo: number, documentIds: readonly string[]): Promise<StoredRevision[]> {
    this.write();
    return Promise.resolve(this.#reader.findByIds(tableNo, documentIds, this.#head?.sequenceNo ?? -1));
  }

  readBlock(sequenceNo: number): Promise<StoredBlock | undefined> {
    this.write();
    return Promise.resolve(this.#reader.readBlock(sequenceNo));
  }

  scan(tableNo: number): AsyncIterable<StoredRevision> {
    this.write();
    return this.#reader.scan(tableNo, this.#head?.sequenceNo ?? -1);
  }

  findConflict(reads: ReadSet, asOf: number): Promise<string | undefined> {
    return Promise.resolve(this.#findStored(reads, asOf) ?? this.#appended.findConflict(reads));
  }

  #findStored(reads: ReadSet, asOf: number): string | undefined {
    if (this.#head === undefined || this.#head.sequenceNo <= asOf) return undefined;
    if (reads.catalog && this.#head.catalogSequenceNo > asOf) return "tables or indexes changed";
    for (const [name, tableNo] of reads.tableNames) {
      if (this.#statements.activeTable.get(name)?.[0] !== tableNo) return "a table was created or dropped";
    }
    for (const tableNo of reads.scannedTables) {
      if ((this.#statements.changeOfTable.get(tableNo)?.[0] ?? -1) > asOf) return `table ${tableNo} changed`;
    }
    for (const tableNo of reads.writtenTables) {
      if (this.#statements.newUniqueIndex.get(tableNo, asOf) !== undefined)
        return `table ${tableNo} got a unique index`;
    }
    for (const documentId of reads.documentIds) {
      if ((this.#statements.newestOfDocument.get(documentId)?.[0] ?? -1) > asOf) {
        return `document ${documentId} changed`;
      }
    }
    for (const [indexNo, keys] of reads.indexKeys) {
      if ((this.#statements.indexEnd.get(indexNo)?.[0] ?? OPEN_END) < OPEN_END)
        return `index ${indexNo} was dropped`;
      for (const key of keys) {
        if (this.#statements.entryChange.get(indexNo, key, asOf, asOf) !== undefined) {
          return `what index ${indexNo} lists changed`;
        }
      }
    }
    return undefined;
  }

  append(change: BlockChange): Promise<void> {
    const { block, blockTime } = change;
    const { sequenceNo } = block;
    const expected = (this.#head?.sequenceNo ?? -1) + 1;
    if (sequenceNo !== expected) {
      throw new Error(
        `Expected to append block ${expected}, found ${sequenceNo}: a caller appended out of order.`,
      );
    }
    this.#beginOnce();
    for (const catalogChange of change.catalogChanges) this.#applyCatalogChange(catalogChange, sequenceNo);
    if (!this.#isRewound) this.#pending.addBlock(change);
    this.#pending.addDerived(change);
    this.#appended.add(change);
    if (this.#pending.isFull || change.erasures.length > 0) this.write();
    for (const erasure of change.erasures) this.#statements.erasure.erase(erasure);
    this.#erasureCount += change.erasures.length;
    const catalogSequenceNo =
      change.catalogChanges.length > 0 ? sequenceNo : (this.#head?.catalogSequenceNo ?? -1);
    this.#head = { sequenceNo, blockHash: block.hash, blockTime, catalogSequenceNo };
    return Promise.resolve();
  }

  /** Writes what was appended; it is stored once the database transaction is committed. */
  write(): void {
    this.#pending.write();
    this.#appended.clear();
  }

  rewind(): Promise<void> {
    this.#beginOnce();
    this.write();
    for (const command of this.#statements.removeDerived) command.run();
    this.#head = undefined;
    this.#catalog = undefined;
    this.#isRewound = true;
    return Promise.resolve();
  }

  #beginOnce(): void {
    if (!this.#begun) this.#begin();
    this.#begun = true;
  }

  #applyCatalogChange(change: CatalogChange, sequenceNo: number): void {
    switch (change.kind) {
      case "create-table":
        this.#statements.insertTable.run(change.tableNo, change.tableId, change.name, sequenceNo);
        this.#statements.beginPeriod.run(change.tableNo, sequenceNo);
        if (Object.keys(change.tags).length > 0) this.#writeTags(change.tableId, change.tags);
        return;
      case "drop-table":
        this.#statements.endPeriod.run(sequenceNo, change.tableNo);
        return;
      case "undrop-table":
        this.#statements.beginPeriod.run(change.tableNo, sequenceNo);
        return;
      case "drop-index":
        this.#statements.endIndex.run(sequenceNo, change.indexNo);
        return;
      case "identify-table":
        this.#statements.identifyTable.run(change.tableId, change.tableNo);
        return;
      case "create-index":
        this.#statements.insertIndex.run(
          change.indexNo,
          change.indexId,
          change.tableNo,
          change.field,
          Number(change.unique),
          sequenceNo,
        );
    }
  }

  #writeTags(tableId: string, tags: Tags): void {
    if (!this.#isRewound) this.#statements.writeTags.run(tagsName(`table/${tableId}`), JSON.stringify(tags));
  }
}
