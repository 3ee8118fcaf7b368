// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { CommitDigest, statementDigest } from "@ledger-loader/journal";
import { type Hash, hashIon, hashesEqual } from "@ledger-loader/ion";
import { type Catalog, execute, type Pace, type Statement } from "@ledger-loader/partiql";
import type { Clock } from "../clock";
import { type Claim, claimOfChanges, claimOfReads } from "../commit/claim";
import type { CommitCandidate, CommitQueue, ExecutedStatement } from "../commit/commit-queue";
import { CommitDigestError, LedgerLimitError, TransactionFailedError, UniqueIndexError } from "../errors";
import { nextTurn } from "../turns";
import { AuthorizedCatalog, type StatementAuthorizer } from "./authorized-catalog";
import { requireUnique } from "./require-unique";
import { RowCursor } from "./row-cursor";
import type { StatementCache } from "./statement-cache";
import type { StatementParameter } from "./statement-parameter";
import { TransactionCatalog } from "./transaction-catalog";
import { type IoUsage, type TransactionBase, TransactionContext } from "./transaction-context";

/** The parts of the ledger that a transaction needs. */
export interface TransactionServices {
  readonly clock: Clock;
  readonly statements: StatementCache;
  readonly commits: CommitQueue;
  /** Lets others have their turn while a statement runs, and throws when it is to end. Default: it runs on. */
  readonly pace?: Pace | undefined;
}

/**
 * One transaction: reads as of the block it started from, keeps its changes to itself, and is judged at commit.
 *
 * Calls MUST NOT overlap. A statement that is refused before it has changed anything leaves the transaction usable:
 * its digest counts in the commit digest, as drivers count it before they send the statement, and the journal does not
 * list it. After one that fails half done only `abort` works: what nobody asked for cannot be committed.
 */
export class Transaction {
  readonly transactionId: string;
  readonly #context: TransactionContext;
  readonly #services: TransactionServices;
  readonly #statements: ExecutedStatement[] = [];
  readonly #openCursors = new Set<RowCursor>();
  readonly #commitDigest: CommitDigest;
  #failed = false;

  constructor(base: TransactionBase, services: TransactionServices) {
    this.transactionId = base.transactionId;
    this.#context = new TransactionContext(base);
    this.#services = services;
    this.#commitDigest = new CommitDigest(base.transactionId);
  }

  /** True if a statement failed half done, or the commit for a reason other than a conflict: only aborting is left. */
  get isFailed(): boolean {
    return this.#failed;
  }

