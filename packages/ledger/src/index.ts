// SPDX-License-Identifier: MIT
export type { Clock } from "./clock";
export { EmbeddedLedger } from "./embedded-ledger";
export type { EmbeddedLedgerOptions, EmbeddedTransaction } from "./embedded-ledger";
export {
  CatalogError,
  CommitDigestError,
  DeletionProtectedError,
  LedgerClosedError,
  LedgerExistsError,
  LedgerLimitError,
  LedgerNameError,
  LedgerNotFoundError,
  OccConflictError,
  StoreFormatError,
  StoreLockedError,
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
export type { LedgerDescription, StoredBlock } from "./storage/storage";
