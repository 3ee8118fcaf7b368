// SPDX-License-Identifier: MIT
import { ObjectUnreadableError } from "../export-errors";
import { AnswerOverdue } from "./with-answer-limit";
import { TRIES, isRefusal } from "./with-tries";

/** An object that did not arrive as it was asked for. */
export class ShortAnswer extends Error {}

interface ServiceError extends Error {
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Makes the error for a request that failed: the service refused it, or no try of several succeeded. */
export function describeFailure(location: string, cause: unknown): ObjectUnreadableError {
  const error = cause as ServiceError;
  if (!isRefusal(cause)) {
    const problem = `${foundInstead(cause)}, after ${TRIES} tries: check the connection and what lies between, then run it again.`;
    return new ObjectUnreadableError(location, problem, { cause, retryable: true });
  }
  if (error.name === "PreconditionFailed") {
    const problem = "that it was replaced meanwhile: run it again when nothing writes to the export.";
    return new ObjectUnreadableError(location, problem, { cause, retryable: true });
  }
  if (error.name === "NoSuchKey") {
    const problem = "that it was removed meanwhile: run it again when nothing writes to the export.";
    return new ObjectUnreadableError(location, problem, { cause, retryable: true });
  }
  const problem = `${error.name}: ${error.message.replace(/\.$/, "")}. Check the bucket's name, the region and the credentials.`;
  return new ObjectUnreadableError(location, problem, { cause });
}

/** Says of a request that failed what came instead of an answer. */
export function foundInstead(error: unknown): string {
  const { name, message, code, $metadata } = error as ServiceError;
  if (error instanceof AnswerOverdue || error instanceof ShortAnswer) return message;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined && status >= 400) return `status ${status} (${name})`;
  if (typeof code === "string") return `a connection that broke off (${code})`;
  if (message.includes("socket hang up")) return "a connection that was closed without an answer";
  if (message.startsWith("Checksum mismatch")) return "bytes that do not match their checksum";
  // The SDK adds advice for programmers, in lines of their own.
  return `${name}: ${message.split("\n", 1)[0]?.replace(/\.$/, "") ?? ""}`;
}
