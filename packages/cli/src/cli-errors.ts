// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { failureText, type NetworkFailure } from "./network-failure";

/** The command line could not be understood: an option is missing, unknown, or has a value that does not parse. */
export class UsageError extends LedgerLoaderError {
  readonly code = "USAGE";
}

/** A file that the command line names cannot be read, written, or is not what it should be. */
export class FileError extends LedgerLoaderError {
  readonly code = "FILE_UNUSABLE";
  readonly path: string;

  constructor(path: string, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.path = path;
  }
}

/** No ledger server answers where one is expected. */
export class ServerUnreachableError extends LedgerLoaderError {
  readonly code = "SERVER_UNREACHABLE";
  readonly endpoint: string;

  /** @param failure - what was found there instead */
  constructor(endpoint: string, failure: NetworkFailure, options: { readonly cause?: unknown } = {}) {
    super(
      `no ledger server answers at ${endpoint}, found ${failureText(failure)} Start one with ` +
        `"ledger-loader ledger serve --data DIR", or name the right one with --endpoint or LEDGER_ENDPOINT`,
      { ...options, retryable: true },
    );
    this.endpoint = endpoint;
  }
}

const COMMIT_UNKNOWN = "whether it was committed is not known: look before you repeat it";

/** The user has cancelled a statement of a shell. */
export class StatementCancelledError extends LedgerLoaderError {
  readonly code = "STATEMENT_CANCELLED";

  /** @param isCommitting - whether the commit was on its way: then nobody knows whether it has happened */
  constructor(isCommitting = false) {
    super(
      isCommitting
        ? `the commit was cancelled, ${COMMIT_UNKNOWN}`
        : "the statement was cancelled: nothing of it is committed",
    );
  }
}

/** The open transaction of a shell has ended without a commit. */
export class TransactionLostError extends LedgerLoaderError {
  readonly code = "TRANSACTION_LOST";

  constructor(why: string, options: { readonly cause?: unknown } = {}) {
    super(
      `the transaction was lost, nothing of it is committed: ${why}. "start" begins another one`,
      options,
    );
  }
}

/** The ledger gave no answer to a shell, which stays open. */
export class ConnectionLostError extends LedgerLoaderError {
  readonly code = "CONNECTION_LOST";

  /** @param isCommitting - whether the commit was on its way: then nobody knows whether it has happened */
  constructor(isCommitting: boolean, cause: unknown) {
    const what = isCommitting ? COMMIT_UNKNOWN : "nothing was committed: try again once it answers";
    super(`the ledger does not answer${reasonOf(cause)}, ${what}`, { cause, retryable: true });
  }
}

/** The code of Node.js or of the service, where there is one. */
function reasonOf(error: unknown): string {
  const { cause } = Object(error) as { readonly cause?: unknown };
  const { code, name } = Object(cause) as { readonly code?: unknown; readonly name?: unknown };
  const reason = [code, name].find((each) => typeof each === "string");
  return reason === undefined ? "" : ` (${reason})`;
}

/** A statement of a script failed; those after it were not executed. */
export class ScriptError extends LedgerLoaderError {
  readonly code = "SCRIPT";
  /** The line on which the statement begins; absent for an error at the end. */
  readonly line: number | undefined;

  constructor(line: number | undefined, message: string, options: { readonly cause?: unknown } = {}) {
    super(line === undefined ? message : `line ${line}: ${message}`, options);
    this.line = line;
  }
}

/** The queue that events were to be sent to cannot be used: it is not there, or not for these credentials. */
export class QueueRefusedError extends LedgerLoaderError {
  readonly code = "QUEUE_REFUSED";
}

/** The topic of SNS that events were to be sent to cannot be used: it is not there, or not for these credentials. */
export class TopicRefusedError extends LedgerLoaderError {
  readonly code = "TOPIC_REFUSED";
}

/** The stream of Kinesis or DynamoDB that the command line names cannot be used: it is not there, or not for these credentials. */
export class StreamRefusedError extends LedgerLoaderError {
  readonly code = "STREAM_REFUSED";
}

/** An event bus cannot be used: it is not there, or not for these credentials. */
export class BusRefusedError extends LedgerLoaderError {
  readonly code = "BUS_REFUSED";
}

/** A bucket of S3 that the command line names cannot be used: it is missing, or these credentials may not read it or write to it. */
export class BucketRefusedError extends LedgerLoaderError {
  readonly code = "BUCKET_REFUSED";
}

/** A stack of CloudFormation cannot be read: it is missing, or these credentials may not read it. */
export class StackRefusedError extends LedgerLoaderError {
  readonly code = "STACK_REFUSED";
}

/** The ledger server refused a request of the control plane. */
export class ServerRefusedError extends LedgerLoaderError {
  readonly code = "SERVER_REFUSED";
}
