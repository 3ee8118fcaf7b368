// SPDX-License-Identifier: MIT
import { types } from "node:util";
import type { NodeAddress } from "@ledger-loader/journal";
import { StoreUnreadableError } from "../../errors";
import { Mutex } from "../../mutex";
import type {
  AcceptedLoss,
  Head,
  HeadLock,
  HistorySelection,
  LedgerDescription,
  LedgerStorage,
  Snapshot,
  StoredBlock,
  StoredCatalog,
  StoredRevision,
  Tags,
} from "../storage";
import { AppendStatements, ERASURES, tagsName } from "./append-statements";
import { wasCommitted } from "./commit-outcome";
import { type ConflictRow, conflictStatement, conflictValues } from "./conflict-check";
import type { PostgresDatabase, SqlConnection } from "./postgres-database";
import { derivedRows } from "./postgres-derived-rows";
import { PostgresHeadLock, toKnown } from "./postgres-head-lock";
import { PostgresReader, toHead } from "./postgres-reader";

/**
 * The statements that begin a commit. A process that stops answering gives up the head after 30 s. A database that acknowledges commits
 * before they are on its disk is told not to.
 */
const BEGIN = [
  "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
  "SET LOCAL lock_timeout = '30s'",
  "SET LOCAL idle_in_transaction_session_timeout = '30s'",
  "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'",
].join("; ");

/**
 * A ledger in a schema of a PostgreSQL database.
 *
 * Several processes may have it open: a commit holds the lock of the one row that is the journal's head. No database
 * transaction is open between two calls.
 */
export class PostgresStorage implements LedgerStorage {
  readonly #database: PostgresDatabase;
  readonly #schema: string;
  readonly #reader: PostgresReader;
  readonly #statements: AppendStatements;
  readonly #appending = new Mutex();
  #catalog: { readonly sequenceNo: number; readonly tables: StoredCatalog } | undefined;

  /** @param schema - the ledger's schema, which MUST be of the current format */
  constructor(database: PostgresDatabase, schema: string) {
    this.#database = database;
    this.#schema = schema;
    this.#reader = new PostgresReader(schema, database.run);
    this.#statements = new AppendStatements(schema);
  }

  /** The ledger's schema, unlike its name never used twice in a database. */
  get schema(): string {
    return this.#schema;
  }

  async readDescription(): Promise<LedgerDescription> {
    const text = `SELECT value FROM ${this.#schema}.meta WHERE name = 'description'`;
    const [row] = await this.#database.run<[string]>(text);
    if (row === undefined) throw this.#unreadable("it does not describe a ledger");
    return JSON.parse(row[0]) as LedgerDescription;
  }

  writeDescription(description: LedgerDescription): Promise<void> {
    return this.#writeMeta("description", JSON.stringify(description));
  }

  async #writeMeta(name: string, value: string): Promise<void> {
    await this.#database.run(
      `INSERT INTO ${this.#schema}.meta (name, value) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [name, value],
    );
  }

  async readErasureCount(): Promise<number> {
    const text = `SELECT value FROM ${this.#schema}.meta WHERE name = '${ERASURES}'`;
    const [row] = await this.#database.run<[string]>(text);
    return Number(row?.[0] ?? 0);
  }

  async readTags(resource: string): Promise<Tags> {
    const text = `SELECT value FROM ${this.#schema}.meta WHERE name = $1`;
    const [row] = await this.#database.run<[string]>(text, [tagsName(resource)]);
    return row === undefined ? {} : (JSON.parse(row[0]) as Tags);
  }

  writeTags(resource: string, tags: Tags): Promise<void> {
    return this.#writeMeta(tagsName(resource), JSON.stringify(tags));
  }

