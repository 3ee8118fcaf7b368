// SPDX-License-Identifier: MIT
import {
  ClockJumpedError,
  CommitsMissingError,
  LedgerClosedError,
  StoreAccessError,
  StoreFormatError,
  StoreLockedError,
  StoreReplacedError,
  StoreUnreadableError,
  TipUnreadableError,
} from "../errors";
import { DatabaseAccessError, DatabaseUnreachableError } from "./postgres/database-errors";

const DAMAGES = [
  CommitsMissingError,
  StoreFormatError,
  StoreReplacedError,
  StoreUnreadableError,
  TipUnreadableError,
] as const;

/** Failures that pass, or are removed without looking at the ledger's files. A ledger is closed by a server that stops, too. */
const OBSTACLES = [
  ClockJumpedError,
  LedgerClosedError,
  StoreAccessError,
  StoreLockedError,
  DatabaseUnreachableError,
  DatabaseAccessError,
] as const;

/** True for a ledger whose files somebody has to see to before it can be used. */
export function isDamage(error: unknown): error is Error {
  return DAMAGES.some((kind) => error instanceof kind);
}

/** True for a store that cannot be used just now. */
export function isObstacle(error: unknown): error is Error {
  return OBSTACLES.some((kind) => error instanceof kind);
}

/** True where no statement is to blame: the store cannot be used just now, or not before somebody has seen to it. */
export function isStoreFailure(error: unknown): boolean {
  return isDamage(error) || isObstacle(error);
}
