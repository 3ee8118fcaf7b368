// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { ionSizeAtMost } from "@ledger-loader/ion";
import type { TableName } from "../event/identifier";
import type { Transaction } from "../ledger/ledger";
import { deleteDocuments, insertDocuments, replaceDocument } from "./statements";

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

/** Writes changes with as few statements as QLDB allows: creations and deletions together, replacements singly. */
export async function applyChanges(
  transaction: Transaction,
  changes: readonly DocumentChange[],
  parameterBytesMax: number,
): Promise<void> {
  for (const [table, ofTable] of groupByTable(changes)) {
    const documents = ofTable.flatMap((change) => (change.kind === "create" ? [change.document] : []));
    for (const chunk of chunksOf(documents, parameterBytesMax))
      await insertDocuments(transaction, table, chunk);
    const deleted = ofTable.flatMap((change) => (change.kind === "delete" ? [change.documentId] : []));
    await deleteDocuments(transaction, table, deleted);
    for (const change of ofTable) {
      if (change.kind !== "replace") continue;
      await replaceDocument(transaction, table, change.documentId, change.document);
    }
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

/** Splits documents so that each list fits one statement parameter. */
function* chunksOf(documents: readonly dom.Struct[], bytesMax: number): Generator<readonly dom.Struct[]> {
  let chunk: dom.Struct[] = [];
  let bytes = 0;
  for (const document of documents) {
    const size = ionSizeAtMost(document);
    if (chunk.length > 0 && bytes + size > bytesMax) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(document);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
