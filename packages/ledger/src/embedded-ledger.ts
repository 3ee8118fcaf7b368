// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { type ExportWriterOptions, type WrittenExport, writeExport } from "@ledger-loader/export";
import type { Digest, Proof } from "@ledger-loader/journal";
import { encodeIon, hashPartsInSteps, readSingleValue } from "@ledger-loader/ion";
import { type LedgerBackup, writeBackup, type WriteBackupOptions, writeLedgerFile } from "./backup";
import type { Clock } from "./clock";
import { BlockBuilder } from "./commit/block-builder";
import { ClockLag } from "./commit/clock-lag";
import { Contention } from "./commit/contention";
import { CommitQueue } from "./commit/commit-queue";
import { readBlockProof, readDigest } from "./commit/merkle-nodes";
import { LedgerClosedError, LedgerEmptyError, OccConflictError } from "./errors";
import type { LedgerLimits } from "./limits";
import type {
  Head,
  LedgerDescription,
  LedgerStorage,
  StoredBlock,
  StoredCatalog,
  Tags,
} from "./storage/storage";
import type { LedgerDirectory } from "./storage/ledger-directory";
import type { RowCursor } from "./transaction/row-cursor";
import type { StatementParameter } from "./transaction/statement-parameter";
import { StatementCache } from "./transaction/statement-cache";
import { Transaction } from "./transaction/transaction";
import { takeTurns } from "./transaction/take-turns";
import { HASHED_PER_TURN, inTurns } from "./turns";
import { newUniqueId } from "./unique-id";
import {
  type LedgerVerification,
  verifyLedger,
  type VerifyLedgerOptions,
} from "./verification/verify-ledger";

/** How a ledger is opened. */
export interface EmbeddedLedgerOptions {
  readonly limits: LedgerLimits;
  readonly clock: Clock;
  readonly journalReadOnlyTransactions: boolean;
  /** Told what whoever runs the ledger should see to. */
  readonly onWarning?: (warning: string) => void;
}

/** The transaction as its work sees it. */
export interface EmbeddedTransaction {
  readonly transactionId: string;
  /** Executes one PartiQL statement and returns all its rows. */
  execute(statement: string, ...parameters: readonly dom.Value[]): Promise<readonly dom.Value[]>;
  /** Executes one PartiQL statement and yields its rows as they are found. */
  stream(statement: string, ...parameters: readonly dom.Value[]): AsyncIterable<dom.Value>;
}

/** The period to export, and the place. */
export interface ExportLedgerOptions extends Pick<
  ExportWriterOptions,
  | "folder"
  | "prefix"
  | "format"
  | "maxObjectBytes"
  | "bucket"
  | "exportId"
  | "inclusiveStartTime"
  | "exclusiveEndTime"
  | "objectEncryptionType"
> {
  /** The first block. Default: 0. */
  readonly first?: number;
  /** The last block. Default: the newest. */
  readonly last?: number;
}

/** Where a backup goes. */
export type BackUpLedgerOptions = Pick<WriteBackupOptions, "folder" | "onProgress">;

/** How often `transact` runs its work again after a conflict; drivers' default is 4. */
const OCC_RETRIES_MAX = 4;

/** The block that a transaction sees in a ledger without blocks: none. */
const BEFORE_FIRST_BLOCK = -1;

/** One open ledger, for use within this process. */
export class EmbeddedLedger {
  readonly limits: LedgerLimits;
  /** The transactions that were in one another's way. */
  readonly contention: Contention = new Contention();
  readonly #storage: LedgerStorage;
  readonly #clock: Clock;
  readonly #commits: CommitQueue;
  readonly #statements = new StatementCache();
  #description: LedgerDescription;
  #catalog: { readonly sequenceNo: number; readonly tables: StoredCatalog } | undefined;
  #closed = false;

