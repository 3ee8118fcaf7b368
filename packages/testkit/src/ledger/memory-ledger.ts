// SPDX-License-Identifier: MIT
import {
  type Ledger,
  StatementRefusedError,
  TransactionConflictError,
  parseIdentifier,
  quoteIdentifier,
} from "@ledger-loader/core";
import {
  EmbeddedLedger,
  OccConflictError,
  qldbLimits,
  SqliteStorage,
  type EmbeddedTransaction,
} from "@ledger-loader/ledger";

/** A real ledger within the test's own process: no server, no driver, no file to wait for. */
export interface MemoryLedger {
  /** The ledger itself, for its journal and verification. */
  readonly embedded: EmbeddedLedger;
  /** Reaches the ledger as a loader does. Closing what it returns leaves the ledger open. */
  connect(): Ledger;
  close(): Promise<void>;
}

/** As often as `DriverLedger` reruns a transaction unless told otherwise, and a little more. */
const CONFLICTS_MAX = 2;

/**
 * Opens an empty ledger in memory, for tests that need many of them: some milliseconds each.
 *
 * Transactions, conflicts, statements and the journal are the embedded ledger's own. What a test says here about the
 * driver or the Session API it has not tested: `startLedger` is for that.
 *
 * @param tables tables to create, each with an index on each of its fields.
 */
export async function openMemoryLedger(
  tables: Readonly<Record<string, readonly string[]>> = {},
): Promise<MemoryLedger> {
  const storage = SqliteStorage.open();
  await storage.writeDescription({
    name: "test",
    strandId: "0000000000000000000000",
    creationTime: Date.now(),
    permissionsMode: "ALLOW_ALL",
    deletionProtection: false,
  });
  const options = { limits: qldbLimits, clock: Date.now, journalReadOnlyTransactions: false };
  const embedded = await EmbeddedLedger.open(storage, options);
  for (const [table, fields] of Object.entries(tables)) {
    const name = quoteIdentifier(parseIdentifier(table));
    await embedded.transact((transaction) => transaction.execute(`CREATE TABLE ${name}`));
    for (const field of fields) {
      const statement = `CREATE INDEX ON ${name} (${quoteIdentifier(parseIdentifier(field))})`;
      await embedded.transact((transaction) => transaction.execute(statement));
    }
  }
  const ledger: Ledger = {
    transact: (work) => transact(embedded, work),
    close: () => Promise.resolve(),
  };
  return { embedded, connect: () => ledger, close: () => embedded.close() };
}

async function transact<T>(
  embedded: EmbeddedLedger,
  work: (transaction: Parameters<Parameters<Ledger["transact"]>[0]>[0]) => Promise<T>,
): Promise<T> {
  for (let conflicts = 1; ; conflicts++) {
    try {
      return await embedded.transact((transaction) => {
        const execute = refusing(transaction);
        return work({
          transactionId: transaction.transactionId,
          execute,
          stream: async function* (statement, ...parameters) {
            yield* await execute(statement, ...parameters);
          },
        });
      });
    } catch (error) {
      if (!(error instanceof OccConflictError)) throw error;
      if (conflicts === CONFLICTS_MAX) throw new TransactionConflictError(conflicts, error);
    }
  }
}

/** Statements that the ledger refuses fail as they do through the driver. */
function refusing(transaction: EmbeddedTransaction): EmbeddedTransaction["execute"] {
  return async (statement, ...parameters) => {
    try {
      return await transaction.execute(statement, ...parameters);
    } catch (error) {
      throw new StatementRefusedError(error instanceof Error ? error.message : typeof error, error);
    }
  };
}
