// SPDX-License-Identifier: MIT
import { UniqueIndexError } from "../errors";
import type { PendingDocument } from "../storage/pending-document";
import type { StoredIndex, StoredTable } from "../storage/storage";
import { storedIndexKey } from "../storage/stored-index-key";
import type { TransactionContext } from "./transaction-context";
import { TransactionTable } from "./transaction-table";

/**
 * Checks, at the end of a statement, what the statement changed against the unique indexes.
 *
 * The keys are read, found or not: a transaction that comes first with the same key makes this one conflict.
 *
 * @throws UniqueIndexError if two documents have equal values.
 */
export async function requireUnique(context: TransactionContext): Promise<void> {
  for (const document of context.documents.all()) {
    if (document.statements.at(-1) !== context.statementIndex) continue;
    const table = context.draft.read(document.tableNo);
    for (const index of table.indexes)
      if (index.unique) await requireUniqueKey(context, table, index, document);
  }
}

async function requireUniqueKey(
  context: TransactionContext,
  table: StoredTable,
  index: StoredIndex,
  { content }: PendingDocument,
): Promise<void> {
  const { indexNo, field } = index;
  const key = content === undefined ? undefined : storedIndexKey(content.at([field]));
  if (key === undefined) return;
  // An index that this transaction has created lists nothing yet.
  if (context.draft.isNew(indexNo)) {
    await requireUniqueField(context, table, field);
    return;
  }
  const { base, reads, documents } = context;
  reads.addIndexKey(indexNo, key);
  const own = documents.withKey(table.tableNo, field, key);
  const isOther = (documentId: string): boolean => documents.find(documentId) === undefined;
  for await (const { documentId } of base.storage.findByIndex(table.tableNo, indexNo, key, base.asOf)) {
    if (isOther(documentId)) throw new UniqueIndexError(table.name, field);
  }
  if (own.length > 1) throw new UniqueIndexError(table.name, field);
}

/**
 * Checks all documents of a table.
 *
 * @throws UniqueIndexError if two documents have equal values in the field.
 */
export async function requireUniqueField(
  context: TransactionContext,
  table: StoredTable,
  field: string,
): Promise<void> {
  const keys = new Set<string>();
  for await (const revision of new TransactionTable(context, table).scan()) {
    const key = storedIndexKey(revision.at([field]));
    if (key === undefined) continue;
    if (keys.has(key)) throw new UniqueIndexError(table.name, field);
    keys.add(key);
  }
}
