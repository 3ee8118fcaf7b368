// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { IonSlice } from "@ledger-loader/ion";

const REVISION = /^revisions\[(\d+)\]/;

/**
 * Finds the id of the document to whose revision a field of a block belongs, in a block that may be damaged.
 *
 * @param field path from the block, such as `revisions[3].metadata.txId`.
 */
export function findDocumentId(block: IonSlice, field: string): string | undefined {
  const index = REVISION.exec(field)?.[1];
  if (index === undefined) return undefined;
  try {
    return block.field("revisions")?.elements()[Number(index)]?.field("metadata")?.field("id")?.stringValue();
  } catch (error) {
    // What is damaged may be on the way to the id. The finding then names the block and the field alone.
    if (error instanceof LedgerLoaderError) return undefined;
    throw error;
  }
}
