// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** The database server cannot be reached, or ended the connection. */
export class DatabaseUnreachableError extends LedgerLoaderError {
  readonly code = "DATABASE_UNREACHABLE";
  /** The database without its password. */
  readonly database: string;

  constructor(database: string, found: string, cause?: unknown) {
    super(
      `Expected to reach ${database}, found ${found}: check that the database server runs, and its host and port.`,
      { cause, retryable: true },
    );
    this.database = database;
  }
}

/** The database refuses this user: wrong password, unknown database, missing rights. */
export class DatabaseAccessError extends LedgerLoaderError {
  readonly code = "DATABASE_ACCESS";
  /** The database without its password. */
  readonly database: string;

  constructor(database: string, found: string, advice: string, cause?: unknown) {
    super(`Expected to be allowed to use ${database}, found ${found}: ${advice}.`, { cause });
    this.database = database;
  }
}

/** The database is there and has no ledgers: a database whose name was mistyped, for example. */
export class DatabaseEmptyError extends LedgerLoaderError {
  readonly code = "DATABASE_EMPTY";
  /** The database without its password. */
  readonly database: string;

  constructor(database: string) {
    super(`Expected ledgers in ${database}, found none: check the host and the name of the database.`);
    this.database = database;
  }
}

/**
 * The database was lost during a commit, and did not come back in time to ask for the block.
 *
 * The transaction was committed or not. To run it again without a look could write it twice.
 */
export class CommitUnknownError extends LedgerLoaderError {
  readonly code = "COMMIT_UNKNOWN";
  /** The first block of the commit: the transaction was committed if the journal has a block with its transaction id. */
  readonly sequenceNo: number;

  constructor(database: string, sequenceNo: number, cause: unknown) {
    super(
      `Expected ${database} to say whether block ${sequenceNo} was committed, found it unreachable: when it is back, ` +
        "look for the transaction in the journal from that block on before you run it again.",
      { cause },
    );
    this.sequenceNo = sequenceNo;
  }
}
