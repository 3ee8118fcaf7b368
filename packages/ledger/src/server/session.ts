// SPDX-License-Identifier: MIT
import { randomBytes } from "node:crypto";
import type { Hash } from "@ledger-loader/ion";
import type { Clock } from "../clock";
import type { Claim } from "../commit/claim";
import type { Turn } from "../commit/contention";
import type { EmbeddedLedger } from "../embedded-ledger";
import { OccConflictError } from "../errors";
import { Mutex } from "../mutex";
import type { StatementAuthorizer } from "../transaction/authorized-catalog";
import type { RowCursor } from "../transaction/row-cursor";
import type { StatementParameter } from "../transaction/statement-parameter";
import { memoryOf, type Transaction } from "../transaction/transaction";
import type { IoUsage } from "../transaction/transaction-context";
import { nextTurn } from "../turns";
import { newUniqueId } from "../unique-id";
import { badRequest, invalidSession } from "./aws-error";
import type { BudgetHolder, SharedBudget } from "./shared-budget";

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
  readonly readParameters: () => Promise<readonly StatementParameter[]>;
  /** Default: every statement may be executed. */
  readonly authorizer?: StatementAuthorizer | undefined;
  readonly isWaiting?: IsWaiting | undefined;
}

/** True if the client of a command still waits for its answer. */
export type IsWaiting = () => boolean;

/** Parameters of more memory take some milliseconds to encode. */
const LONG_BYTES = 1024 * 1024;

const ALWAYS: IsWaiting = () => true;

/** The services that a session needs of its server. */
export interface SessionServices {
  readonly clock: Clock;
  /** Shared by the open transactions of all sessions. */
  readonly memory: SharedBudget;
}

/**
 * One session: at most one open transaction, and one command at a time.
 *
 * Commands that a client sends without waiting are queued, so that a misuse of the driver cannot mix up statements.
 */
export class Session implements BudgetHolder {
  readonly sessionId: string = newUniqueId();
  readonly ledger: EmbeddedLedger;
  readonly #clock: Clock;
  readonly #memory: SharedBudget;
  readonly #endsAt: number;
  readonly #commands = new Mutex();
  #open: OpenTransaction | undefined;
  /** The reads of the last transaction, if it lost a conflict: drivers run it again in the same session. */
  #lost: Claim | undefined;
  #turn: Turn | undefined;
  /** True if the open transaction is to be given up: what runs in it ends before its next row. */
  #isAborting = false;
  #hasEnded = false;
  #hasExpired = false;
  #isClientWaiting = ALWAYS;
  #expiredTransactionId: string | undefined;

  constructor(ledger: EmbeddedLedger, { clock, memory }: SessionServices, lifetimeMs: number) {
    this.ledger = ledger;
    this.#clock = clock;
    this.#memory = memory;
    this.#endsAt = clock() + lifetimeMs;
  }

  get hasEnded(): boolean {
    return this.#hasEnded || this.#clock() >= this.#endsAt || this.ledger.isClosed;
  }

  /** True if a transaction is open whose time is not over. */
  get hasTransaction(): boolean {
    return this.#open !== undefined && this.#clock() < this.#open.expiresAt;
  }

