// SPDX-License-Identifier: MIT
import {
  ClientError,
  isBadRequestException,
  isOccConflictException,
  isTransactionExpiredException,
} from "amazon-qldb-driver-nodejs";
import type { LedgerLoaderError } from "@ledger-loader/errors";
import {
  LedgerAnswerError,
  LedgerUnavailableError,
  StatementRefusedError,
  TransactionConflictError,
  TransactionExpiredError,
} from "../errors";

/** What the ledger says when it asks to come back later; all else with status 4xx is about the request. */
const COME_BACK_LATER: readonly string[] = [
  "RateExceededException",
  "CapacityExceededException",
  "LimitExceededException",
  "InvalidSessionException",
];

/**
 * Sorts what the driver threw into outage, conflict, expiry and refusal.
 *
 * @param hasStarted whether a transaction was open: before that, a refusal is about the ledger, not about an event.
 */
export function toLedgerError(error: unknown, hasStarted: boolean, attempts: number): LedgerLoaderError {
  if (isException(error)) {
    if (isOccConflictException(error)) return new TransactionConflictError(attempts, error);
    if (isTransactionExpiredException(error)) return new TransactionExpiredError(error);
    if (hasStarted && isBadRequestException(error)) return new StatementRefusedError(error.message, error);
  }
  if (error instanceof ClientError)
    return new LedgerAnswerError("the commit digest that was sent", "another one");
  if (hasStarted && isRefusal(error)) return new StatementRefusedError(describe(error), error);
  return new LedgerUnavailableError(describe(error), error);
}

/** The driver's predicates are typed for its own error class, and safe for any error. */
function isException(error: unknown): error is Parameters<typeof isOccConflictException>[0] {
  return error instanceof Error;
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { status, code } = fieldsOf(error);
  if (status !== undefined)
    return status >= 400 && status < 500 && status !== 429 && !COME_BACK_LATER.includes(error.name);
  // Neither an answer nor a failing connection: the driver could not make a request of the parameters.
  return code === undefined && !/Timeout|Abort/.test(error.name);
}

/** Name and message of service errors; of others only the name, as their message may repeat a parameter. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { status, code } = fieldsOf(error);
  if (status !== undefined) return `${error.name}: ${error.message}`;
  return code ?? error.name;
}

function fieldsOf(error: Error): { status: number | undefined; code: string | undefined } {
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  return { status: $metadata?.httpStatusCode, code: typeof code === "string" ? code : undefined };
}
