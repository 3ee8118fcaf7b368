// SPDX-License-Identifier: MIT
export { writeBackup } from "./backup";
export type { LedgerBackup, WriteBackupOptions } from "./backup";
export type { Clock } from "./clock";
export { EmbeddedLedger } from "./embedded-ledger";
export type {
  BackUpLedgerOptions,
  EmbeddedLedgerOptions,
  EmbeddedTransaction,
  ExportLedgerOptions,
} from "./embedded-ledger";
export {
  BackupExistsError,
  CatalogError,
  CommitDigestError,
  DataFolderLockedError,
  DeletionProtectedError,
  JournalReplayError,
  LedgerClosedError,
  LedgerEmptyError,
  LedgerExistsError,
  LedgerLimitError,
  LedgerNameError,
  LedgerNotFoundError,
  OccConflictError,
  StoreAccessError,
  StoreFormatError,
  StoreLockedError,
  StoreReplacedError,
  StoreUnreadableError,
  TransactionFailedError,
} from "./errors";
export { LedgerStore } from "./ledger-store";
export type { CreateLedgerOptions, LedgerStoreOptions } from "./ledger-store";
export { qldbLimits } from "./limits";
export type { LedgerLimits } from "./limits";
export { AwsError } from "./server/aws-error";
export { openLedgerServer } from "./server/ledger-server";
export type { LedgerServer, LedgerServerOptions } from "./server/ledger-server";
export type { LedgerDescription, LedgerStorage, StoredBlock } from "./storage/storage";
export {
  CommitUnknownError,
  DatabaseAccessError,
  DatabaseUnreachableError,
} from "./storage/postgres/database-errors";
export { SqliteStorage } from "./storage/sqlite/sqlite-storage";
export { rebuildLedger } from "./verification/rebuild-ledger";
export { verifyLedger } from "./verification/verify-ledger";
export type { LedgerFinding, LedgerVerification, VerifyLedgerOptions } from "./verification/verify-ledger";
