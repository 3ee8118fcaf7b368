// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import { CommitUnknownError } from "./database-errors";
import type { PostgresDatabase } from "./postgres-database";

/** The block that a commit would have left in the journal. */
export interface CommittedBlock {
  readonly schema: string;
  readonly sequenceNo: number;
  readonly hash: Uint8Array;
}

/** How long to ask for a database that does not answer: longer than a restart or a failover should take. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 200;

/**
 * Finds out whether a commit whose answer was lost has happened: it has if the journal holds its first block.
 *
 * @param lost - the error that took the place of the answer
 * @throws CommitUnknownError if the database does not come back in time
 */
export async function wasCommitted(
  database: PostgresDatabase,
  block: CommittedBlock,
  lost: unknown,
  patienceMs: number = PATIENCE_MS,
): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await holdsBlock(database, block);
    } catch {
      // Whatever keeps it from answering may pass: it starts, is a standby still, has no free connection.
      if (Date.now() >= deadline) throw new CommitUnknownError(database.label, block.sequenceNo, lost);
    }
    await sleep(PAUSE_MS);
  }
}

/** Waits for the head's lock first: the lost connection may still be committing. */
async function holdsBlock(database: PostgresDatabase, block: CommittedBlock): Promise<boolean> {
  const { schema, sequenceNo, hash } = block;
  const connection = await database.connect();
  let failed = true;
  try {
    await connection.command("BEGIN; SET LOCAL lock_timeout = '30s'");
    await connection.run(`SELECT 1 FROM ${schema}.head FOR UPDATE`);
    const [row] = await connection.run<[Buffer]>(`SELECT hash FROM ${schema}.blocks WHERE sequence_no = $1`, [
      sequenceNo,
    ]);
    await connection.command("ROLLBACK");
    failed = false;
    return row?.[0].equals(hash) === true;
  } finally {
    connection.release(failed);
  }
}
