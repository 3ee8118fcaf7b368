// SPDX-License-Identifier: MIT
import {
  type Ledger,
  LedgerUnavailableError,
  StatementRefusedError,
  toLedgerError,
  type Transaction,
  TransactionConflictError,
} from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { dom } from "ion-js";
import { ConnectionLostError, StatementCancelledError } from "../cli-errors";

/** Thrown into the work of a transaction that is to end without a commit. */
class AbortRequest extends Error {}

/** Thrown where the driver would run the work again: nobody types it again. */
class SecondRunError extends Error {}

/** A transaction that stays open from one statement to the next. */
export class ShellTransaction {
  readonly transactionId: string;
  readonly #transaction: Transaction;
  readonly #end: (error?: Error) => void;
  readonly #ended: Promise<void>;
  #hasEnded = false;

  private constructor(
    transaction: Transaction,
    { end, ended }: { readonly end: (error?: Error) => void; readonly ended: Promise<void> },
  ) {
    this.transactionId = transaction.transactionId;
    this.#transaction = transaction;
    this.#end = end;
    this.#ended = ended;
  }

  /**
   * Opens a transaction.
   *
   * @throws ConnectionLostError if the ledger does not answer, StatementCancelledError if the signal is raised first
   */
  static async begin(ledger: Ledger, signal: AbortSignal): Promise<ShellTransaction> {
    const beginning = ShellTransaction.#begin(ledger);
    try {
      return await unlessCancelled(() => beginning, signal);
    } catch (error) {
      // One that opens after all would stay open for 30 seconds.
      void beginning.then(
        (transaction) => transaction.abort(),
        () => undefined,
      );
      throw error;
    }
  }

  static #begin(ledger: Ledger): Promise<ShellTransaction> {
    return new Promise((resolve, reject) => {
      let isFirst = true;
      const ended: Promise<void> = ledger.transact(async (transaction) => {
        if (!isFirst) throw new SecondRunError();
        isFirst = false;
        await new Promise<void>((commit, abort) => {
          const end = (error?: Error): void => {
            if (error === undefined) commit();
            else abort(error);
          };
          resolve(new ShellTransaction(transaction, { end, ended }));
        });
      });
      ended.catch((error: unknown) => {
        reject(toShellError(error, false));
      });
    });
  }

  /** True once nothing can be committed any more: it was committed, aborted, or the ledger has ended it. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Executes a statement. The transaction stays open if the ledger refuses the statement, and ends by every other error.
   *
   * @throws StatementCancelledError if the signal is raised first
   */
  async execute(statement: string, signal: AbortSignal): Promise<readonly dom.Value[]> {
    try {
      return await unlessCancelled(() => this.#transaction.execute(statement), signal);
    } catch (error) {
      const told = asLedgerError(error);
      // A ledger that does not answer does not answer this either.
      if (told instanceof StatementCancelledError) void this.abort();
      else if (!(told instanceof StatementRefusedError)) await this.abort();
      throw told;
    }
  }

  /**
   * Commits.
   *
   * @throws TransactionConflictError if another transaction has changed what this one has read, ConnectionLostError if the ledger
   * does not answer, StatementCancelledError if the signal is raised first
   */
  async commit(signal: AbortSignal): Promise<void> {
    this.#hasEnded = true;
    this.#end();
    const ended = this.#ended.catch((error: unknown) => {
      throw error instanceof SecondRunError
        ? new TransactionConflictError(1, error)
        : toShellError(error, true);
    });
    await unlessCancelled(
      () => ended,
      signal,
      () => true,
    );
  }

  /** Gives the transaction up. Never rejects: a ledger that is not told ends it by itself. Waits for no answer once the signal is raised. */
  async abort(signal?: AbortSignal): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#end(new AbortRequest());
    const ended = this.#ended.catch(() => undefined);
    await (signal === undefined ? ended : unlessCancelled(() => ended, signal).catch(() => undefined));
  }
}

/** How often a statement is run again that lost against a concurrent change. */
const CONFLICT_RETRIES_MAX = 8;

/**
 * Runs one statement in a transaction of its own, again if it loses against a concurrent change.
 *
 * @throws ConnectionLostError if the ledger does not answer, StatementCancelledError if the signal is raised first
 */
export async function executeAlone(
  ledger: Ledger,
  statement: string,
  signal: AbortSignal,
): Promise<readonly dom.Value[]> {
  for (let tries = 0; ; tries += 1) {
    let isCommitting = false;
    const work = async (transaction: Transaction): Promise<readonly dom.Value[]> => {
      isCommitting = false;
      const rows = await unlessCancelled(() => transaction.execute(statement), signal);
      if (signal.aborted) throw new StatementCancelledError();
      isCommitting = true;
      return rows;
    };
    try {
      // Sessions, transactions and commits are waited for as well, and a cancelled one ends in its own time.
      return await unlessCancelled(
        () => ledger.transact(work),
        signal,
        () => isCommitting,
      );
    } catch (error) {
      if (!(error instanceof TransactionConflictError) || tries === CONFLICT_RETRIES_MAX)
        throw toShellError(error, isCommitting);
    }
  }
}

/**
 * The result of `work`, unless the signal is raised first: then what it brings later is not looked at.
 *
 * @param isCommitting - whether it may be committed all the same
 */
async function unlessCancelled<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  isCommitting = () => false,
): Promise<T> {
  if (signal.aborted) throw new StatementCancelledError(isCommitting());
  let cancel: () => void = () => undefined;
  const cancelled = new Promise<never>((_, reject) => {
    cancel = () => {
      reject(new StatementCancelledError(isCommitting()));
    };
    signal.addEventListener("abort", cancel);
  });
  const working = work();
  try {
    return await Promise.race([working, cancelled]);
  } finally {
    signal.removeEventListener("abort", cancel);
    working.catch(() => undefined);
  }
}

function toShellError(error: unknown, isCommitting: boolean): Error {
  if (error instanceof LedgerUnavailableError) return new ConnectionLostError(isCommitting, error);
  return error instanceof Error ? error : new Error(String(error));
}

/** Within a transaction the driver throws its own errors. */
function asLedgerError(error: unknown): LedgerLoaderError {
  return error instanceof LedgerLoaderError ? error : toLedgerError(error, true, 1);
}