  private constructor(
    storage: LedgerStorage,
    description: LedgerDescription,
    options: EmbeddedLedgerOptions,
  ) {
    this.#storage = storage;
    this.#description = description;
    this.limits = options.limits;
    this.#clock = options.clock;
    const lag = new ClockLag(description.name, options.onWarning ?? (() => undefined));
    const builder = new BlockBuilder(storage, description, options.clock, lag);
    this.#commits = new CommitQueue(
      storage,
      (lock, candidate) => builder.build(lock, candidate),
      ({ documents, catalogChanges, redactions }) =>
        documents.length + catalogChanges.length + redactions.length > 0 ||
        options.journalReadOnlyTransactions,
    );
  }

  /** Opens the ledger that a storage holds. The ledger closes the storage. */
  static async open(storage: LedgerStorage, options: EmbeddedLedgerOptions): Promise<EmbeddedLedger> {
    return new EmbeddedLedger(storage, await storage.readDescription(), options);
  }

  get description(): LedgerDescription {
    return this.#description;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** True if a directory still has this ledger: another process may have deleted it. */
  isCurrent(directory: Pick<LedgerDirectory, "isCurrent">): Promise<boolean> {
    return directory.isCurrent(this.#description.name, this.#storage);
  }

  /** Reads the description again: another process may have changed it. */
  async refresh(): Promise<LedgerDescription> {
    this.#description = await this.#storage.readDescription();
    return this.#description;
  }

  /** The tags of the ledger (`ledger`), of a table (`table/ID`) or of a stream (`stream/ID`). */
  readTags(resource: string): Promise<Tags> {
    if (this.#closed) throw new LedgerClosedError();
    return this.#storage.readTags(resource);
  }

  /** Replaces all tags of a resource. */
  writeTags(resource: string, tags: Tags): Promise<void> {
    if (this.#closed) throw new LedgerClosedError();
    return this.#storage.writeTags(resource, tags);
  }

  /** True when the ledger has this table, active or dropped. */
  async hasTable(tableId: string): Promise<boolean> {
    return (await this.#readCatalog(await this.readHead())).some((table) => table.tableId === tableId);
  }

  /** Changes what the control plane can change. */
  async update(
    changes: Partial<Pick<LedgerDescription, "deletionProtection" | "permissionsMode">>,
  ): Promise<void> {
    this.#description = { ...(await this.#storage.readDescription()), ...changes };
    await this.#storage.writeDescription(this.#description);
  }

  /**
   * Begins a transaction; it sees the ledger as it is now. Whoever begins it MUST keep its lifetime.
   *
   * @param requireOpen asked while a statement runs; throws when nobody waits for it any more.
   */
  async begin(requireOpen?: () => void): Promise<Transaction> {
    const head = await this.readHead();
    const base = {
      transactionId: newUniqueId(),
      storage: this.#storage,
      strandId: this.#description.strandId,
      limits: this.limits,
      asOf: head?.sequenceNo ?? BEFORE_FIRST_BLOCK,
      catalog: await this.#readCatalog(head),
    };
    return new Transaction(base, {
      clock: this.#clock,
      statements: this.#statements,
      commits: this.#commits,
      pace: takeTurns(() => {
        // Who asked knows more about why it is to end.
        requireOpen?.();
        if (this.#closed) throw new LedgerClosedError();
      }),
    });
  }

  /**
   * Runs `work` in one transaction and commits it; after a conflict runs it again, up to four times unless told otherwise.
   *
   * @throws OccConflictError if it still conflicts.
   */
  async transact<T>(
    work: (transaction: EmbeddedTransaction) => Promise<T>,
    occRetriesMax = OCC_RETRIES_MAX,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const transaction = await this.begin();
      try {
        const result = await work(toEmbedded(transaction));
        await transaction.commit();
        return result;
      } catch (error) {
        if (!(error instanceof OccConflictError) || attempt >= occRetriesMax) throw error;
      }
    }
  }

  /** The newest block; `undefined` before the first transaction. */
  readHead(): Promise<Head | undefined> {
    if (this.#closed) throw new LedgerClosedError();
    return this.#storage.readHead();
  }

  /** How many blocks the journal has. */
  async countBlocks(): Promise<number> {
    return ((await this.readHead())?.sequenceNo ?? BEFORE_FIRST_BLOCK) + 1;
  }

  /** How many transactions wait to be committed, or are being committed. */
  get waitingCommits(): number {
    return this.#commits.length;
  }

  async #readCatalog(head: Head | undefined): Promise<StoredCatalog> {
    if (head === undefined) return [];
    if (this.#catalog?.sequenceNo !== head.catalogSequenceNo) {
      const tables = await this.#storage.readCatalog(head.sequenceNo);
      this.#catalog = { sequenceNo: head.catalogSequenceNo, tables };
    }
    return this.#catalog.tables;
  }

  /**
   * The hash of the whole journal, and the block up to which it reaches: the newest one.
   *
   * @throws LedgerEmptyError before the first transaction.
   */
  async digest(): Promise<Digest> {
    const head = await this.readHead();
    if (head === undefined) throw new LedgerEmptyError(this.#description.name);
    const { sequenceNo } = head;
    const tipAddress = { strandId: this.#description.strandId, sequenceNo };
    return { hash: await readDigest(this.#storage, sequenceNo + 1), tipAddress };
  }

  /** Blocks in order, both ends included; all of them by default. */
  async *blocks(
    range: { readonly first?: number | undefined; readonly last?: number | undefined } = {},
  ): AsyncIterable<StoredBlock> {
    const head = await this.readHead();
    const last = Math.min(range.last ?? Infinity, head?.sequenceNo ?? BEFORE_FIRST_BLOCK);
    yield* this.#storage.readBlocks(range.first ?? 0, last);
  }

  /** One block, or `undefined` if the journal does not reach so far. */
  readBlock(sequenceNo: number): Promise<StoredBlock | undefined> {
    if (this.#closed) throw new LedgerClosedError();
    return this.#storage.readBlock(sequenceNo);
  }

  /** The hashes that lead from a block to the digest whose tip is block `tip`. Both MUST be in the journal. */
  proveBlock(sequenceNo: number, tip: number): Promise<Proof> {
    if (this.#closed) throw new LedgerClosedError();
    return readBlockProof(this.#storage, sequenceNo, tip + 1);
  }

  /** Verifies every block, the chain, and that all that is derived from the journal follows from it. */
  verify(options: VerifyLedgerOptions = {}): Promise<LedgerVerification> {
    if (this.#closed) throw new LedgerClosedError();
    return verifyLedger(this.#storage, options);
  }

  /** Writes the journal, or a part of it, as QLDB's exports are. */
  export(options: ExportLedgerOptions): Promise<WrittenExport> {
    const { first, last, ...target } = options;
    const range = { first, last };
    return writeExport({
      ...target,
      ledgerName: this.#description.name,
      strandId: this.#description.strandId,
      blocks: ionOf(this.blocks(range)),
    });
  }

  /**
   * Writes the ledger to a file in a folder, and verifies the file; see {@link writeBackup}.
   *
   * Transactions read and commit meanwhile. The copy of a file ends with the newest block of the moment when the copy began. A ledger in a
   * database is written block by block.
   */
  async backUp({ folder, onProgress }: BackUpLedgerOptions): Promise<LedgerBackup> {
    return writeBackup({
      folder,
      ledgerName: this.#description.name,
      digest: await this.digest(),
      copyTo: (file) => this.copyTo(file),
      onProgress,
    });
  }

  /** Writes the ledger to a file, which nobody has verified, at a path where nothing is yet. */
  copyTo(file: string): Promise<void> {
    if (this.#closed) throw new LedgerClosedError();
    return this.#storage.copyTo?.(file) ?? writeLedgerFile(file, this.#storage);
  }

  /** Completes commits that were submitted and closes the storage. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#commits.close();
    await this.#storage.close();
  }
}

function toEmbedded(transaction: Transaction): EmbeddedTransaction {
  const run = async (statement: string, values: readonly dom.Value[]): Promise<RowCursor> => {
    const parameters: StatementParameter[] = [];
    for (const value of values) parameters.push(await toParameter(value));
    return transaction.execute(statement, parameters);
  };
  return {
    transactionId: transaction.transactionId,
    async execute(statement, ...values) {
      const cursor = await run(statement, values);
      return transaction.read(() => cursor.all());
    },
    async *stream(statement, ...values) {
      const cursor = await run(statement, values);
      const next = (): Promise<dom.Value | undefined> => transaction.read(() => cursor.next());
      for (let row = await next(); row !== undefined; row = await next()) yield row;
    },
  };
}

/** With its hash, which is that of the document if the parameter is one. Of a long one it is computed in turns with others. */
async function toParameter(value: dom.Value): Promise<StatementParameter> {
  const ion = readSingleValue(encodeIon(value));
  return { ion, ...(await inTurns(hashPartsInSteps(ion, HASHED_PER_TURN))) };
}

async function* ionOf(blocks: AsyncIterable<StoredBlock>): AsyncIterable<Uint8Array> {
  for await (const { ion } of blocks) yield ion;
}
