// SPDX-License-Identifier: MIT
import { decodeIon, readSingleValue } from "@ledger-loader/ion";
import type { CatalogChange, HeadLock, IndexChange, StoredCatalog, StoredIndex } from "../storage/storage";
import { storedIndexKey } from "../storage/stored-index-key";

/** A document before and after a block, as Ion binary; absent where there is none. */
export interface DocumentChange {
  readonly tableNo: number;
  readonly documentId: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
}

/**
 * Finds the changes of a block in indexes.
 *
 * Indexes are those of the catalog as of the block, not as of the transaction's snapshot: an index that was created
 * meanwhile must list what this transaction writes. An index that the block itself creates gets all documents there
 * are; that reads the whole table while nobody else can commit.
 */
export async function findIndexChanges(
  lock: HeadLock,
  catalog: StoredCatalog,
  catalogChanges: readonly CatalogChange[],
  documents: readonly DocumentChange[],
): Promise<readonly IndexChange[]> {
  const changes: IndexChange[] = [];
  const created = catalogChanges.filter((change) => change.kind === "create-index");
  const isNew = ({ indexNo }: StoredIndex): boolean => created.some((change) => change.indexNo === indexNo);
  for (const document of documents) {
    for (const index of catalog[document.tableNo - 1]?.indexes ?? [])
      if (!isNew(index)) changes.push(...moveEntry(index, document));
  }
  const changed = new Map(documents.map((document) => [document.documentId, document]));
  for (const index of created) changes.push(...(await listAll(lock, index, changed)));
  return changes;
}

function moveEntry(
  { indexNo, field }: StoredIndex,
  { documentId, before, after }: DocumentChange,
): IndexChange[] {
  const from = readIndexKey(before, field);
  const to = readIndexKey(after, field);
  if (from === to) return [];
  return [
    ...(from === undefined ? [] : [{ kind: "remove", indexNo, key: from, documentId } as const]),
    ...(to === undefined ? [] : [{ kind: "add", indexNo, key: to, documentId } as const]),
  ];
}

async function listAll(
  lock: HeadLock,
  { tableNo, indexNo, field }: StoredIndex & { readonly tableNo: number },
  changed: ReadonlyMap<string, DocumentChange>,
): Promise<IndexChange[]> {
  const entries: IndexChange[] = [];
  const add = (documentId: string, data: Uint8Array | undefined): void => {
    const key = readIndexKey(data, field);
    if (key !== undefined) entries.push({ kind: "add", indexNo, key, documentId });
  };
  for await (const { documentId, data } of lock.scan(tableNo)) {
    if (!changed.has(documentId)) add(documentId, data);
  }
  for (const document of changed.values()) {
    if (document.tableNo === tableNo) add(document.documentId, document.after);
  }
  return entries;
}

/** The key of one field, without building the values beside it. */
export function readIndexKey(data: Uint8Array | undefined, field: string): string | undefined {
  if (data === undefined) return undefined;
  const slice = readSingleValue(data).field(field);
  return slice === undefined ? undefined : storedIndexKey(decodeIon(slice));
}
