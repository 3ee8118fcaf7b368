// SPDX-License-Identifier: MIT

/** A record about a ledger that is no part of its journal. `format` is that of the store. */
export interface LedgerRecord {
  readonly ledgerName: string;
  readonly format?: never;
}

/** The kinds of records that are kept next to ledgers. */
export type RecordKind = "exports" | "streams";

/** Keeps records of one kind, each under an id, beside the ledgers that they are about. */
export interface RecordStore<T extends LedgerRecord> {
  /** All records. @throws StoreUnreadableError if one is not of this kind. */
  readAll(): Promise<readonly T[]>;
  /** Keeps a record as it is now; it survives a crash of the machine when the promise resolves. */
  write(id: string, record: T): Promise<void>;
  /**
   * Writes a record in place of another one, unless another process has changed that one meanwhile.
   *
   * @returns whether it was written
   */
  replace(id: string, from: T, to: T): Promise<boolean>;
  /** True if a record is still the one that is kept: another process may have changed it. */
  holds(id: string, record: T): Promise<boolean>;
  remove(id: string): Promise<void>;
}