  /** About how much memory it takes until it ends, in bytes. */
  get heldBytes(): number {
    let bytes = this.#context.heldBytes;
    for (const cursor of this.#openCursors) bytes += cursor.heldBytes;
    return bytes;
  }

  /** Its reads so far. */
  get readClaim(): Claim {
    return claimOfReads(this.#context.reads);
  }

  /** Its changes so far. */
  get changeClaim(): Claim {
    return claimOfChanges([...this.#context.documents.all()], this.#context.reads);
  }

  /** Documents read and written since the last call. */
  takeUsage(): IoUsage {
    return this.#context.takeUsage();
  }

  /**
   * Executes one statement. Its changes are made when this returns; rows of a SELECT MAY be read later.
   *
   * @param authorizer - asked before each operation on a table; by default, all are allowed
   */
  async execute(
    text: string,
    parameters: readonly StatementParameter[],
    authorizer?: StatementAuthorizer,
  ): Promise<RowCursor> {
    this.#requireSound();
    const startTime = this.#services.clock();
    const digest = statementDigest(
      text,
      parameters.map(({ ion, hash }) => hash ?? hashIon(ion)),
    );
    this.#commitDigest.add(digest);
    return this.#guard(async () => {
      this.#checkLimits(text, parameters);
      const statement = await this.#services.statements.compile(text);
      if (statement.kind !== "select")
        for (const cursor of this.#openCursors) await cursor.detach(this.#context.base.limits.unreadBytesMax);
      this.#context.beginStatement(text);
      const cursor = await this.#context.withParameters(parameters, () =>
        this.#run(statement, parameters, this.#catalogAt(startTime, authorizer)),
      );
      this.#context.endStatement();
      this.#statements.push({ statement: text, startTime, digest });
      return cursor;
    });
  }

  #checkLimits(text: string, parameters: readonly StatementParameter[]): void {
    const { statementCharactersMax, parameterBytesMax, parameterMemoryMax } = this.#context.base.limits;
    if (text.length > statementCharactersMax) {
      throw new LedgerLimitError("characters per statement", statementCharactersMax, text.length);
    }
    for (const { ion } of parameters) {
      const { length } = ion.bytes;
      if (length > parameterBytesMax)
        throw new LedgerLimitError("bytes per parameter", parameterBytesMax, length);
    }
    const memory = memoryOf(parameters);
    if (memory <= parameterMemoryMax) return;
    throw new LedgerLimitError("bytes of memory for parameters", parameterMemoryMax, memory);
  }

  #catalogAt(startTime: number, authorizer: StatementAuthorizer | undefined): Catalog {
    const catalog = new TransactionCatalog(this.#context, startTime);
    return authorizer === undefined ? catalog : new AuthorizedCatalog(catalog, authorizer);
  }

  async #run(
    statement: Statement,
    parameters: readonly StatementParameter[],
    catalog: Catalog,
  ): Promise<RowCursor> {
    const rows = execute(
      statement,
      parameters.map(({ ion }) => ion),
      catalog,
      { pace: this.#services.pace },
    );
    const cursor = new RowCursor(rows, memoryOf(parameters));
    if (statement.kind !== "select") await this.#change(cursor);
    else {
      // The first row is looked for now: a SELECT of a table that is not there is refused here, and not when read.
      await cursor.hasNext();
      if (!cursor.isDone) this.#openCursors.add(cursor);
    }
    return cursor;
  }

  /** Makes all changes of a statement. One that breaks a unique index changes nothing. */
  async #change(cursor: RowCursor): Promise<void> {
    if (!this.#context.draft.hasUniqueIndex) {
      await cursor.drain();
      return;
    }
    const undo = this.#context.savepoint();
    try {
      await cursor.drain();
      await requireUnique(this.#context);
    } catch (error) {
      if (error instanceof UniqueIndexError) undo();
      throw error;
    }
  }

  /** Reads from a cursor of this transaction. */
  async read<T>(reading: () => Promise<T>): Promise<T> {
    this.#requireSound();
    return this.#guard(reading);
  }

  /**
   * Commits, or throws and changes nothing.
   *
   * @param expected the digest that the client computed over what it sent; commits nothing if ours differs.
   * @throws OccConflictError if something that was read has changed since the transaction began.
   */
  async commit(expected?: Hash): Promise<Hash> {
    this.#requireSound();
    const digest = this.#commitDigest.hash;
    if (expected !== undefined && !hashesEqual(expected, digest)) {
      this.#failed = true;
      throw new CommitDigestError(this.transactionId);
    }
    await this.#hashLongDocuments();
    // Rows that nobody fetched cannot have mattered to the client: what finding them would read is not validated.
    await this.#services.commits.commit(this.#toCandidate());
    return digest;
  }

  /** While a block is built nobody else has a turn, so what takes long is done before. */
  async #hashLongDocuments(): Promise<void> {
    for (const { content } of [...this.#context.documents.all()]) {
      if (content?.isLong !== true) continue;
      await nextTurn();
      await content.prepareHash();
    }
  }

  #toCandidate(): CommitCandidate {
    const { base, reads, documents, draft, redactions } = this.#context;
    return {
      transactionId: base.transactionId,
      asOf: base.asOf,
      reads,
      documents: [...documents.all()],
      catalogChanges: draft.changes,
      redactions,
      statements: this.#statements,
    };
  }

  #requireSound(): void {
    if (this.#failed) throw new TransactionFailedError(this.transactionId);
  }

  /** Runs a part of a statement; an error leaves the transaction usable if it says why, and nothing was changed. */
  async #guard<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#context.changeCount;
    try {
      return await work();
    } catch (error) {
      this.#failed = !(error instanceof LedgerLoaderError) || this.#context.changeCount !== before;
      throw error;
    }
  }
}

/** About how much memory parameters take if they are decoded, in bytes. */
export function memoryOf(parameters: readonly StatementParameter[]): number {
  return parameters.reduce((sum, { memory = 0 }) => sum + memory, 0);
}
