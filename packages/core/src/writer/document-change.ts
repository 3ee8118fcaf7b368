// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import type { TableName } from "../event/identifier";
import type { Transaction } from "../ledger/ledger";
import type { BulkReplacement } from "./bulk-replacement";
import { documentSize } from "./document-size";
import { deleteDocuments, insertDocuments, replaceDocument, replaceDocuments } from "./statements";

/** One document to be written. */
export type DocumentChange =
  | { readonly kind: "create"; readonly table: TableName; readonly document: dom.Struct }
  | {
      readonly kind: "replace";
      readonly table: TableName;
      readonly documentId: string;
      readonly document: dom.Struct;
    }
  | { readonly kind: "delete"; readonly table: TableName; readonly documentId: string };

/** A document that is replaced. */
type Replacement = Extract<DocumentChange, { readonly kind: "replace" }>;

/** How changes are made statements of. */
export interface ChangeOptions {
  readonly parameterBytesMax: number;
  /** Replaces several documents with one statement where the ledger can. Default: each takes a statement. */
  readonly bulk?: BulkReplacement | undefined;
}

/** The id of a document and the names of two fields, in bytes of Ion binary. */
const REPLACEMENT_OVERHEAD_BYTES = 64;

/** Writes changes with as few statements as the ledger allows: creations and deletions together, replacements singly or in bulk. */
export async function applyChanges(
  transaction: Transaction,
  changes: readonly DocumentChange[],
  options: ChangeOptions,
): Promise<void> {
  for (const [table, ofTable] of groupByTable(changes)) {
    const created = ofTable.flatMap((change) => (change.kind === "create" ? [change] : []));
    for (const chunk of chunksOf(created, 0, options.parameterBytesMax))
      await insertDocuments(
        transaction,
        table,
        chunk.map(({ document }) => document),
      );
    const deleted = ofTable.flatMap((change) => (change.kind === "delete" ? [change.documentId] : []));
    await deleteDocuments(transaction, table, deleted);
    const replaced = ofTable.flatMap((change) => (change.kind === "replace" ? [change] : []));
    await replaceAll(transaction, table, replaced, options);
  }
}

async function replaceAll(
  transaction: Transaction,
  table: TableName,
  replaced: readonly Replacement[],
  { bulk, parameterBytesMax }: ChangeOptions,
): Promise<void> {
  const replacesInBulk = replaced.length > 1 && (await bulk?.ask(transaction, table)) === true;
  const chunks = replacesInBulk
    ? chunksOf(replaced, REPLACEMENT_OVERHEAD_BYTES, parameterBytesMax)
    : replaced.map((change) => [change]);
  for (const chunk of chunks) {
    const [only, ...others] = chunk;
    // One of the greatest size fits a parameter only by itself.
    if (others.length > 0) await replaceDocuments(transaction, table, chunk);
    else if (only !== undefined) await replaceDocument(transaction, table, only.documentId, only.document);
  }
}

function groupByTable(changes: readonly DocumentChange[]): ReadonlyMap<TableName, readonly DocumentChange[]> {
  const groups = new Map<TableName, DocumentChange[]>();
  for (const change of changes) {
    const group = groups.get(change.table);
    if (group === undefined) groups.set(change.table, [change]);
    else group.push(change);
  }
  return groups;
}

/** Splits changes so that the documents of each list fit one statement parameter. */
function* chunksOf<T extends { readonly document: dom.Struct }>(
  changes: readonly T[],
  overheadBytes: number,
  bytesMax: number,
): Generator<readonly T[]> {
  let chunk: T[] = [];
  let bytes = 0;
  for (const change of changes) {
    const size = documentSize(change.document) + overheadBytes;
    if (chunk.length > 0 && bytes + size > bytesMax) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(change);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
