// SPDX-License-Identifier: MIT
import { KinesisServiceException } from "@aws-sdk/client-kinesis";

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
 * Whether the same call can succeed later: Kinesis throttled it or failed itself, or was not reached.
 *
 * Everything else (no such stream, no permission, no credentials) needs somebody to change something.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof KinesisServiceException) return error.$fault === "server" || isThrottling(error.name);
  if (!(error instanceof Error)) return false;
  if (error.name === "TimeoutError") return true;
  const code = "code" in error ? String(error.code) : "";
  // The SDK speaks HTTP/2 to Kinesis: a connection that goes away ends all calls on it.
  return NETWORK_CODES.has(code) || code.startsWith("ERR_HTTP2_");
}

function isThrottling(code: string): boolean {
  return /throttl|ThroughputExceeded|LimitExceeded|TooManyRequests|SlowDown/i.test(code);
}
