// SPDX-License-Identifier: MIT
import { StoreFormatError } from "../../errors";
import { DatabaseEmptyError } from "./database-errors";
import type { PostgresDatabase, SqlConnection } from "./postgres-database";
import { FORMAT_VERSION, MIGRATIONS, REGISTRY, schemaOf } from "./postgres-schema";

/** Any number; it keeps processes that open a database at the same time from migrating it at the same time. */
const MIGRATION_LOCK = 7_305_311_901;

/**
 * Brings a database to this version's format, in one database transaction. Changes nothing where it is of that format.
 *
 * @throws StoreFormatError if a newer version has written it.
 * @throws DatabaseAccessError if it is to be changed and the user lacks the right.
 */
export async function migrate(database: PostgresDatabase): Promise<void> {
  const connection = await database.connect();
  let failed = true;
  try {
    await connection.command(`BEGIN; SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    const found = await readFormat(connection);
    if (found > FORMAT_VERSION) throw new StoreFormatError(database.label, FORMAT_VERSION, found);
    if (found < FORMAT_VERSION) await migrateFrom(connection, found);
    await connection.command("COMMIT");
    failed = false;
  } finally {
    connection.release(failed);
  }
}

/**
 * Changes nothing.
 *
 * @throws DatabaseEmptyError if a database has no ledgers, StoreFormatError if they are of another format than this version's
 */
export async function requireFormat(database: PostgresDatabase): Promise<void> {
  const found = await readFormat(database);
  if (found === 0) throw new DatabaseEmptyError(database.label);
  if (found !== FORMAT_VERSION) throw new StoreFormatError(database.label, FORMAT_VERSION, found);
}

/** The format of a database; 0 where it has none. */
async function readFormat({ run }: Pick<SqlConnection, "run">): Promise<number> {
  const [exists] = await run<[string | null]>(`SELECT to_regclass('${REGISTRY}.meta')`);
  if (typeof exists?.[0] !== "string") return 0;
  const [row] = await run<[string]>(`SELECT value FROM ${REGISTRY}.meta WHERE name = 'format'`);
  return Number(row?.[0] ?? 0);
}

async function migrateFrom(connection: SqlConnection, found: number): Promise<void> {
  for (const [at, migration] of MIGRATIONS.entries()) {
    if (at < found) continue;
    await connection.command(migration.registry);
    const ledgers = await connection.run<[number]>(
      `SELECT ledger_no FROM ${REGISTRY}.ledgers ORDER BY ledger_no`,
    );
    for (const [ledgerNo] of ledgers) await connection.command(migration.ledger(schemaOf(ledgerNo)));
  }
  await connection.run(
    `INSERT INTO ${REGISTRY}.meta (name, value) VALUES ('format', $1)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [`${FORMAT_VERSION}`],
  );
}
