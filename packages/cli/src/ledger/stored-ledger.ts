// SPDX-License-Identifier: MIT
import {
  type Ledger,
  LedgerUnavailableError,
  StatementRefusedError,
  type Transaction,
  TransactionConflictError,
} from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import {
  type EmbeddedLedger,
  type EmbeddedTransaction,
  isStoreFailure,
  OccConflictError,
} from "@ledger-loader/ledger";

/**
 * A ledger that this process has open, behind the port that a loader writes to: without a server, a driver, or HTTP.
 *
 * Errors are those that `DriverLedger` throws for the same causes. `close` leaves the ledger open.
 *
 * @param occRetriesMax - how often a transaction is run again after a conflict
 */
export function toLedgerPort(embedded: EmbeddedLedger, occRetriesMax: number): Ledger {
  return {
    async transact(work) {
      try {
        return await embedded.transact((transaction) => work(toTransaction(transaction)), occRetriesMax);
      } catch (error) {
        throw toPortError(error, occRetriesMax + 1);
      }
    },
    close: () => Promise.resolve(),
  };
}

function toTransaction(embedded: EmbeddedTransaction): Transaction {
  return {
    transactionId: embedded.transactionId,
    async execute(statement, ...parameters) {
      try {
        return await embedded.execute(statement, ...parameters);
      } catch (error) {
        throw toStatementError(error);
      }
    },
    async *stream(statement, ...parameters) {
      try {
        yield* embedded.stream(statement, ...parameters);
      } catch (error) {
        throw toStatementError(error);
      }
    },
  };
}

/** Makes an error of the ledger one about the statement, unless it is about the store. */
function toStatementError(error: unknown): unknown {
  if (!(error instanceof LedgerLoaderError) || isStoreFailure(error)) return error;
  return new StatementRefusedError(error.message, error);
}

function toPortError(error: unknown, attempts: number): unknown {
  if (error instanceof OccConflictError) return new TransactionConflictError(attempts, error);
  if (!(error instanceof LedgerLoaderError) || !isStoreFailure(error)) return error;
  return new LedgerUnavailableError(error.message, error);
}

/** Runs `work`; where the store failed, the error is that of the store, which says what to do. */
export async function withStoreErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isWrapped = error instanceof LedgerUnavailableError && error.cause instanceof LedgerLoaderError;
    throw isWrapped ? error.cause : error;
  }
}
