// SPDX-License-Identifier: MIT

/** How much is done, and how often. */
export interface LedgerRounds {
  readonly rounds: number;
  /** Transactions of one document, per round and number of sessions. */
  readonly transactions: number;
  /** Documents that are stored in full transactions, per round. */
  readonly documents: number;
  /** How many documents a table has in which one is looked up. */
  readonly tableSizes: readonly number[];
  /** A database of PostgreSQL, where there is one. */
  readonly postgresUrl: string | undefined;
  readonly onProgress: (message: string) => void;
}
