// SPDX-License-Identifier: MIT

/** Codes of Node.js for a connection that could not be made or was lost. */
const NETWORK_CODES = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

const THROTTLING = /throttl|LimitExceeded|ThroughputExceeded|TooManyRequests|SlowDown|TransactionInProgress/i;

/**
 * Whether the same call can succeed later: DynamoDB throttled it or failed itself, or was not reached.
 *
 * Everything else (no such table or stream, no permission, no credentials) needs somebody to change something.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "TimeoutError" || THROTTLING.test(error.name)) return true;
  if ("$fault" in error && error.$fault === "server") return true;
  return "code" in error && NETWORK_CODES.has(String(error.code));
}
