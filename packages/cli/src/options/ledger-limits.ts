// SPDX-License-Identifier: MIT
import { type LedgerLimits, qldbLimits } from "@ledger-loader/ledger";
import type { OptionSpec } from "./command-spec";
import { byteSize, wholeNumber } from "./parse-options";

/** The result of parsing {@link limitOptions}. */
export interface LimitOptions {
  readonly maxDocumentBytes?: number;
  readonly maxTransactionBytes?: number;
  readonly maxTransactionDocuments?: number;
  readonly maxTransactionRedactions?: number;
  readonly maxTransactionSeconds?: number;
  readonly maxConnections?: number;
  readonly maxRequestMemory?: number;
  readonly maxTransactionMemory?: number;
  readonly maxParameterMemory?: number;
  readonly maxUnreadMemory?: number;
}

/** The options of a server's limits: those that QLDB had, and those that keep the server itself in bounds. */
export const limitOptions: readonly OptionSpec[] = [
  size("--max-document-bytes", "size of a document", qldbLimits.documentBytesMax),
  size("--max-transaction-bytes", "bytes that a transaction writes", qldbLimits.transactionBytesMax),
  count(
    "--max-transaction-documents",
    "documents that a transaction writes",
    qldbLimits.documentsPerTransactionMax,
  ),
  count(
    "--max-transaction-redactions",
    "revisions that a transaction redacts",
    qldbLimits.redactionsPerTransactionMax,
  ),
  count("--max-transaction-seconds", "life of a transaction", qldbLimits.transactionLifetimeMs / 1000),
  {
    flags: "--max-connections <number>",
    description: "limit: connections. Further ones get status 503",
    default: qldbLimits.connectionsMax,
    parse: wholeNumber("--max-connections", 1),
  },
  memory(
    "--max-request-memory",
    "requests being received. Beyond it, those idle for longest end",
    qldbLimits.openRequestBytesMax,
  ),
  memory(
    "--max-transaction-memory",
    "open transactions. Beyond it, the sessions idle for longest end",
    qldbLimits.openTransactionBytesMax,
  ),
  memory("--max-parameter-memory", "one statement's parameters", qldbLimits.parameterMemoryMax),
  memory(
    "--max-unread-memory",
    "a transaction's rows that were not fetched before a change. Beyond it, they cannot be fetched",
    qldbLimits.unreadBytesMax,
  ),
];

function size(flag: string, what: string, qldb: number): OptionSpec {
  return {
    flags: `${flag} <size>`,
    description: `limit: ${what} (QLDB's: ${qldb})`,
    parse: byteSize(flag),
  };
}

function count(flag: string, what: string, qldb: number): OptionSpec {
  return {
    flags: `${flag} <number>`,
    description: `limit: ${what} (QLDB's: ${qldb})`,
    parse: wholeNumber(flag, 1),
  };
}

function memory(flag: string, what: string, bytes: number): OptionSpec {
  return {
    flags: `${flag} <size>`,
    description: `limit: memory of ${what}. Default: ${bytes / 2 ** 20}MB`,
    parse: byteSize(flag),
  };
}

/** A document arrives as a parameter, in a request and in a transaction: what holds it must not be smaller. */
export function limitsFrom(options: LimitOptions): Partial<LedgerLimits> {
  const documentBytesMax = options.maxDocumentBytes ?? qldbLimits.documentBytesMax;
  const transactionBytesMax = Math.max(
    options.maxTransactionBytes ?? qldbLimits.transactionBytesMax,
    documentBytesMax * 2,
  );
  return {
    documentBytesMax,
    parameterBytesMax: Math.max(qldbLimits.parameterBytesMax, documentBytesMax),
    transactionBytesMax,
    requestBytesMax: Math.max(qldbLimits.requestBytesMax, transactionBytesMax * 2),
    ...given("documentsPerTransactionMax", options.maxTransactionDocuments),
    ...given("redactionsPerTransactionMax", options.maxTransactionRedactions),
    ...given("transactionLifetimeMs", options.maxTransactionSeconds, 1000),
    ...given("connectionsMax", options.maxConnections),
    ...given("openRequestBytesMax", options.maxRequestMemory),
    ...given("openTransactionBytesMax", options.maxTransactionMemory),
    ...given("parameterMemoryMax", options.maxParameterMemory),
    ...given("unreadBytesMax", options.maxUnreadMemory),
  };
}

function given(name: keyof LedgerLimits, value: number | undefined, factor = 1): Partial<LedgerLimits> {
  return value === undefined ? {} : { [name]: value * factor };
}
