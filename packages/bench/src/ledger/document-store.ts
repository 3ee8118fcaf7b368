// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";

/** A document, and the key by which it is looked up. */
export interface KeyedDocument {
  readonly key: string;
  readonly value: dom.Value;
  /** The value as Ion binary. */
  readonly ion: Uint8Array;
}

/** A store of documents: a ledger, or a table of the database beneath it. */
export interface DocumentStore {
  /** Stores documents in one transaction, and waits for the disk. */
  insert(documents: readonly KeyedDocument[]): Promise<void>;
  /** How many documents an index lists under a key. */
  count(key: string): Promise<number>;
  close(): Promise<void>;
}
