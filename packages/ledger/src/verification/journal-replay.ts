// SPDX-License-Identifier: MIT
import { toIonBinary } from "@ledger-loader/ion";
import {
  type Block,
  type RedactedRevision,
  type Revision,
  type RevisionMetadata,
  SealedBlocks,
  type TransactionInfo,
  decodeTransactionInfo,
  decodeRedactionInfo,
  encodeBlock,
} from "@ledger-loader/journal";
import { findErasures } from "../commit/erasures";
import { type DocumentChange, findIndexChanges } from "../commit/index-changes";
import { MerkleNodeBuilder } from "../commit/merkle-nodes";
import { JournalReplayError } from "../errors";
import { applyToCatalog } from "../storage/apply-to-catalog";
import type { GivenId, HeadLock, LedgerStorage, RevisionChange, StoredCatalog } from "../storage/storage";
import { CatalogDerivation } from "./catalog-derivation";
import { DerivationNotes } from "./derivation-notes";
import { GivenIds } from "./given-ids";

/** A revision of a document; QLDB's own have only a hash. */
type DocumentRevision = Revision & { readonly metadata: RevisionMetadata };

/**
 * Derives a ledger's state from its journal, block by block, into a storage that holds the blocks before.
 *
 * Blocks of this project's ledger must be understood in full. Of blocks of Amazon QLDB, what cannot be derived is noted.
 */
export class JournalReplay {
  readonly notes = new DerivationNotes();
  readonly #target: LedgerStorage;
  readonly #merkle: MerkleNodeBuilder;
  readonly #catalog: CatalogDerivation;
  readonly #given: GivenIds;
  readonly #sealed = new SealedBlocks(undefined);
  /** Tables that got a document from this replay. */
  readonly #filled = new Set<number>();
  /** The newest block that this replay did not append; `undefined` before the first one. */
  #start: { readonly sequenceNo: number } | undefined;
  #last: { readonly sequenceNo: number; readonly catalog: StoredCatalog } | undefined;

  /** @param givenIds - ids of tables and indexes that blocks of Amazon QLDB do not tell; those that the ledger was restored with. */
  constructor(target: LedgerStorage, givenIds: readonly GivenId[] = []) {
    this.#target = target;
    this.#merkle = new MerkleNodeBuilder(target);
    this.#given = new GivenIds(givenIds);
    this.#catalog = new CatalogDerivation(target, this.notes, this.#given);
  }

  /** Given ids that no block had a table or index for. */
  get unusedIds(): readonly GivenId[] {
    return this.#given.unused;
  }

