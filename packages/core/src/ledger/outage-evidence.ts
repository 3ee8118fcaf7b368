// SPDX-License-Identifier: MIT
import { constants } from "node:os";
import { types } from "node:util";
import { LedgerLoaderError } from "@ledger-loader/errors";

/** Answers of a QLDB ledger that ask to come back later, with the status 4xx of a wrong request. */
const COME_BACK_LATER: ReadonlySet<string> = new Set([
  "RateExceededException",
  "CapacityExceededException",
  "LimitExceededException",
  "InvalidSessionException",
]);

/** Names that the AWS SDK gives to errors of waiting and of finding credentials: neither is about a statement. */
const SDK_NAMES = /^(TimeoutError|AbortError|\w*ProviderError)$/;

/** Codes of Node.js and OpenSSL for sockets, HTTP, TLS and certificates. */
const TRANSPORT_CODES =
  /^(HPE_|ERR_(TLS|SSL|OSSL|HTTP2?|SOCKET|STREAM)_|UNABLE_TO_|CRL_)|CERT|^(HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/;

/** The language's own errors about values, whatever `code` they carry. By name: contexts have classes of their own. */
const VALUE_ERRORS = /^(TypeError|RangeError|ReferenceError|URIError)$/;

/** The parts of an error of the AWS SDK or of Node.js that tell where it arose. */
interface ErrorFields {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $response?: { readonly statusCode?: number };
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly syscall?: unknown;
}

/**
 * True when an error shows that the ledger was not reached, gave no usable answer, or asked to come back later.
 *
 * The class of the error decides first: errors about a value, such as a `TypeError`, have a `code` too. The presence of a
 * code proves nothing, only a code of sockets, HTTP or TLS does.
 */
export function showsOutage(error: unknown): boolean {
  if (!isError(error) || error instanceof LedgerLoaderError) return false;
  const status = answerStatus(error);
  if (status !== undefined) return isOutageStatus(status, error.name);
  if (VALUE_ERRORS.test(error.name)) return false;
  const { $metadata, code, errno, syscall } = error as ErrorFields;
  // The SDK counts attempts once it has made a request of the parameters: what fails then fails on the way.
  if ($metadata?.attempts !== undefined) return true;
  if (errno !== undefined || syscall !== undefined || SDK_NAMES.test(error.name)) return true;
  return typeof code === "string" && (code in constants.errno || TRANSPORT_CODES.test(code));
}

/** True for errors of every context: those of Node.js have another class than those of a test or of a bundle's sandbox. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** The HTTP status of the answer that the error is about, or `undefined` when there was no answer. */
export function answerStatus(error: Error): number | undefined {
  const { $metadata, $response } = error as ErrorFields;
  return $metadata?.httpStatusCode ?? $response?.statusCode;
}

/** An answer below 400 that led to an error is one that could not be read: something else than the ledger sent it. */
function isOutageStatus(status: number, name: string): boolean {
  return status < 400 || status >= 500 || status === 408 || status === 429 || COME_BACK_LATER.has(name);
}
