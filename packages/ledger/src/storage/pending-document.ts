// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import type { StoredRevision } from "./storage";

/** What a transaction has made of one document so far. */
export interface PendingDocument {
  readonly tableNo: number;
  readonly documentId: string;
  /** The committed revision that this one will supersede; absent if this transaction inserted the document. */
  readonly base: StoredRevision | undefined;
  /** The new content; absent if the document was deleted. */
  readonly content: DocumentContent | undefined;
  /** The statements that changed it, by their place in the transaction, one entry per modification. */
  readonly statements: readonly number[];
}

/** A document as a value and as the bytes that are stored for it. */
export interface DocumentContent {
  readonly value: dom.Value;
  readonly ion: Uint8Array;
}
