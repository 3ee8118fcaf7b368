// SPDX-License-Identifier: MIT
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LedgerExistsError } from "../../errors";
import { newUniqueId } from "../../unique-id";
import type { DatabaseChange } from "../database-change";
import type { LedgerDirectory } from "../ledger-directory";
import type { LedgerRecord, RecordKind, RecordStore } from "../record-store";
import type { ServerAddress, ServerPeers } from "../server-peers";
import type { LedgerStorage } from "../storage";
import { PostgresDatabase, type SqlConnection } from "./postgres-database";
import { isUniqueViolation } from "./postgres-error";
import { migrate, requireFormat } from "./postgres-migration";
import { MIGRATIONS, REGISTRY, schemaOf } from "./postgres-schema";
import { ServerTable } from "./server-table";
import { PostgresRecords } from "./postgres-records";
import { PostgresStorage } from "./postgres-storage";

/** The first part of the advisory locks of ledgers that are being made; the second is the ledger's number. */
const CREATION_LOCK = 730_531;

/** A PostgreSQL database with a schema for each ledger. Several processes may have it open. */
export class PostgresDirectory implements LedgerDirectory {
  readonly database: PostgresDatabase;

  private constructor(database: PostgresDatabase) {
    this.database = database;
  }

  /**
   * Opens a database: brings it to this version's format, and removes what a crash left of ledgers that were being made.
   *
   * @param url - `postgres://USER:PASSWORD@HOST:PORT/DATABASE`
   * @param onChange - told when the database is lost, and when it answers again
   * @throws DatabaseUnreachableError, DatabaseAccessError, StoreFormatError
   */
  static async open(url: string, onChange?: (change: DatabaseChange) => void): Promise<PostgresDirectory> {
    const database = new PostgresDatabase(url, onChange);
    try {
      await migrate(database);
      const directory = new PostgresDirectory(database);
      await directory.#removeUnfinished();
      return directory;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /**
   * Opens a database only to read its ledgers: nothing in it is made, migrated or removed.
   *
   * @throws DatabaseUnreachableError, DatabaseAccessError, DatabaseEmptyError, StoreFormatError
   */
  static async read(url: string): Promise<PostgresDirectory> {
    const database = new PostgresDatabase(url);
    try {
      await requireFormat(database);
      return new PostgresDirectory(database);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  get place(): string {
    return this.database.label;
  }

  async list(): Promise<readonly string[]> {
    const rows = await this.database.run<[string]>(
      `SELECT name FROM ${REGISTRY}.ledgers WHERE is_ready ORDER BY name`,
    );
    return rows.map(([name]) => name);
  }

  /** In two round trips, however many ledgers there are. */
  async countBlocks(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const ledgers = await this.database.run<[number, string]>(
      `SELECT ledger_no, name FROM ${REGISTRY}.ledgers WHERE is_ready AND name = ANY($1)`,
      [names],
    );
    if (ledgers.length === 0) return new Map();
    const heads = await this.database.run<[number, number]>(
      ledgers
        .map(([ledgerNo]) => `SELECT ${ledgerNo}, sequence_no FROM ${schemaOf(ledgerNo)}.head`)
        .join(" UNION ALL "),
    );
    const blocks = new Map(heads.map(([ledgerNo, sequenceNo]) => [ledgerNo, sequenceNo + 1]));
    return new Map(
      ledgers.flatMap(([ledgerNo, name]): [string, number][] => {
        const count = blocks.get(ledgerNo);
        return count === undefined ? [] : [[name, count]];
      }),
    );
  }

  openRecords<T extends LedgerRecord>(kind: RecordKind): Promise<RecordStore<T>> {
    return Promise.resolve(new PostgresRecords<T>(this.database, kind));
  }

  async open(name: string): Promise<LedgerStorage | undefined> {
    const ledgerNo = await this.#find(name);
    return ledgerNo === undefined ? undefined : new PostgresStorage(this.database, schemaOf(ledgerNo));
  }

  /** True if a storage still is the one of this name: another process may have deleted the ledger, and made a new one. */
  async isCurrent(name: string, storage: LedgerStorage): Promise<boolean> {
    const ledgerNo = await this.#find(name);
    return (
      ledgerNo !== undefined && storage instanceof PostgresStorage && storage.schema === schemaOf(ledgerNo)
    );
  }

  async create(name: string, fill: (storage: LedgerStorage) => Promise<void>): Promise<void> {
    const connection = await this.database.connect();
    let failed = true;
    try {
      const ledgerNo = await this.#begin(connection, name);
      const storage = new PostgresStorage(this.database, schemaOf(ledgerNo));
      try {
        await fill(storage);
        await this.#finish(connection, ledgerNo, name);
      } catch (error) {
        await this.#drop(ledgerNo);
        throw error;
      }
      await connection.command(`SELECT pg_advisory_unlock(${CREATION_LOCK}, ${ledgerNo})`);
      failed = false;
    } finally {
      connection.release(failed);
    }
  }

  /** PostgreSQL keeps what was acknowledged: nothing is ever missing. */
  acceptLoss(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** A copy is made in the system's folder for temporary files (`TMPDIR`), which the system clears. */
  temporaryFile(name: string): string {
    return join(tmpdir(), `${name}.${newUniqueId()}.ledger`);
  }

  async delete(name: string): Promise<void> {
    const ledgerNo = await this.#find(name);
    if (ledgerNo !== undefined) await this.#drop(ledgerNo);
  }

  join(server: ServerAddress): Promise<ServerPeers> {
    return ServerTable.join(this.database, server);
  }

  close(): Promise<void> {
    return this.database.close();
  }

  async #find(name: string): Promise<number | undefined> {
    const [row] = await this.database.run<[number]>(
      {
        name: "find_ledger",
        text: `SELECT ledger_no FROM ${REGISTRY}.ledgers WHERE name = $1 AND is_ready`,
      },
      [name],
    );
    return row?.[0];
  }

  /** Makes a ledger that nobody sees yet. The connection holds a lock as long as its maker lives. */
  async #begin(connection: SqlConnection, name: string): Promise<number> {
    await connection.command("BEGIN");
    const [row] = await connection.run<[number]>(
      `INSERT INTO ${REGISTRY}.ledgers (name) VALUES ($1) RETURNING ledger_no`,
      [name],
    );
    const [ledgerNo] = row ?? [0];
    await connection.command(`SELECT pg_advisory_lock(${CREATION_LOCK}, ${ledgerNo})`);
    for (const { ledger } of MIGRATIONS) await connection.command(ledger(schemaOf(ledgerNo)));
    await connection.command("COMMIT");
    return ledgerNo;
  }

  /** Lets everybody see a ledger. Makers of the same name may get here at the same time: the index on names decides. */
  async #finish(connection: SqlConnection, ledgerNo: number, name: string): Promise<void> {
    try {
      await connection.run(`UPDATE ${REGISTRY}.ledgers SET is_ready = true WHERE ledger_no = $1`, [ledgerNo]);
    } catch (error) {
      if (isUniqueViolation(error)) throw new LedgerExistsError(name);
      throw error;
    }
  }

  /** Its row and its schema go in one database transaction. */
  async #drop(ledgerNo: number): Promise<void> {
    const connection = await this.database.connect();
    let failed = true;
    try {
      await connection.command(
        `BEGIN; DELETE FROM ${REGISTRY}.ledgers WHERE ledger_no = ${ledgerNo};
         DROP SCHEMA IF EXISTS ${schemaOf(ledgerNo)} CASCADE; COMMIT`,
      );
      failed = false;
    } finally {
      connection.release(failed);
    }
  }

  /** A ledger that is not ready, and whose lock is free, has lost its maker. */
  async #removeUnfinished(): Promise<void> {
    const rows = await this.database.run<[number]>(
      `SELECT ledger_no FROM ${REGISTRY}.ledgers WHERE NOT is_ready`,
    );
    for (const [ledgerNo] of rows) {
      const connection = await this.database.connect();
      try {
        const [row] = await connection.run<[boolean]>(
          `SELECT pg_try_advisory_lock(${CREATION_LOCK}, ${ledgerNo})
           FROM ${REGISTRY}.ledgers WHERE ledger_no = $1 AND NOT is_ready`,
          [ledgerNo],
        );
        if (row?.[0] === true) await this.#drop(ledgerNo);
      } finally {
        // Closing the connection gives up the lock.
        connection.release(true);
      }
    }
  }
}
