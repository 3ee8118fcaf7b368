// SPDX-License-Identifier: MIT
import {
  type Block,
  type RedactedRevision,
  type Revision,
  type TransactionInfo,
  decodeBlock,
  decodeRedactionInfo,
  decodeTransactionInfo,
} from "@ledger-loader/journal";
import { toIonBinary } from "@ledger-loader/ion";
import { execute, type StatementKind } from "@ledger-loader/partiql";
import { toIonTimestamp } from "../clock";
import { applyToCatalog } from "../storage/apply-to-catalog";
import { findErasures } from "../commit/erasures";
import { findIndexChanges } from "../commit/index-changes";
import { MerkleNodeBuilder } from "../commit/merkle-nodes";
import { JournalReplayError } from "../errors";
import { qldbLimits } from "../limits";
import type {
  CatalogChange,
  HeadLock,
  LedgerStorage,
  RevisionChange,
  StoredCatalog,
} from "../storage/storage";
import { RowCursor } from "../transaction/row-cursor";
import { StatementCache } from "../transaction/statement-cache";
import { TransactionCatalog } from "../transaction/transaction-catalog";
import { TransactionContext } from "../transaction/transaction-context";

/** Statements that cannot define anything need not be compiled. */
const mayDefine = /\b(create|drop|undrop)\b/i;

const definitions: ReadonlySet<StatementKind> = new Set([
  "create-table",
  "drop-table",
  "undrop-table",
  "create-index",
  "drop-index",
]);

/** What was allowed when the journal was written is not judged again. */
const unlimited = {
  ...qldbLimits,
  tablesMax: Infinity,
  activeTablesMax: Infinity,
  indexesPerTableMax: Infinity,
};

/** Derives a ledger's state from its journal, block by block, into an empty storage. */
export class JournalReplay {
  readonly #target: LedgerStorage;
  readonly #merkle: MerkleNodeBuilder;
  readonly #statements = new StatementCache();

  constructor(target: LedgerStorage) {
    this.#target = target;
    this.#merkle = new MerkleNodeBuilder(target);
  }

  /**
   * Appends the next block, which MUST have been verified.
   *
   * @throws JournalReplayError if what it says does not follow from the blocks before it.
   */
  async append(lock: HeadLock, ion: Uint8Array): Promise<void> {
    const block = decodeBlock(ion);
    const { blockAddress, transactionId, blockHash } = block;
    const info =
      block.transactionInfo === undefined ? undefined : decodeTransactionInfo(block.transactionInfo);
    const before = await lock.readCatalog();
    const catalogChanges = info === undefined ? [] : await this.#define(block, info, before);
    const catalog = applyToCatalog(before, catalogChanges);
    const revisions = toRevisionChanges(block, info, catalog);
    await lock.append({
      block: { sequenceNo: blockAddress.sequenceNo, hash: blockHash, ion },
      transactionId,
      blockTime: Date.parse(block.blockTimestamp),
      catalogChanges,
      revisions,
      indexChanges: await findIndexChanges(lock, catalog, catalogChanges, await withData(lock, revisions)),
      merkleNodes: await this.#merkle.append(lock.head, blockHash),
      erasures: await findErasures(lock, catalog, readRedactions(block)),
    });
  }

  /** Runs the statements that define tables and indexes again: they give the same ids. */
  async #define(
    { blockAddress, transactionId, blockTimestamp }: Block,
    { statements }: TransactionInfo,
    catalog: StoredCatalog,
  ): Promise<readonly CatalogChange[]> {
    const context = new TransactionContext({
      transactionId,
      storage: this.#target,
      strandId: blockAddress.strandId,
      limits: unlimited,
      asOf: blockAddress.sequenceNo - 1,
      catalog,
    });
    for (const { statement: text } of statements) {
      if (!mayDefine.test(text)) continue;
      const statement = this.#statements.compile(text);
      if (!definitions.has(statement.kind)) continue;
      const now = toIonTimestamp(Date.parse(blockTimestamp));
      await new RowCursor(execute(statement, [], new TransactionCatalog(context, now))).drain();
    }
    return context.draft.changes;
  }
}

function toRevisionChanges(
  { blockAddress, blockTimestamp, revisions = [] }: Block,
  info: TransactionInfo | undefined,
  catalog: StoredCatalog,
): RevisionChange[] {
  return revisions.map(({ metadata, hash, data, dataHash }: Revision) => {
    if (metadata === undefined)
      throw new JournalReplayError(blockAddress.sequenceNo, "a revision without metadata");
    const tableId = info?.documents?.get(metadata.id)?.tableId;
    const table = catalog.find((candidate) => candidate.tableId === tableId);
    if (table === undefined) {
      throw new JournalReplayError(
        blockAddress.sequenceNo,
        `document ${metadata.id} in no table of the catalog`,
      );
    }
    return {
      tableNo: table.tableNo,
      documentId: metadata.id,
      version: metadata.version,
      transactionTime: Date.parse(blockTimestamp),
      hash,
      data: data === undefined ? undefined : toIonBinary(data),
      dataHash,
    };
  });
}

/** A journal from before the erasure still holds the data: it is erased again. */
function readRedactions({ redactionInfo }: Block): RedactedRevision[] {
  return redactionInfo === undefined ? [] : decodeRedactionInfo(redactionInfo);
}

/** Each changed document with its content before the block. */
async function withData(
  lock: HeadLock,
  revisions: readonly RevisionChange[],
): Promise<Parameters<typeof findIndexChanges>[3]> {
  const documents = [];
  for (const { tableNo, documentId, version, data } of revisions) {
    const [base] = version === 0 ? [] : await lock.findByIds(tableNo, [documentId]);
    documents.push({ tableNo, documentId, before: base?.data, after: data });
  }
  return documents;
}
