// SPDX-License-Identifier: MIT
import { AppendedChanges } from "../appended-changes";
import { applyToCatalog } from "../apply-to-catalog";
import type { ReadSet } from "../read-set";
import type {
  BlockChange,
  Head,
  HeadLock,
  Snapshot,
  StoredBlock,
  StoredCatalog,
  StoredRevision,
} from "../storage";
import type { AppendStatements } from "./append-statements";
import { type ConflictRow, conflictStatement, conflictValues } from "./conflict-check";
import type { SqlConnection } from "./postgres-database";
import { PostgresReader } from "./postgres-reader";

/** So many statements are sent before their answers are waited for, because those that are under way take memory. */
const SENT_MAX = 1000;

/** The parts that a lock works with. */
export interface PostgresHeadLockOptions {
  readonly schema: string;
  readonly connection: SqlConnection;
  readonly statements: AppendStatements;
  /** The head as it was locked, and tables and indexes as of it. */
  readonly head: Head | undefined;
  readonly readCatalog: () => Promise<StoredCatalog>;
  /** The results for snapshots that were known when the head was locked. */
  readonly known: ReadonlyMap<ReadSet, string | undefined>;
}

/** Validates under the lock of a journal's head, and sends what is appended without waiting for the answers. */
export class PostgresHeadLock implements HeadLock {
  readonly #options: PostgresHeadLockOptions;
  readonly #reader: PostgresReader;
  readonly #appended = new AppendedChanges();
  #sent: Promise<unknown>[] = [];
  #isRewound = false;
  #head: Head | undefined;
  #catalog: Promise<StoredCatalog> | undefined;
  #first: { readonly sequenceNo: number; readonly hash: Uint8Array } | undefined;

  constructor(options: PostgresHeadLockOptions) {
    this.#options = options;
    this.#head = options.head;
    this.#reader = new PostgresReader(options.schema, options.connection.run);
  }

  get head(): Head | undefined {
    return this.#head;
  }

  /** The first block that was appended, if there is one. */
  get first(): { readonly sequenceNo: number; readonly hash: Uint8Array } | undefined {
    return this.#first;
  }

  /** The sent queries that have not succeeded yet. */
  get sent(): readonly Promise<unknown>[] {
    return this.#sent;
  }

  readCatalog(): Promise<StoredCatalog> {
    this.#catalog ??= this.#options.readCatalog();
    return this.#catalog;
  }

  findByIds(tableNo: number, documentIds: readonly string[]): Promise<StoredRevision[]> {
    return this.#reader.findByIds(tableNo, documentIds, this.#head?.sequenceNo ?? -1);
  }

  readBlock(sequenceNo: number): Promise<StoredBlock | undefined> {
    return this.#reader.readBlock(sequenceNo);
  }

  scan(tableNo: number): AsyncIterable<StoredRevision> {
    return this.#reader.scan(tableNo, this.#head?.sequenceNo ?? -1);
  }

  async findConflict(reads: ReadSet, asOf: number): Promise<string | undefined> {
    if (this.#head === undefined || this.#head.sequenceNo <= asOf) return undefined;
    return (
      (await this.#findInCatalog(reads, asOf)) ??
      (await this.#findStored(reads, asOf)) ??
      this.#appended.findConflict(reads)
    );
  }

  async #findInCatalog(
    { catalog, tableNames, indexKeys, writtenTables }: ReadSet,
    asOf: number,
  ): Promise<string | undefined> {
    if ((this.#head?.catalogSequenceNo ?? -1) <= asOf) return undefined;
    if (catalog) return "tables or indexes changed";
    const tables = await this.readCatalog();
    for (const [name, tableNo] of tableNames) {
      const found = tables.find((table) => table.active && table.name === name);
      if (found?.tableNo !== tableNo) return "a table was created or dropped";
    }
    for (const tableNo of writtenTables) {
      if (await this.#hasNewUniqueIndex(tableNo, asOf)) return `table ${tableNo} got a unique index`;
    }
    const indexes = new Set(tables.flatMap((table) => table.indexes.map(({ indexNo }) => indexNo)));
    for (const indexNo of indexKeys.keys()) if (!indexes.has(indexNo)) return `index ${indexNo} was dropped`;
    return undefined;
  }

  /** Asked only where tables or indexes have changed since the snapshot. */
  async #hasNewUniqueIndex(tableNo: number, asOf: number): Promise<boolean> {
    const { schema, connection } = this.#options;
    const text = `SELECT 1 FROM ${schema}.indexes WHERE table_no = $1 AND is_unique AND from_seq > $2`;
    return (await connection.run(text, [tableNo, asOf])).length > 0;
  }

  async #findStored(reads: ReadSet, asOf: number): Promise<string | undefined> {
    const { known, schema, connection } = this.#options;
    if (known.has(reads)) return known.get(reads);
    const values = conflictValues([{ reads, asOf }]);
    if (values === undefined) return undefined;
    const [found] = await connection.run<ConflictRow>(conflictStatement(schema), values);
    return found?.[1];
  }

  async append(change: BlockChange): Promise<void> {
    const { block, blockTime, catalogChanges } = change;
    const { sequenceNo, hash } = block;
    const expected = (this.#head?.sequenceNo ?? -1) + 1;
    if (sequenceNo !== expected) {
      throw new Error(
        `Expected to append block ${expected}, found ${sequenceNo}: a caller appended out of order.`,
      );
    }
    if (catalogChanges.length > 0) {
      this.#catalog = Promise.resolve(applyToCatalog(await this.readCatalog(), catalogChanges));
    }
    const catalogSequenceNo = catalogChanges.length > 0 ? sequenceNo : (this.#head?.catalogSequenceNo ?? -1);
    this.#head = { sequenceNo, blockHash: hash, blockTime, catalogSequenceNo };
    this.#first ??= { sequenceNo, hash };
    this.#appended.add(change);
    this.#send(change);
    if (this.#sent.length < SENT_MAX) return;
    await Promise.all(this.#sent);
    this.#sent = [];
  }

  async rewind(): Promise<void> {
    const { connection, statements } = this.#options;
    await Promise.all(statements.forRewind().map((statement) => connection.run(statement)));
    this.#head = undefined;
    this.#catalog = Promise.resolve([]);
    this.#isRewound = true;
  }

  #send(change: BlockChange): void {
    const { connection, statements } = this.#options;
    const bound = this.#isRewound ? statements.forDerived(change) : statements.forBlock(change);
    for (const [statement, values] of bound) {
      const sent = connection.run(statement, values);
      // What fails here fails the commit, which waits for all of them.
      sent.catch(() => undefined);
      this.#sent.push(sent);
    }
  }
}

/** The changes since each of the snapshots, by the set that was read. */
export function toKnown(
  snapshots: readonly Snapshot[],
  rows: readonly ConflictRow[],
): ReadonlyMap<ReadSet, string | undefined> {
  const known = new Map<ReadSet, string | undefined>(snapshots.map(({ reads }) => [reads, undefined]));
  for (const [at, what] of rows) {
    const reads = snapshots[at]?.reads;
    if (reads !== undefined && known.get(reads) === undefined) known.set(reads, what);
  }
  return known;
}
