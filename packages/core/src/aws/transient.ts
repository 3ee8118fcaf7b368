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

/**
 * True if the same call to an AWS service can succeed later: the service throttled it or failed itself, or was not reached.
 *
 * Everything else (no such queue or stream, no permission, no credentials) needs somebody to change something.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "TimeoutError" || isThrottling(error.name)) return true;
  if ("$fault" in error) return error.$fault === "server";
  const code = "code" in error ? String(error.code) : "";
  // The SDK speaks HTTP/2 to Kinesis: a connection that goes away ends all calls on it.
  return NETWORK_CODES.has(code) || code.startsWith("ERR_HTTP2_");
}

/** True if an error name or an entry's error code says that there were too many requests, or another at the same time. */
export function isThrottling(code: string): boolean {
  return /throttl|OverLimit|LimitExceeded|ThroughputExceeded|TooManyRequests|SlowDown|TransactionInProgress/i.test(
    code,
  );
}