  /** Finds none: PostgreSQL keeps what was acknowledged, and no other record counts commits. */
  findMissingCommits(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  readAcceptedLosses(): Promise<readonly AcceptedLoss[]> {
    return Promise.resolve([]);
  }

  readHead(): Promise<Head | undefined> {
    return this.#reader.readHead();
  }

  readCatalog(asOf: number): Promise<StoredCatalog> {
    return this.#reader.readCatalog(asOf);
  }

  findByIds(tableNo: number, documentIds: readonly string[], asOf: number): Promise<StoredRevision[]> {
    return this.#reader.findByIds(tableNo, documentIds, asOf);
  }

  findByIndex(tableNo: number, indexNo: number, key: string, asOf: number): AsyncIterable<StoredRevision> {
    return this.#reader.findByIndex(tableNo, indexNo, key, asOf);
  }

  scan(tableNo: number, asOf: number, skip?: number): AsyncIterable<StoredRevision> {
    return this.#reader.scan(tableNo, asOf, skip);
  }

  history(tableNo: number, selection: HistorySelection, asOf: number): AsyncIterable<StoredRevision> {
    return this.#reader.history(tableNo, selection, asOf);
  }

  readBlock(sequenceNo: number): Promise<StoredBlock | undefined> {
    return this.#reader.readBlock(sequenceNo);
  }

  readBlocks(first: number, last: number): AsyncIterable<StoredBlock> {
    return this.#reader.readBlocks(first, last);
  }

  async readMerkleNodes(places: readonly NodeAddress[]): Promise<Uint8Array[]> {
    const nodes = await this.#reader.readMerkleNodes(places);
    return nodes.map((node, at) => {
      if (node !== undefined) return node;
      const { level, index } = places[at] ?? { level: 0, index: 0 };
      throw this.#unreadable(`node ${level}/${index} of the tree of blocks is missing`);
    });
  }

  lockHead<T>(work: (lock: HeadLock) => Promise<T>, snapshots: readonly Snapshot[] = []): Promise<T> {
    return this.#appending.run(async () => {
      const connection = await this.#database.connect();
      let failed = true;
      try {
        const lock = await this.#lock(connection, snapshots);
        const result = await work(lock).catch(async (error: unknown) => {
          throw toError((await firstFailure(lock.sent)) ?? error);
        });
        // Nothing to keep: the end of a rollback waits for no disk.
        if (lock.first === undefined) await connection.command("ROLLBACK");
        else await this.#commit(connection, lock, lock.first);
        failed = false;
        return result;
      } finally {
        // To close a connection that has failed also ends its database transaction.
        connection.release(failed);
      }
    });
  }

  /** Takes the lock and looks for conflicts, in one round trip. */
  async #lock(connection: SqlConnection, snapshots: readonly Snapshot[]): Promise<PostgresHeadLock> {
    const values = conflictValues(snapshots);
    const [, [row], conflicts] = await Promise.all([
      connection.command(BEGIN),
      connection.run<Parameters<typeof toHead>[0]>(
        `SELECT sequence_no, hash, time, catalog_sequence_no FROM ${this.#schema}.head FOR UPDATE`,
      ),
      values === undefined ? [] : connection.run<ConflictRow>(conflictStatement(this.#schema), values),
    ]);
    if (row === undefined) throw this.#unreadable("it has lost the head of its journal");
    const head = toHead(row);
    return new PostgresHeadLock({
      schema: this.#schema,
      connection,
      statements: this.#statements,
      head,
      readCatalog: () => this.#readCatalogOf(head),
      known: toKnown(snapshots, conflicts),
    });
  }

  async #readCatalogOf(head: Head | undefined): Promise<StoredCatalog> {
    if (head === undefined) return [];
    if (this.#catalog?.sequenceNo !== head.catalogSequenceNo) {
      const tables = await this.#reader.readCatalog(head.sequenceNo);
      this.#catalog = { sequenceNo: head.catalogSequenceNo, tables };
    }
    return this.#catalog.tables;
  }

  /** Moves the head and commits, in the round trip that stores the blocks. */
  async #commit(
    connection: SqlConnection,
    lock: PostgresHeadLock,
    first: { readonly sequenceNo: number; readonly hash: Uint8Array },
  ): Promise<void> {
    if (lock.head === undefined) throw new Error("Expected a head after a block was appended, found none.");
    const moved = connection.run(...this.#statements.forHead(lock.head));
    const committed = connection.command("COMMIT");
    const [outcome] = await Promise.allSettled([committed, moved, ...lock.sent]);
    // Where a statement has failed, PostgreSQL rolls back and says so.
    if (outcome.status === "fulfilled" && outcome.value === "COMMIT") return;
    if (outcome.status === "fulfilled") throw toError(await firstFailure([...lock.sent, moved]));
    const block = { schema: this.#schema, sequenceNo: first.sequenceNo, hash: first.hash };
    if (!(await wasCommitted(this.#database, block, outcome.reason))) throw toError(outcome.reason);
  }

  derivedState(upTo: number): AsyncIterable<string> {
    return derivedRows(this.#database.run, this.#schema, upTo);
  }

  /** Waits for the commit under way. The connections belong to the directory. */
  close(): Promise<void> {
    return this.#appending.run(() => Promise.resolve());
  }

  #unreadable(detail: string): StoreUnreadableError {
    return new StoreUnreadableError(this.#database.label, detail);
  }
}

async function firstFailure(sent: readonly Promise<unknown>[]): Promise<unknown> {
  const outcomes = await Promise.allSettled(sent);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  return failed?.reason;
}

function toError(reason: unknown): Error {
  return types.isNativeError(reason) ? reason : new Error(`Expected a commit, found: ${String(reason)}`);
}
