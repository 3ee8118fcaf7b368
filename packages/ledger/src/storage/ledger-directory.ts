// SPDX-License-Identifier: MIT
import type { LedgerRecord, RecordKind, RecordStore } from "./record-store";
import type { ServerAddress, ServerPeers } from "./server-peers";
import type { AcceptedLoss, LedgerStorage } from "./storage";

/** Where ledgers are found by name: a folder of files, a database. */
export interface LedgerDirectory {
  /** Where it is, for people: never with a password. */
  readonly place: string;
  /** The names of all ledgers, sorted. */
  list(): Promise<readonly string[]>;
  /**
   * How many blocks the journals of these ledgers have, none of which is open: without opening them as a whole, and changing nothing.
   * A ledger that cannot be read, or was deleted meanwhile, is left out.
   */
  countBlocks(names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Opens a ledger's storage; `undefined` if there is none of exactly this name. */
  open(name: string): Promise<LedgerStorage | undefined>;
  /**
   * Makes a ledger's storage and fills it; the caller makes sure that there is none yet.
   *
   * A crash on the way, or an error of `fill`, MUST leave no ledger of that name.
   */
  create(name: string, fill: (storage: LedgerStorage) => Promise<void>): Promise<void>;
  /**
   * Accepts that a ledger's newest commits are lost, so that it opens again; returns `undefined` if none are missing. The
   * ledger MUST exist, and MUST NOT be open.
   *
   * @param acceptedAt - now, in milliseconds since 1970.
   */
  acceptLoss(name: string, acceptedAt: number): Promise<AcceptedLoss | undefined>;
  /** A path where nothing is; what is left there is cleared away when the directory is opened again. */
  temporaryFile(name: string): string;
  /** Removes a ledger for good. Its storage MUST be closed. A crash on the way MUST NOT leave it half there. */
  delete(name: string): Promise<void>;
  /** True if an open storage still is the ledger of this name. Always true where no other process can delete it. */
  isCurrent(name: string, storage: LedgerStorage): Promise<boolean>;
  /** Opens what is kept beside the ledgers. */
  openRecords<T extends LedgerRecord>(kind: RecordKind): Promise<RecordStore<T>>;
  /** Makes a server known to the others on this directory. Only a directory for several processes has it. */
  join?(server: ServerAddress): Promise<ServerPeers>;
  /** Gives up the directory to other processes. Storages from it MUST be closed. */
  close(): Promise<void>;
}