  startTransaction(): Promise<string> {
    return this.#commands.run(async () => {
      this.expireTransaction();
      if (this.#open !== undefined) throw badRequest("Transaction already open");
      try {
        await this.#waitForTurn();
        return await this.#begin();
      } catch (error) {
        this.#endTurn();
        throw error;
      }
    });
  }

  async #begin(): Promise<string> {
    const expiresAt = this.#clock() + this.ledger.limits.transactionLifetimeMs;
    const requireWanted = (): void => {
      this.#requireWanted(expiresAt);
    };
    // The session may have ended while it waited for its turn.
    requireWanted();
    const transaction = await this.ledger.begin(requireWanted);
    this.#open = { transaction, expiresAt, pages: new Map() };
    return transaction.transactionId;
  }

  execute(
    transactionId: string,
    { statement, readParameters, authorizer, isWaiting = ALWAYS }: StatementRequest,
  ): Promise<Page & { usage: IoUsage }> {
    return this.#commands.run(async () => {
      const open = this.#require(transactionId);
      this.#isClientWaiting = isWaiting;
      try {
        const parameters = await readParameters();
        this.#makeRoom(open, parameters);
        const cursor = await open.transaction.execute(statement, parameters, authorizer);
        // Its rows may hold what the parameters hold, and to encode those takes as long as to read them.
        if (memoryOf(parameters) > LONG_BYTES) await nextTurn();
        return await this.#readPage(open, cursor);
      } finally {
        this.#endCommand();
      }
    });
  }

  /** Makes room for the values of parameters, should the statement decode them. Too many of them are left to be refused. */
  #makeRoom({ transaction, expiresAt }: OpenTransaction, parameters: readonly StatementParameter[]): void {
    const memory = memoryOf(parameters);
    if (memory > this.ledger.limits.parameterMemoryMax) return;
    this.#memory.hold(this, transaction.heldBytes + memory);
    // It may be this session that has made way, or that has ended meanwhile.
    this.#requireWanted(expiresAt);
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
      return this.#readPage(open, cursor).finally(() => {
        this.#endCommand();
      });
    });
  }

  /** Commits and closes the transaction; after a conflict it is closed as well, as drivers expect. */
  commit(transactionId: string, digest: Hash): Promise<{ digest: Hash; usage: IoUsage }> {
    return this.#commands.run(async () => {
      const { transaction } = this.#require(transactionId);
      try {
        if (this.#turn === undefined) await this.ledger.contention.giveWay(() => transaction.changeClaim);
        const committed = await transaction.commit(digest);
        this.#close();
        return { digest: committed, usage: transaction.takeUsage() };
      } catch (error) {
        if (error instanceof OccConflictError) this.#lost = transaction.readClaim;
        // A failed transaction stays open for the client's AbortTransaction; nothing can be done with one that conflicted.
        if (!transaction.isFailed) this.#close();
        throw error;
      }
    });
  }

  /** Closes the transaction whatever became of it: drivers abort after an expiry and keep the session if that works. */
  abort(): Promise<void> {
    this.#isAborting = true;
    return this.#commands.run(() => {
      this.#close();
      this.#isAborting = false;
      return Promise.resolve();
    });
  }

  /** Ends what runs in the session: nobody has its token any more. */
  end(): void {
    this.#hasEnded = true;
    this.#close();
  }

  /** Ends before its time: its client is told to open another one. */
  expire(): void {
    this.#hasExpired = true;
    this.end();
  }

  /** Ends, since the open transactions of the server take too much memory and this one has waited longest. */
  giveWay(): void {
    this.expire();
  }

  /** A transaction that has lost is run again when those before it have had their turn. */
  async #waitForTurn(): Promise<void> {
    if (this.#lost === undefined) return;
    const turn = this.ledger.contention.enter(this.#lost);
    this.#lost = undefined;
    this.#turn = turn;
    await turn.hasCome;
  }

  #endTurn(): void {
    this.#turn?.end();
    this.#turn = undefined;
  }

  #close(): void {
    this.#open = undefined;
    this.#endTurn();
    this.#memory.hold(this, 0);
  }

  #endCommand(): void {
    // It would keep the request, and all of its body, until the session's next command.
    this.#isClientWaiting = ALWAYS;
    this.#memory.hold(this, this.#open?.transaction.heldBytes ?? 0);
  }

  /** Throws if what runs in the open transaction is to end. */
  #requireWanted(expiresAt: number): void {
    if (this.#clock() >= expiresAt)
      throw invalidSession(`Transaction ${this.#open?.transaction.transactionId ?? ""} has expired`);
    // Not that its transaction has expired: a driver runs it again in a new session.
    if (this.#hasExpired) throw invalidSession(`Session ${this.sessionId} has expired`);
    const isWanted = !this.#isAborting && !this.#hasEnded && this.#isClientWaiting();
    if (!isWanted)
      throw badRequest("The statement was ended: its transaction was aborted, or its client is gone.");
  }

  /** Drops the open transaction if its time is over. */
  expireTransaction(): void {
    if (this.#open === undefined || this.#clock() < this.#open.expiresAt) return;
    this.#expiredTransactionId = this.#open.transaction.transactionId;
    this.#close();
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
        const ion = await cursor.nextIon();
        if (ion === undefined) return false;
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
