// SPDX-License-Identifier: MIT
import type { MerkleNode, NodeAddress } from "@ledger-loader/journal";
import type { ReadSet } from "./read-set";

/**
 * Where one ledger is kept: its journal, and what is derived from it.
 *
 * Every derived row carries the sequence numbers of the blocks from which and before which it holds. Reads are as of
 * a block, so an implementation MUST NOT keep a database transaction open between calls, and MAY answer a read while
 * a commit is under way: rows of a block that is not committed yet are beyond every reader's block.
 *
 * Several processes may share one store where an implementation says so; only {@link LedgerStorage.lockHead}
 * excludes them from one another.
 */
export interface LedgerStorage {
  readDescription(): Promise<LedgerDescription>;
  writeDescription(description: LedgerDescription): Promise<void>;
  /**
   * The tags of a resource of the ledger: `ledger`, `table/ID` or `stream/ID`. Tags are no part of the journal, but for those with
   * which a table was created.
   */
  readTags(resource: string): Promise<Tags>;
  writeTags(resource: string, tags: Tags): Promise<void>;
  /** The newest block that is safely stored, or `undefined` while the journal is empty. */
  readHead(): Promise<Head | undefined>;
  /**
   * Finds commits that were acknowledged and are not in the journal, as after the loss of a log; `undefined` if there
   * are none, or where nothing tells how far commits were acknowledged.
   */
  findMissingCommits(): Promise<MissingCommits | undefined>;
  /** The losses of commits that were accepted, in that order. */
  readAcceptedLosses(): Promise<readonly AcceptedLoss[]>;
  /** Tables and indexes as of a block. */
  readCatalog(asOf: number): Promise<StoredCatalog>;
  /** The documents of a table with these ids that exist as of a block. */
  findByIds(tableNo: number, documentIds: readonly string[], asOf: number): Promise<StoredRevision[]>;
  /** The documents of a table that one of its indexes lists under a key as of a block. */
  findByIndex(tableNo: number, indexNo: number, key: string, asOf: number): AsyncIterable<StoredRevision>;
  /** All documents of a table as of a block, without the first `skip` ones, which are not read. The order stays while nothing changes. */
  scan(tableNo: number, asOf: number, skip?: number): AsyncIterable<StoredRevision>;
  /** Revisions of a table, superseded ones and deletions included, up to a block. */
  history(tableNo: number, selection: HistorySelection, asOf: number): AsyncIterable<StoredRevision>;
  /** Blocks in order, both ends included. */
  readBlocks(first: number, last: number): AsyncIterable<StoredBlock>;
  readBlock(sequenceNo: number): Promise<StoredBlock | undefined>;
  /** The stored nodes of the tree of block hashes; all of them MUST exist. */
  readMerkleNodes(places: readonly NodeAddress[]): Promise<Uint8Array[]>;
  /**
   * Runs `work` while nobody else can append, then stores what it appended: all of it or, if anything throws, none.
   *
   * When the promise resolves, it MUST survive a crash of the process and of the machine.
   *
   * @param snapshots what `work` is going to ask conflicts for, as far as that is known: a storage behind a network looks
   * for all of them in the round trip that takes the lock.
   */
  lockHead<T>(work: (lock: HeadLock) => Promise<T>, snapshots?: readonly Snapshot[]): Promise<T>;
  /**
   * Everything derived from the journal up to a block, one line per row; documents and index keys as hashes.
   *
   * A line begins with the kind of row (tables, indexes, revisions, index_entries, merkle_nodes), and kinds come in
   * that order. Lines and their order MUST depend on the journal up to that block alone.
   */
  derivedState(upTo: number): AsyncIterable<string>;
  /**
   * Writes a copy of the whole store, as of one moment between two commits, to a SQLite file that does not exist yet.
   *
   * Only a storage that is such a file has it.
   */
  copyTo?(file: string): Promise<void>;
  /**
   * How many times something was erased, by this process and by every other that shares the store, since some moment before it was
   * opened: two equal counts mean that nothing was erased in between.
   */
  readErasureCount(): Promise<number>;
  close(): Promise<void>;
}

