// SPDX-License-Identifier: MIT
import { LedgerClosedError, LedgerNotFoundError, StoreUnreadableError } from "../../errors";
import type { LedgerRecord, RecordKind, RecordStore } from "../record-store";
import type { PostgresDatabase } from "./postgres-database";
import { REGISTRY, schemaOf } from "./postgres-schema";

/** Keeps records in the table `meta` of the ledgers that they are about: they go with their ledgers. */
export class PostgresRecords<T extends LedgerRecord> implements RecordStore<T> {
  readonly #database: PostgresDatabase;
  readonly #kind: RecordKind;

  constructor(database: PostgresDatabase, kind: RecordKind) {
    this.#database = database;
    this.#kind = kind;
  }

  async readAll(): Promise<readonly T[]> {
    const found: T[] = [];
    for (const schema of await this.#schemas()) found.push(...(await this.#readLedger(schema)));
    return found;
  }

  async write(id: string, record: T): Promise<void> {
    const schema = await this.#schemaFor(record.ledgerName);
    await this.#database.run(
      `INSERT INTO ${schema}.meta (name, value) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [this.#nameOf(id), format(record)],
    );
  }

  async replace(id: string, from: T, to: T): Promise<boolean> {
    const schema = await this.#schemaFor(from.ledgerName);
    const rows = await this.#database.run<[string]>(
      `UPDATE ${schema}.meta SET value = $3 WHERE name = $1 AND value::jsonb = $2::jsonb RETURNING name`,
      [this.#nameOf(id), format(from), format(to)],
    );
    return rows.length > 0;
  }

  async holds(id: string, record: T): Promise<boolean> {
    const schema = await this.#schemaFor(record.ledgerName);
    const rows = await this.#database.run<[string]>(
      `SELECT name FROM ${schema}.meta WHERE name = $1 AND value::jsonb = $2::jsonb`,
      [this.#nameOf(id), format(record)],
    );
    return rows.length > 0;
  }

  async remove(id: string): Promise<void> {
    const name = this.#nameOf(id);
    for (const schema of await this.#schemas()) {
      await this.#database.run(`DELETE FROM ${schema}.meta WHERE name = $1`, [name]);
    }
  }

  async #readLedger(schema: string): Promise<readonly T[]> {
    const text = `SELECT value FROM ${schema}.meta WHERE starts_with(name, $1)`;
    try {
      const rows = await this.#database.run<[string]>(text, [this.#nameOf("")]);
      return rows.map(([value]) => this.#parse(value));
    } catch (error) {
      // Another server has deleted the ledger meanwhile.
      if (error instanceof LedgerClosedError) return [];
      throw error;
    }
  }

  async #schemas(): Promise<readonly string[]> {
    const rows = await this.#database.run<[number]>(
      `SELECT ledger_no FROM ${REGISTRY}.ledgers WHERE is_ready ORDER BY ledger_no`,
    );
    return rows.map(([ledgerNo]) => schemaOf(ledgerNo));
  }

  async #schemaFor(ledgerName: string): Promise<string> {
    const [row] = await this.#database.run<[number]>(
      `SELECT ledger_no FROM ${REGISTRY}.ledgers WHERE name = $1 AND is_ready`,
      [ledgerName],
    );
    if (row === undefined) throw new LedgerNotFoundError(ledgerName);
    return schemaOf(row[0]);
  }

  #nameOf(id: string): string {
    return `${this.#kind}:${id}`;
  }

  #parse(value: string): T {
    const { format, ...record } = JSON.parse(value) as { readonly format: unknown };
    if (format !== 1) {
      throw new StoreUnreadableError(
        this.#database.label,
        `a record of ${this.#kind} is of another format`,
        undefined,
      );
    }
    return record as unknown as T;
  }
}

function format(record: LedgerRecord): string {
  return JSON.stringify({ format: 1, ...record });
}
