// SPDX-License-Identifier: MIT
import {
  type Ledger,
  LedgerUnavailableError,
  TransactionConflictError,
  TransactionExpiredError,
} from "@ledger-loader/core";
import type { dom } from "ion-js";
import {
  ConnectionLostError,
  StatementCancelledError,
  TransactionLostError,
  UsageError,
} from "../cli-errors";
import { ROW_FORMATS, type RowFormat } from "./row-format";
import { parseShellCommand, type ShellCommand, shellHelp } from "./shell-command";
import { executeAlone, ShellTransaction } from "./shell-transaction";

/** The result of an input of a shell. */
export type ShellAnswer =
  | { readonly kind: "rows"; readonly rows: readonly dom.Value[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "exit" };

const TABLES = "SELECT VALUE name FROM information_schema.user_tables WHERE status = 'ACTIVE'";

/** A user who leaves does not wait longer for a ledger that does not answer, which ends the transaction by itself. */
const ABORT_TIMEOUT_MS = 1_000;

/** Runs statements against a ledger, each by itself or in a transaction that stays open. */
export class Shell {
  readonly #ledger: Ledger;
  #format: RowFormat;
  #transaction: ShellTransaction | undefined;

  constructor(ledger: Ledger, format: RowFormat) {
    this.#ledger = ledger;
    this.#format = format;
  }

  /** How rows are shown. */
  get format(): RowFormat {
    return this.#format;
  }

  get isInTransaction(): boolean {
    return this.#transaction !== undefined;
  }

  /**
   * Runs a statement or a command.
   *
   * @param signal - raised when the user cancels it
   * @throws a LedgerLoaderError that says what is wrong; TransactionLostError if the open transaction has ended by it
   */
  async run(text: string, signal: AbortSignal): Promise<ShellAnswer> {
    const command = parseShellCommand(text);
    if (command === undefined) return { kind: "rows", rows: await this.#execute(text, signal) };
    if (command.name === "exit") return { kind: "exit" };
    return { kind: "text", text: await this.#runCommand(command, signal) };
  }

  /** Aborts the open transaction, and waits shortly for the answer; returns whether there was one. */
  async close(): Promise<boolean> {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    await transaction?.abort(AbortSignal.timeout(ABORT_TIMEOUT_MS));
    return transaction !== undefined;
  }

  async #execute(statement: string, signal: AbortSignal): Promise<readonly dom.Value[]> {
    const transaction = this.#transaction;
    if (transaction === undefined) return executeAlone(this.#ledger, statement, signal);
    try {
      return await transaction.execute(statement, signal);
    } catch (error) {
      if (!transaction.hasEnded) throw error;
      this.#transaction = undefined;
      throw new TransactionLostError(whyLost(error), { cause: error });
    }
  }

  async #runCommand(command: ShellCommand, signal: AbortSignal): Promise<string> {
    switch (command.name) {
      case "help":
      case "exit":
        return shellHelp();
      case "start":
        return this.#start(signal);
      case "commit":
        return this.#commit(signal);
      case "abort":
        await this.#requireTransaction().abort(signal);
        this.#transaction = undefined;
        return "transaction aborted";
      case "tables":
        return (await this.#execute(TABLES, signal))
          .map((name) => name.stringValue() ?? "")
          .sort()
          .join("\n");
      case "format":
        return this.#choose(command.format);
    }
  }

  async #start(signal: AbortSignal): Promise<string> {
    if (this.#transaction !== undefined)
      throw new UsageError('expected no open transaction, found one: end it with "commit" or "abort" first');
    this.#transaction = await ShellTransaction.begin(this.#ledger, signal);
    return `transaction ${this.#transaction.transactionId}: commit it within 30 seconds`;
  }

  async #commit(signal: AbortSignal): Promise<string> {
    const transaction = this.#requireTransaction();
    this.#transaction = undefined;
    try {
      await transaction.commit(signal);
    } catch (error) {
      // Nobody knows whether a commit without an answer has happened.
      if (error instanceof ConnectionLostError || error instanceof StatementCancelledError) throw error;
      throw new TransactionLostError(whyLost(error), { cause: error });
    }
    return "transaction committed";
  }

  #requireTransaction(): ShellTransaction {
    if (this.#transaction !== undefined) return this.#transaction;
    throw new UsageError('expected an open transaction, found none: "start" begins one');
  }

  #choose(format: string | undefined): string {
    if (format !== undefined) {
      const known = ROW_FORMATS.find((each) => each === format);
      if (known === undefined)
        throw new UsageError(
          `expected ${ROW_FORMATS.join(", ")} as the format, found ${JSON.stringify(format)}`,
        );
      this.#format = known;
    }
    return `format ${this.#format}`;
  }
}

function whyLost(error: unknown): string {
  if (error instanceof TransactionExpiredError)
    return "a ledger ends a transaction 30 seconds after it has begun";
  if (error instanceof TransactionConflictError)
    return "another transaction has changed what this one had read";
  if (error instanceof LedgerUnavailableError) return "the ledger does not answer";
  if (error instanceof StatementCancelledError) return "its statement was cancelled";
  return error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
}