/** The reads of a transaction, and the block that they are as of. */
export interface Snapshot {
  readonly reads: ReadSet;
  readonly asOf: number;
}

/** The right to append, held while `lockHead` runs. */
export interface HeadLock {
  /** The newest block, those appended under this lock included. */
  readonly head: Head | undefined;
  /** Looks for a change, after the block `asOf`, to anything in `reads`; says what it was, or `undefined`. */
  findConflict(reads: ReadSet, asOf: number): Promise<string | undefined>;
  /** Tables and indexes as of {@link HeadLock.head}. */
  readCatalog(): Promise<StoredCatalog>;
  /** The documents of a table with these ids that exist as of {@link HeadLock.head}. */
  findByIds(tableNo: number, documentIds: readonly string[]): Promise<StoredRevision[]>;
  /** A block up to {@link HeadLock.head}. */
  readBlock(sequenceNo: number): Promise<StoredBlock | undefined>;
  /** All documents of a table as of {@link HeadLock.head}. */
  scan(tableNo: number): AsyncIterable<StoredRevision>;
  /**
   * Removes all that is derived from the journal, so that it is derived again: every block of the journal MUST then be appended
   * again, as it is stored. Tags stay as they are.
   */
  rewind(): Promise<void>;
  /** Appends one block and applies what follows from it. Its sequence number MUST be the head's plus one. */
  append(change: BlockChange): Promise<void>;
}

/** The properties of a ledger, apart from its content. */
export interface LedgerDescription {
  readonly name: string;
  readonly strandId: string;
  /** Milliseconds since 1970. */
  readonly creationTime: number;
  readonly permissionsMode: "ALLOW_ALL" | "STANDARD";
  readonly deletionProtection: boolean;
  /** Ids of tables and indexes that the ledger was restored with, as its blocks do not tell them. Default: none. */
  readonly givenIds?: readonly GivenId[];
}

/** An id that a journal of Amazon QLDB does not tell, and that whoever restores it knows: of a table or, with a field, of an index. */
export interface GivenId {
  readonly tableName: string;
  /** The indexed field, if the id is an index's. */
  readonly field?: string;
  readonly id: string;
}

/** The end of the journal. */
export interface Head {
  readonly sequenceNo: number;
  readonly blockHash: Uint8Array;
  /** The newest block's time, in milliseconds since 1970. */
  readonly blockTime: number;
  /** The newest block that changed tables or indexes; -1 before the first one. */
  readonly catalogSequenceNo: number;
}

/** The newest block whose commit may have been acknowledged, as it is recorded outside the journal. */
export type AcknowledgedTip = Pick<Head, "sequenceNo" | "blockHash" | "blockTime">;

/** Commits that were acknowledged and are not in the journal. */
export interface MissingCommits {
  /** The newest block that was acknowledged. */
  readonly tip: AcknowledgedTip;
  /** The newest block of the journal, -1 for none. */
  readonly journalEnd: number;
  /** How many are missing; `undefined` if the journal has another block at the tip's place: it is another journal. */
  readonly count: number | undefined;
}

/** Commits whose loss somebody has accepted, so that the ledger could be opened again. */
export interface AcceptedLoss {
  /** When it was accepted, in milliseconds since 1970. */
  readonly acceptedAt: number;
  /** The newest block that was left, -1 for none. The numbers after it were given again. */
  readonly journalEnd: number;
  /** The newest block that was acknowledged. */
  readonly lastBlock: number;
  /** The time of that block, in milliseconds since 1970. */
  readonly lastBlockTime: number;
  /** The hash of that block, as hexadecimal digits. */
  readonly lastBlockHash: string;
}

/** All tables, dropped ones included, in the order of their creation: a table's number is its place, from 1. */
export type StoredCatalog = readonly StoredTable[];

