// SPDX-License-Identifier: MIT
import type { RedactedRevision } from "@ledger-loader/journal";
import type { Hash } from "@ledger-loader/ion";
import { LedgerClosedError, OccConflictError } from "../errors";
import type { ReadSet } from "../storage/read-set";
import type { BlockChange, CatalogChange, HeadLock, LedgerStorage } from "../storage/storage";
import type { PendingDocument } from "../storage/pending-document";

/** A statement that a transaction has executed, as the journal will list it. */
export interface ExecutedStatement {
  readonly statement: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly digest: Hash;
}

/** A transaction that asks to be committed. */
export interface CommitCandidate {
  readonly transactionId: string;
  /** It has seen the ledger as of this block. */
  readonly asOf: number;
  readonly reads: ReadSet;
  readonly documents: readonly PendingDocument[];
  readonly catalogChanges: readonly CatalogChange[];
  /** Revisions of earlier blocks whose data is to be erased. */
  readonly redactions: readonly RedactedRevision[];
  readonly statements: readonly ExecutedStatement[];
}

/** Builds the block of a candidate that has been found valid. */
export type BuildChange = (lock: HeadLock, candidate: CommitCandidate) => Promise<BlockChange>;

interface Waiting {
  readonly candidate: CommitCandidate;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits transactions, those that arrive together in one go: they share the wait for the disk.
 *
 * Each is validated against everything before it, its companions included, and gets a block of its own. Nobody is
 * told of success before all of them are safe.
 */
export class CommitQueue {
  readonly #storage: LedgerStorage;
  readonly #buildChange: BuildChange;
  readonly #writesBlock: (candidate: CommitCandidate) => boolean;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #committing = 0;
  #closed = false;

  constructor(
    storage: LedgerStorage,
    buildChange: BuildChange,
    writesBlock: (candidate: CommitCandidate) => boolean,
  ) {
    this.#storage = storage;
    this.#buildChange = buildChange;
    this.#writesBlock = writesBlock;
  }

  /**
   * Commits one transaction; resolves when it is safe.
   *
   * @throws OccConflictError if something that it has read has changed.
   */
  commit(candidate: CommitCandidate): Promise<void> {
    if (this.#closed) return Promise.reject(new LedgerClosedError());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ candidate, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /** How many transactions wait to be committed, or are being committed. */
  get length(): number {
    return this.#waiting.length + this.#committing;
  }

  /** Completes what has been submitted, and accepts nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Requests that have arrived meanwhile are read first, so that their commits can join.
      await new Promise((resolve) => setImmediate(resolve));
      const group = this.#waiting;
      this.#waiting = [];
      this.#committing = group.length;
      await this.#commitGroup(group);
      this.#committing = 0;
    }
    this.#running = undefined;
  }

  async #commitGroup(group: readonly Waiting[]): Promise<void> {
    const settle: (() => void)[] = [];
    try {
      await this.#storage.lockHead(
        async (lock) => {
          for (const waiting of group) settle.push(await this.#commitOne(lock, waiting));
        },
        group.map(({ candidate }) => candidate),
      );
    } catch (error) {
      // Nothing of the group was stored.
      for (const { reject } of group) reject(error);
      return;
    }
    for (const tell of settle) tell();
  }

  /** Returns how to tell the transaction what became of it, once the group is safe. */
  async #commitOne(lock: HeadLock, { candidate, resolve, reject }: Waiting): Promise<() => void> {
    const conflict = await lock.findConflict(candidate.reads, candidate.asOf);
    if (conflict !== undefined) {
      return () => {
        reject(new OccConflictError(candidate.transactionId, conflict));
      };
    }
    if (!this.#writesBlock(candidate)) return resolve;
    let change: BlockChange;
    try {
      change = await this.#buildChange(lock, candidate);
    } catch (error) {
      // What cannot be built concerns this transaction alone; what cannot be stored concerns the whole group.
      return () => {
        reject(error);
      };
    }
    await lock.append(change);
    return resolve;
  }
}
