// SPDX-License-Identifier: MIT

/** The limits of a ledger; the defaults are QLDB's quotas (developer guide, page "limits"). */
export interface LedgerLimits {
  /** Size of one document as Ion binary, in bytes. */
  readonly documentBytesMax: number;
  /** Documents that one transaction may insert, change or delete. */
  readonly documentsPerTransactionMax: number;
  /** Size of all revisions of one transaction, in bytes. */
  readonly transactionBytesMax: number;
  /** Length of one statement, in characters. */
  readonly statementCharactersMax: number;
  /** Size of one parameter as Ion binary, in bytes. */
  readonly parameterBytesMax: number;
  /** Size of one parameter sent as Ion text, in bytes. */
  readonly parameterTextBytesMax: number;
  /** Tables that are not dropped. */
  readonly activeTablesMax: number;
  /** Tables in all: dropped ones count for ever. */
  readonly tablesMax: number;
  readonly indexesPerTableMax: number;
  /** Revisions that one transaction may redact. */
  readonly redactionsPerTransactionMax: number;
  /** A transaction that was not committed after this time has expired, in milliseconds. */
  readonly transactionLifetimeMs: number;
  /** A session ends at a random time between these two, in milliseconds: QLDB's last 13 to 17 minutes. */
  readonly sessionLifetimeMinMs: number;
  readonly sessionLifetimeMaxMs: number;
  /** Sessions of one ledger that may live at the same time. */
  readonly activeSessionsMax: number;
  /** Rows in one page of a result. */
  readonly pageRowsMax: number;
  /** A page is full once it holds this many bytes of Ion. */
  readonly pageBytesMax: number;
  /**
   * Connections that a server answers at the same time: fewer where the process may not open so many files. Beyond it, a
   * request is answered `CapacityExceededException` with status 503, on which drivers try again.
   */
  readonly connectionsMax: number;
  /** Size of one HTTP request's body, in bytes. */
  readonly requestBytesMax: number;
  /** Memory of the parameters of one statement, in bytes: a small value takes far more than its Ion. */
  readonly parameterMemoryMax: number;
  /** Rows that a transaction keeps for pages which were not fetched before it changed something, in bytes of Ion. */
  readonly unreadBytesMax: number;
  /**
   * Bodies of all requests that a server is receiving, in bytes. Beyond it, those make way whose clients have sent nothing for
   * the longest time: `CapacityExceededException` with status 503, on which drivers try again.
   */
  readonly openRequestBytesMax: number;
  /**
   * Memory that all open transactions of a server hold, in bytes. Beyond it, the sessions end that have been idle for the
   * longest time: `InvalidSessionException`, on which drivers run the transaction again in a new session.
   */
  readonly openTransactionBytesMax: number;
}

/** Limits of this server. QLDB had none like them, or did not document them. A higher one accepts nothing that QLDB refused. */
const SERVER_LIMITS: ReadonlySet<keyof LedgerLimits> = new Set([
  "pageRowsMax",
  "pageBytesMax",
  "connectionsMax",
  "requestBytesMax",
  "parameterMemoryMax",
  "unreadBytesMax",
  "openRequestBytesMax",
  "openTransactionBytesMax",
]);

/** QLDB's own limits, and the server's. */
export const qldbLimits: LedgerLimits = {
  documentBytesMax: 128 * 1024,
  documentsPerTransactionMax: 40,
  transactionBytesMax: 4 * 1024 * 1024,
  statementCharactersMax: 100_000,
  parameterBytesMax: 128 * 1024,
  parameterTextBytesMax: 1024 * 1024,
  activeTablesMax: 20,
  tablesMax: 40,
  indexesPerTableMax: 5,
  redactionsPerTransactionMax: 1,
  transactionLifetimeMs: 30_000,
  sessionLifetimeMinMs: 13 * 60_000,
  sessionLifetimeMaxMs: 17 * 60_000,
  activeSessionsMax: 1500,
  pageRowsMax: 200,
  pageBytesMax: 1024 * 1024,
  connectionsMax: 4096,
  requestBytesMax: 16 * 1024 * 1024,
  parameterMemoryMax: 64 * 1024 * 1024,
  unreadBytesMax: 16 * 1024 * 1024,
  openRequestBytesMax: 128 * 1024 * 1024,
  openTransactionBytesMax: 256 * 1024 * 1024,
};

/** Fills in QLDB's limits where none are given. */
export function withDefaultLimits(limits: Partial<LedgerLimits> = {}): LedgerLimits {
  return { ...qldbLimits, ...limits };
}

/** One sentence for each limit that is more generous than QLDB's: such a ledger accepts what QLDB would refuse. */
export function describeRaisedLimits(limits: LedgerLimits): string[] {
  const names = Object.keys(qldbLimits) as (keyof LedgerLimits)[];
  return names
    .filter((name) => !SERVER_LIMITS.has(name) && limits[name] > qldbLimits[name])
    .map((name) => `limit ${name} is ${limits[name]}, above QLDB's ${qldbLimits[name]}`);
}
