// SPDX-License-Identifier: MIT
import { randomBytes } from "node:crypto";
import { type Hash, encodeIon } from "@ledger-loader/ion";
import type { Clock } from "../clock";
import type { EmbeddedLedger } from "../embedded-ledger";
import { Mutex } from "../mutex";
import type { StatementAuthorizer } from "../transaction/authorized-catalog";
import type { RowCursor } from "../transaction/row-cursor";
import type { StatementParameter, Transaction } from "../transaction/transaction";
import type { IoUsage } from "../transaction/transaction-context";
import { newUniqueId } from "../unique-id";
import { badRequest, invalidSession } from "./aws-error";

/** Some rows of a result, each as Ion binary, and how to ask for more. */
export interface Page {
  readonly values: readonly Uint8Array[];
  /** Absent on the last page. */
  readonly nextPageToken: string | undefined;
}

interface OpenTransaction {
  readonly transaction: Transaction;
  readonly expiresAt: number;
  readonly pages: Map<string, RowCursor>;
}

/** A statement to execute. */
export interface StatementRequest {
  readonly statement: string;
  /** Called once the transaction is found to be open. */
  readonly readParameters: () => readonly StatementParameter[];
  /** Default: every statement may be executed. */
  readonly authorizer?: StatementAuthorizer | undefined;
  readonly isWaiting?: IsWaiting | undefined;
}

/** Whether the client of a command still waits for its answer. */
export type IsWaiting = () => boolean;

const ALWAYS: IsWaiting = () => true;

/**
 * One session: at most one open transaction, and one command at a time.
 *
 * Commands that a client sends without waiting are queued, so that a misuse of the driver cannot mix up statements.
 */
export class Session {
  readonly sessionId: string = newUniqueId();
  readonly ledger: EmbeddedLedger;
  readonly #clock: Clock;
  readonly #endsAt: number;
  readonly #commands = new Mutex();
  #open: OpenTransaction | undefined;
  /** Whether the open transaction is to be given up: what runs in it ends before its next row. */
  #isAborting = false;
  #hasEnded = false;
  #isClientWaiting = ALWAYS;
  #expiredTransactionId: string | undefined;

  constructor(ledger: EmbeddedLedger, clock: Clock, lifetimeMs: number) {
    this.ledger = ledger;
    this.#clock = clock;
    this.#endsAt = clock() + lifetimeMs;
  }

  get hasEnded(): boolean {
    return this.#hasEnded || this.#clock() >= this.#endsAt || this.ledger.isClosed;
  }

  startTransaction(): Promise<string> {
    return this.#commands.run(async () => {
      this.expireTransaction();
      if (this.#open !== undefined) throw badRequest("Transaction already open");
      const expiresAt = this.#clock() + this.ledger.limits.transactionLifetimeMs;
      const transaction = await this.ledger.begin(() => {
        this.#requireWanted(expiresAt);
      });
      this.#open = { transaction, expiresAt, pages: new Map() };
      return transaction.transactionId;
    });
  }

  execute(
    transactionId: string,
    { statement, readParameters, authorizer, isWaiting = ALWAYS }: StatementRequest,
  ): Promise<Page & { usage: IoUsage }> {
    return this.#commands.run(async () => {
      const open = this.#require(transactionId);
      this.#isClientWaiting = isWaiting;
      const cursor = await open.transaction.execute(statement, readParameters(), authorizer);
      return this.#readPage(open, cursor);
    });
  }

  fetchPage(
    transactionId: string,
    pageToken: string,
    isWaiting = ALWAYS,
  ): Promise<Page & { usage: IoUsage }> {
    return this.#commands.run(() => {
      const open = this.#require(transactionId);
      this.#isClientWaiting = isWaiting;
      const cursor = open.pages.get(pageToken);
      if (cursor === undefined)
        throw badRequest("Expected the NextPageToken of the page before, found another.");
      open.pages.delete(pageToken);
      return this.#readPage(open, cursor);
    });
  }

  /** Commits and closes the transaction; after a conflict it is closed as well, as drivers expect. */
  commit(transactionId: string, digest: Hash): Promise<{ digest: Hash; usage: IoUsage }> {
    return this.#commands.run(async () => {
      const { transaction } = this.#require(transactionId);
      try {
        const committed = await transaction.commit(digest);
        this.#open = undefined;
        return { digest: committed, usage: transaction.takeUsage() };
      } catch (error) {
        // A failed transaction stays open for the client's AbortTransaction; nothing can be done with one that conflicted.
        if (!transaction.isFailed) this.#open = undefined;
        throw error;
      }
    });
  }

  /** Closes the transaction whatever became of it: drivers abort after an expiry and keep the session if that works. */
  abort(): Promise<void> {
    this.#isAborting = true;
    return this.#commands.run(() => {
      this.#open = undefined;
      this.#isAborting = false;
      return Promise.resolve();
    });
  }

  /** Ends what runs in the session: nobody has its token any more. */
  end(): void {
    this.#hasEnded = true;
  }

  /** Throws if what runs in the open transaction is to end. */
  #requireWanted(expiresAt: number): void {
    if (this.#clock() >= expiresAt)
      throw invalidSession(`Transaction ${this.#open?.transaction.transactionId ?? ""} has expired`);
    const isWanted = !this.#isAborting && !this.#hasEnded && this.#isClientWaiting();
    if (!isWanted)
      throw badRequest("The statement was ended: its transaction was aborted, or its client is gone.");
  }

  /** Drops the open transaction if its time is over. */
  expireTransaction(): void {
    if (this.#open === undefined || this.#clock() < this.#open.expiresAt) return;
    this.#expiredTransactionId = this.#open.transaction.transactionId;
    this.#open = undefined;
  }

  #require(transactionId: string): OpenTransaction {
    this.expireTransaction();
    if (this.#open?.transaction.transactionId === transactionId) return this.#open;
    if (this.#open !== undefined || transactionId === this.#expiredTransactionId) {
      throw invalidSession(`Transaction ${transactionId} has expired`);
    }
    throw badRequest("No open transaction");
  }

  async #readPage(open: OpenTransaction, cursor: RowCursor): Promise<Page & { usage: IoUsage }> {
    const { pageRowsMax, pageBytesMax } = this.ledger.limits;
    const values: Uint8Array[] = [];
    const more = await open.transaction.read(async () => {
      let bytes = 0;
      while (values.length < pageRowsMax && bytes < pageBytesMax) {
        const row = await cursor.next();
        if (row === undefined) return false;
        const ion = encodeIon(row);
        values.push(ion);
        bytes += ion.length;
      }
      return cursor.hasNext();
    });
    const usage = open.transaction.takeUsage();
    if (!more) return { values, nextPageToken: undefined, usage };
    const nextPageToken = randomBytes(24).toString("base64");
    open.pages.set(nextPageToken, cursor);
    return { values, nextPageToken, usage };
  }
}
