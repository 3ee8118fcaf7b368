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
 * Whether the same call to an AWS service can succeed later: the service throttled it or failed itself, or was not reached.
 *
 * Everything else (no such queue or topic, no permission, no credentials) needs somebody to change something.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("$fault" in error) return error.$fault === "server" || isThrottling(error.name);
  return error.name === "TimeoutError" || ("code" in error && NETWORK_CODES.has(String(error.code)));
}

/** Whether an error name or an entry's error code says that there were too many requests. */
export function isThrottling(code: string): boolean {
  return /throttl|OverLimit|TooManyRequests|SlowDown/i.test(code);
}
