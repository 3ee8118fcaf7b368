// SPDX-License-Identifier: MIT
import type { IncomingMessage } from "node:http";
import type { Caller } from "../access/caller";
import { accessDenied } from "../aws-error";
import type { Route } from "../route";

/** Operations that change nothing. `SendCommand` checks each statement and refuses to commit. */
const READING: ReadonlySet<string> = new Set([
  "SendCommand",
  "ListLedgers",
  "DescribeLedger",
  "GetDigest",
  "GetBlock",
  "GetRevision",
  "ReadJournal",
  "ReadBackup",
  "ListJournalS3Exports",
  "ListJournalS3ExportsForLedger",
  "DescribeJournalS3Export",
  "ListJournalKinesisStreamsForLedger",
  "DescribeJournalKinesisStream",
  "ListTagsForResource",
]);

/** The text that a read-only page shows. */
const READ_ONLY =
  'The explorer is read-only here: start the server with "ledger serve --explorer write", or use another client.';

/** True for a request of a web page: browsers send one of these headers, programs do not. */
export function isFromBrowser({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return headers.origin !== undefined || headers["sec-fetch-site"] !== undefined;
}

/** The caller, who may now read only. */
export function toReader(caller: Caller): Caller {
  return { ...caller, isReader: true };
}

/** @throws AwsError if the caller may read only and the operation changes something */
export function requireReading({ operation }: Pick<Route, "operation">, caller: Caller): void {
  if (caller.isReader === true && !READING.has(operation)) refuseChange();
}

/** @throws AwsError if the caller may read only: nothing that such a caller does is committed */
export function requireCommit(command: string, caller: Caller): void {
  if (caller.isReader === true && command === "CommitTransaction") refuseChange();
}

/** @throws AwsError always */
export function refuseChange(): never {
  throw accessDenied(READ_ONLY);
}