/** One table. Its number is dense and in order of creation; it stands for the id inside a store. */
export interface StoredTable {
  readonly tableNo: number;
  readonly tableId: string;
  readonly name: string;
  readonly active: boolean;
  readonly indexes: readonly StoredIndex[];
  /** How many of its indexes were dropped: their numbers are not given again. */
  readonly droppedIndexes: number;
}

/** One index on one top-level field. */
export interface StoredIndex {
  readonly indexNo: number;
  readonly indexId: string;
  readonly field: string;
  /** No two documents have equal values in the field. */
  readonly unique: boolean;
}

/** One committed revision. */
export interface StoredRevision {
  readonly tableNo: number;
  readonly documentId: string;
  readonly version: number;
  /** The block that holds it. */
  readonly sequenceNo: number;
  readonly transactionId: string;
  /** Milliseconds since 1970. */
  readonly transactionTime: number;
  readonly hash: Uint8Array;
  /** The document as Ion binary; absent for a deletion and for a redacted revision. */
  readonly data: Uint8Array | undefined;
  /** The hash that stands for redacted data. */
  readonly dataHash: Uint8Array | undefined;
}

/** Which revisions are wanted; an absent member does not restrict. */
export interface HistorySelection {
  readonly documentIds?: readonly string[] | undefined;
  readonly versions?: readonly number[] | undefined;
  /** Only revisions that held at or after this time, in milliseconds. */
  readonly start?: number | undefined;
  /** Only revisions that held at or before this time, in milliseconds. */
  readonly end?: number | undefined;
}

/** One block as it is exported. */
export interface StoredBlock {
  readonly sequenceNo: number;
  readonly hash: Uint8Array;
  /** The whole block as Ion binary. */
  readonly ion: Uint8Array;
}

/** One block and all that follows from it. */
export interface BlockChange {
  readonly block: StoredBlock;
  readonly transactionId: string;
  /** Milliseconds since 1970. */
  readonly blockTime: number;
  readonly catalogChanges: readonly CatalogChange[];
  readonly revisions: readonly RevisionChange[];
  readonly indexChanges: readonly IndexChange[];
  readonly merkleNodes: readonly MerkleNode[];
  /** Revisions of earlier blocks that the block redacts. None of their bytes MUST be left once the block is stored. */
  readonly erasures: readonly BlockErasure[];
}

/** The erasures in one earlier block. */
export interface BlockErasure {
  readonly sequenceNo: number;
  /** The block without the data; its hash is the same. */
  readonly ion: Uint8Array;
  readonly revisions: readonly ErasedRevision[];
}

/** A revision whose data is erased. */
export interface ErasedRevision {
  readonly tableNo: number;
  readonly documentId: string;
  readonly version: number;
  /** Takes the place of the data. */
  readonly dataHash: Uint8Array;
  /** The keys under which indexes list the revision. */
  readonly indexKeys: readonly { readonly indexNo: number; readonly key: string }[];
}

/** Tags of a resource: keys and values. */
export type Tags = Readonly<Record<string, string>>;

/** A change to tables or indexes. */
export type CatalogChange =
  | {
      readonly kind: "create-table";
      readonly tableNo: number;
      readonly tableId: string;
      readonly name: string;
      readonly tags: Tags;
    }
  | { readonly kind: "drop-table"; readonly tableNo: number }
  /** The id of a table became known: it replaces the id that the table was given, as of earlier blocks too. */
  | { readonly kind: "identify-table"; readonly tableNo: number; readonly tableId: string }
  | { readonly kind: "undrop-table"; readonly tableNo: number }
  | { readonly kind: "drop-index"; readonly tableNo: number; readonly indexNo: number }
  | {
      readonly kind: "create-index";
      readonly tableNo: number;
      readonly indexNo: number;
      readonly indexId: string;
      readonly field: string;
      readonly unique: boolean;
    };

/** A new revision; it supersedes the document's revision before it. */
export type RevisionChange = Omit<StoredRevision, "sequenceNo" | "transactionId">;

/** A document that enters or leaves an index under a key. */
export interface IndexChange {
  readonly kind: "add" | "remove";
  readonly indexNo: number;
  readonly key: string;
  readonly documentId: string;
}