  /**
   * Appends the next block, which MUST have been verified.
   *
   * @param ion - the block's bytes, if they are at hand.
   * @throws JournalReplayError if a block of this project's ledger does not follow from the blocks before it.
   */
  async append(lock: HeadLock, block: Block, ion: Uint8Array = encodeBlock(block)): Promise<void> {
    const { blockAddress, transactionId, blockHash, transactionInfo } = block;
    const { sequenceNo } = blockAddress;
    const sealed = this.#sealed.test(block);
    const info = transactionInfo === undefined ? undefined : decodeTransactionInfo(transactionInfo);
    const before = await this.#catalogBefore(lock);
    const catalogChanges =
      info === undefined
        ? []
        : await this.#catalog.derive({ block, info, catalog: before, sealed }, (tableNo) =>
            this.#isEmpty(tableNo),
          );
    const catalog = applyToCatalog(before, catalogChanges);
    const revisions = await this.#place(lock, { block, info, catalog, sealed });
    await lock.append({
      block: { sequenceNo, hash: blockHash, ion },
      transactionId,
      blockTime: Date.parse(block.blockTimestamp),
      catalogChanges,
      revisions,
      indexChanges: await findIndexChanges(
        lock,
        catalog,
        catalogChanges,
        await toDocumentChanges(lock, catalog, revisions),
      ),
      merkleNodes: await this.#merkle.append(lock.head, blockHash),
      erasures: await findErasures(lock, catalog, readRedactions(block)),
    });
    for (const { tableNo } of revisions) this.#filled.add(tableNo);
    this.#last = { sequenceNo, catalog };
  }

  /** The catalog before the next block; read only where this replay did not append the newest one. */
  async #catalogBefore(lock: HeadLock): Promise<StoredCatalog> {
    const sequenceNo = lock.head?.sequenceNo ?? -1;
    if (this.#last?.sequenceNo === sequenceNo) return this.#last.catalog;
    this.#start = { sequenceNo };
    this.#filled.clear();
    return lock.readCatalog();
  }

  async #isEmpty(tableNo: number): Promise<boolean> {
    if (this.#filled.has(tableNo)) return false;
    for await (const _ of this.#target.history(tableNo, {}, this.#start?.sequenceNo ?? -1)) return false;
    return true;
  }

  /** The revisions of documents, each in its table. Those without metadata are QLDB's own. */
  async #place(lock: HeadLock, context: RevisionsContext): Promise<RevisionChange[]> {
    const placed: RevisionChange[] = [];
    const { sequenceNo } = context.block.blockAddress;
    for (const revision of context.block.revisions ?? []) {
      if (isOfDocument(revision)) {
        const tableNo = await this.#findTable(lock, context, revision.metadata);
        if (tableNo === undefined) this.notes.unplaced(sequenceNo, revision.metadata.id);
        else placed.push(toRevisionChange(tableNo, revision));
      } else if (context.sealed) throw new JournalReplayError(sequenceNo, "a revision without metadata");
    }
    return placed;
  }

  async #findTable(
    lock: HeadLock,
    { block, info, catalog, sealed }: RevisionsContext,
    { id, version }: RevisionMetadata,
  ): Promise<number | undefined> {
    const tableId = info?.documents?.get(id)?.tableId;
    const told = catalog.find((table) => table.tableId === tableId);
    if (told !== undefined) return told.tableNo;
    if (sealed) {
      throw new JournalReplayError(
        block.blockAddress.sequenceNo,
        `document ${id} in no table of the catalog`,
      );
    }
    return version === 0 ? undefined : findTableOf(lock, catalog, id);
  }
}

interface RevisionsContext {
  readonly block: Block;
  readonly info: TransactionInfo | undefined;
  /** Tables after the block. */
  readonly catalog: StoredCatalog;
  readonly sealed: boolean;
}

function isOfDocument(revision: Revision): revision is DocumentRevision {
  return revision.metadata !== undefined;
}

/** The table that holds a document, where the block does not tell the table. */
async function findTableOf(lock: HeadLock, catalog: StoredCatalog, id: string): Promise<number | undefined> {
  for (const { tableNo } of catalog) if ((await lock.findByIds(tableNo, [id])).length > 0) return tableNo;
  return undefined;
}

function toRevisionChange(
  tableNo: number,
  { metadata, hash, data, dataHash }: DocumentRevision,
): RevisionChange {
  return {
    tableNo,
    documentId: metadata.id,
    version: metadata.version,
    transactionTime: Date.parse(metadata.txTime),
    hash,
    data: data === undefined ? undefined : toIonBinary(data),
    dataHash,
  };
}

/** A journal from before the erasure still holds the data: it is erased again. */
function readRedactions({ redactionInfo }: Block): RedactedRevision[] {
  return redactionInfo === undefined ? [] : decodeRedactionInfo(redactionInfo);
}

/** Each changed document with its content before the block, which only indexes need. */
async function toDocumentChanges(
  lock: HeadLock,
  catalog: StoredCatalog,
  revisions: readonly RevisionChange[],
): Promise<DocumentChange[]> {
  const documents: DocumentChange[] = [];
  for (const { tableNo, documentId, version, data } of revisions) {
    const isIndexed = (catalog[tableNo - 1]?.indexes.length ?? 0) > 0;
    const [base] = isIndexed && version > 0 ? await lock.findByIds(tableNo, [documentId]) : [];
    documents.push({ tableNo, documentId, before: base?.data, after: data });
  }
  return documents;
}
