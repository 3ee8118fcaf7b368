// SPDX-License-Identifier: MIT
import type { isOccConflictException } from "amazon-qldb-driver-nodejs";
import { LedgerLoaderError } from "@ledger-loader/errors";
import {
  LedgerAnswerError,
  LedgerUnavailableError,
  StatementRefusedError,
  TransactionConflictError,
  TransactionExpiredError,
} from "../errors";
import { loadDriver } from "./load-driver";
import { answerStatus, isError, showsOutage } from "./outage-evidence";

/**
 * Sorts what the driver threw into outage, conflict, expiry and refusal.
 *
 * @param hasStarted whether a transaction was open: before that, a refusal is about the ledger, not about an event.
 */
export function toLedgerError(error: unknown, hasStarted: boolean, attempts: number): LedgerLoaderError {
  const driver = loadDriver();
  if (isException(error)) {
    if (driver.isOccConflictException(error)) return new TransactionConflictError(attempts, error);
    if (driver.isTransactionExpiredException(error)) return new TransactionExpiredError(error);
    if (hasStarted && driver.isBadRequestException(error))
      return new StatementRefusedError(error.message, error);
  }
  if (error instanceof driver.ClientError)
    return new LedgerAnswerError("the commit digest that was sent", "another one");
  // In a transaction, what shows no outage is about the statement: its parameters could not be made a request of.
  if (hasStarted && !showsOutage(error)) return new StatementRefusedError(describe(error), error);
  return new LedgerUnavailableError(describe(error), error);
}

/** The driver's predicates are typed for its own error class, and safe for any error. */
function isException(error: unknown): error is Parameters<typeof isOccConflictException>[0] {
  return error instanceof Error;
}

/** Name and message of answers and of own errors; of others only the name, as their message may repeat a parameter. */
function describe(error: unknown): string {
  if (!isError(error)) return typeof error;
  if (error instanceof LedgerLoaderError) return error.message;
  if (answerStatus(error) !== undefined) return `${error.name}: ${error.message}`;
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? code : error.name;
}
