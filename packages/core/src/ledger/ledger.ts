// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";

/**
 * The ledger that events are written to: anything that speaks QLDB's transactions.
 *
 * An implementation MUST run transactions serializably and MUST rerun `work` after an OCC conflict, up to its
 * configured number of retries; `work` MUST therefore have no side effects outside the transaction.
 */
export interface Ledger {
  /** Runs `work` in one transaction and commits it; throws if it could not be committed. */
  transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Ends open sessions. The ledger cannot be used afterwards. */
  close(): Promise<void>;
}

/** One open transaction. It ends when the `work` that received it ends. */
export interface Transaction {
  readonly transactionId: string;
  /**
   * Executes one PartiQL statement and returns all its rows.
   *
   * @param statement PartiQL with a `?` per parameter. Values MUST be parameters; names MUST be quoted `Identifier`s.
   */
  execute(statement: string, ...parameters: readonly dom.Value[]): Promise<readonly dom.Value[]>;
  /**
   * Executes one PartiQL statement and yields its rows page by page as the ledger sends them: for results that are
   * larger than memory. No other statement of the transaction may be executed before the last row was taken.
   */
  stream(statement: string, ...parameters: readonly dom.Value[]): AsyncIterable<dom.Value>;
}
