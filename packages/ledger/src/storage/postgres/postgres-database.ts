// SPDX-License-Identifier: MIT
import { Pool, type PoolClient, type PoolConfig, type QueryResult, TypeOverrides, types } from "pg";
import type { DatabaseChange } from "../database-change";
import { DatabaseUnreachableError } from "./database-errors";
import { DatabaseReach } from "./database-reach";
import { toDatabaseError } from "./postgres-error";

/** A prepared statement. Its name MUST be unique among all that are sent over one connection. */
export interface SqlStatement {
  readonly name: string;
  readonly text: string;
}

/** A value of a column. */
export type SqlCell = number | string | Uint8Array | null;

/** A parameter of a statement: one value, or a list of them. */
export type SqlParameter = SqlCell | readonly SqlCell[];

/** Runs a statement and returns its rows, each as the list of its columns. */
export type RunSql = <Row extends unknown[]>(
  statement: SqlStatement | string,
  values?: readonly SqlParameter[],
) => Promise<Row[]>;

/** A connection for a database transaction. Statements are sent at once and answered in order, without waiting in between. */
export interface SqlConnection {
  readonly run: RunSql;
  /** Sends a statement whose rows do not matter; resolves to PostgreSQL's word for what was done, such as `COMMIT`. */
  command(text: string): Promise<string>;
  /** Gives the connection back; one that has failed is closed. */
  release(failed: boolean): void;
}

/** Longer waits for a connection mean that the server cannot be reached. */
const CONNECT_TIMEOUT_MS = 10_000;
const READERS_MAX = 10;
const WRITERS_MAX = 5;

/** The connections of this process to one PostgreSQL database. */
export class PostgresDatabase {
  /** The database for people: without password. */
  readonly label: string;
  readonly #readers: Pool;
  /** Connections of their own: whoever holds the journal's head must not wait for those who wait for it. */
  readonly #writers: Pool;
  readonly #reach: DatabaseReach;
  #closed: Promise<unknown> | undefined;

  /**
   * @param url - `postgres://USER:PASSWORD@HOST:PORT/DATABASE`; what is missing comes from PostgreSQL's own `PG…` variables
   * @param onChange - told when the database is lost, and when it answers again
   */
  constructor(url: string, onChange?: (change: DatabaseChange) => void) {
    const config: PoolConfig = {
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: "ledger-loader",
      types: typeParsers(),
    };
    this.label = toLabel(url);
    this.#reach = new DatabaseReach(this.label, onChange);
    this.#readers = openPool({ ...config, max: READERS_MAX });
    this.#writers = openPool({ ...config, max: WRITERS_MAX, pipeline: true });
  }

  /** Runs one statement by itself. */
  readonly run: RunSql = <Row extends unknown[]>(
    statement: SqlStatement | string,
    values: readonly SqlParameter[] = [],
  ) => this.#guard(() => runOn<Row>(this.#readers, statement, values));

  /** Takes a connection for a database transaction. */
  async connect(): Promise<SqlConnection> {
    const client = await this.#guard(() => this.#writers.connect());
    // What breaks between two statements is told by the next one.
    client.on("error", ignore);
    return this.#toConnection(client);
  }

  /** MAY be called again. */
  async close(): Promise<void> {
    this.#closed ??= Promise.all([this.#readers.end(), this.#writers.end()]);
    await this.#closed;
  }

  #toConnection(client: PoolClient): SqlConnection {
    return {
      run: <Row extends unknown[]>(statement: SqlStatement | string, values: readonly SqlParameter[] = []) =>
        this.#guard(() => runOn<Row>(client, statement, values)),
      command: (text) => this.#guard(async () => lastOf(await client.query(text)).command),
      release: (failed) => {
        client.off("error", ignore);
        client.release(failed);
      },
    };
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#reach.answered();
      return result;
    } catch (error) {
      const found = toDatabaseError(error, this.label);
      if (found instanceof DatabaseUnreachableError) this.#reach.lost();
      throw found;
    }
  }
}

/** Several statements in one text have several results. */
function lastOf(results: QueryResult | QueryResult[]): QueryResult {
  const last = Array.isArray(results) ? results.at(-1) : results;
  if (last === undefined) throw new Error("Expected at least one statement, found an empty text.");
  return last;
}

async function runOn<Row extends unknown[]>(
  client: Pick<PoolClient, "query">,
  statement: SqlStatement | string,
  values: readonly SqlParameter[],
): Promise<Row[]> {
  const named = typeof statement === "string" ? { text: statement } : statement;
  const { rows } = await client.query({ ...named, values: [...values], rowMode: "array" });
  return rows as Row[];
}

function openPool(config: PoolConfig): Pool {
  const pool = new Pool(config);
  // An idle connection that breaks is replaced when the next one is needed.
  pool.on("error", ignore);
  return pool;
}

function ignore(): void {
  return;
}

/** How columns become values: numbers of blocks and times are below 2^53. */
function typeParsers(): TypeOverrides {
  const parsers = new TypeOverrides();
  parsers.setTypeParser(types.builtins.INT8, Number);
  return parsers;
}

/** Where a database is, without password and parameters. Never throws, and never quotes what it cannot read. */
function toLabel(url: string): string {
  if (!URL.canParse(url)) return "the PostgreSQL database";
  const { username, host, pathname } = new URL(url);
  const name = decodeURIComponent(pathname.slice(1));
  const user = username === "" ? "" : `${username}@`;
  return `the PostgreSQL database ${user}${host === "" ? "localhost" : host}/${name}`;
}
