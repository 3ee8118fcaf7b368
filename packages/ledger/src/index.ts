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
  ClockJumpedError,
  CommitDigestError,
  CommitsMissingError,
  CopyDiffersError,
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
  RedactionError,
  StoreAccessError,
  StoreFormatError,
  StoreLockedError,
  StoreReplacedError,
  StoreUnreadableError,
  TipUnreadableError,
  TransactionFailedError,
  UniqueIndexError,
} from "./errors";
export type { GuardedClockOptions } from "./guarded-clock";
export type { CopyLedgerOptions } from "./copy-ledger";
export { LedgerStore } from "./ledger-store";
export type { IdleLedgers } from "./idle-ledgers";
export type { CreateLedgerOptions, LedgerStoreOptions } from "./ledger-store";
export { qldbLimits } from "./limits";
export type { LedgerLimits } from "./limits";
export type { LedgerRestoration, RestoredLedger } from "./restore/ledger-restoration";
export type { RestoreLedgerOptions } from "./restore/restore-ledger";
export { RestoreRefusedError } from "./restore/restore-refused-error";
export type { RestoreRefusal } from "./restore/restore-refused-error";
export { AccessDeniedError } from "./server/access/access-denied-error";
export { addAccessKey } from "./server/access/add-access-key";
export type { AccessKeyPair, AccessLevel, NewAccessKey } from "./server/access/add-access-key";
export { ANYONE } from "./server/access/caller";
export type { Authenticate, Caller } from "./server/access/caller";
export { CredentialsFileError } from "./server/access/credentials-file-error";
export { InsecureServerError } from "./server/access/insecure-server-error";
export { SELF_SIGNED_FILE } from "./server/access/server-access";
export type { ServerAccessOptions } from "./server/access/server-access";
export type { TlsFiles } from "./server/access/tls";
export { TlsFileError } from "./server/access/tls-file-error";
export { AwsError } from "./server/aws-error";
export type { ExplorerOptions } from "./server/explorer/explorer-page";
export { openLedgerServer } from "./server/ledger-server";
export type { LedgerServer, LedgerServerOptions } from "./server/ledger-server";
export type { BudgetFigures, LedgerFigures, ServerFigures } from "./server/observe/server-figures";
export type {
  AnsweredRequest,
  ServerChange,
  ServerLimit,
  ServerObserver,
} from "./server/observe/server-observer";
export {
  CommitUnknownError,
  DatabaseAccessError,
  DatabaseEmptyError,
  DatabaseUnreachableError,
} from "./storage/postgres/database-errors";
export type { DatabaseChange } from "./storage/database-change";
export { isStoreFailure } from "./storage/store-failure";
export type {
  AcceptedLoss,
  AcknowledgedTip,
  GivenId,
  LedgerDescription,
  LedgerStorage,
  MissingCommits,
  StoredBlock,
} from "./storage/storage";
export { SqliteStorage } from "./storage/sqlite/sqlite-storage";
export type { DerivationGap, MadeUpId } from "./verification/derivation-notes";
export { isStreamPattern } from "./streams/stream-targets";
export type { LedgerRebuild, RebuildLedgerOptions } from "./rebuild-derived";
export { rebuildLedger } from "./verification/rebuild-ledger";
export { verifyLedger } from "./verification/verify-ledger";
export type { LedgerFinding, LedgerVerification, VerifyLedgerOptions } from "./verification/verify-ledger";
