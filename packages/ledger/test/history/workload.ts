// SPDX-License-Identifier: MIT
import type { QldbDriver, TransactionExecutor } from "amazon-qldb-driver-nodejs";

/** Where and when one transaction of a workload runs. */
export interface Turn {
  readonly driver: QldbDriver;
  /** Which of the clients, from 0. */
  readonly client: number;
  /** Counted by every client, from 0: clients meet at what is numbered alike. */
  readonly iteration: number;
  /** Waits for some milliseconds, so that the others have a turn between reading and writing. */
  readonly pause: () => Promise<void>;
}

/** A committed transaction, as its client saw it. Times are of one clock for all processes of the machine. */
export interface Committed {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** The value that the workload's `run` returned. */
  readonly seen: unknown;
}

/** Transactions that keep a rule if, and only if, they are isolated from one another. */
export interface Workload<Seen> {
  readonly name: string;
  /** The rule, for the table of results. */
  readonly rule: string;
  /** Statements, each for a transaction of its own. */
  readonly setUp: (iterations: number) => readonly string[];
  /** Runs one transaction and returns what its client saw; `undefined` if it saw nothing that counts. */
  readonly run: (turn: Turn) => Promise<Seen | undefined>;
  /** Reads what is in the ledger after all is done: rows of numbers. */
  readonly readEnd: string;
  /** Lists where the rule is broken, one sentence each. */
  readonly check: (
    committed: readonly (Committed & { readonly seen: Seen })[],
    end: readonly (readonly number[])[],
  ) => readonly string[];
}

/** The first column of the rows of a query, as numbers. */
export async function numbers(
  transaction: TransactionExecutor,
  statement: string,
  ...parameters: readonly unknown[]
): Promise<number[]> {
  const result = await transaction.execute(statement, ...parameters);
  return result.getResultList().map((value) => value.numberValue() ?? NaN);
}
