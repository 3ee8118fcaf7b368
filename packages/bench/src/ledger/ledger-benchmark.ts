// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Benchmark, BenchmarkOptions, BenchmarkResult, Comparison } from "../benchmark";
import { compareLookups } from "./compare-lookups";
import { compareSessions } from "./compare-sessions";
import { compareTransactions } from "./compare-transactions";
import type { LedgerRounds } from "./ledger-rounds";

const FULL = { rounds: 3, transactions: 3000, documents: 20_000, tableSizes: [10_000, 100_000] };
/** To fill the largest table takes most of an hour. */
const LARGE = { ...FULL, tableSizes: [...FULL.tableSizes, 1_000_000] };
const QUICK = { rounds: 1, transactions: 32, documents: 80, tableSizes: [40, 80] };

/** The ledger's transactions and lookups beside plain SQL on the same database, as durable. */
export const ledgerBenchmark: Benchmark = {
  name: "ledger",
  title:
    "The ledger beside plain SQL on the same database: transactions by sessions, full transactions, lookups, start",
  run: runLedgerBenchmark,
};

async function runLedgerBenchmark({ quick, large, onProgress }: BenchmarkOptions): Promise<BenchmarkResult> {
  const postgresUrl = process.env["LEDGER_LOADER_POSTGRES_URL"];
  const rounds: LedgerRounds = { ...(quick ? QUICK : large ? LARGE : FULL), postgresUrl, onProgress };
  const folder = await mkdtemp(path.join(tmpdir(), "ledger-bench-"));
  const comparisons: Comparison[] = [];
  try {
    for (const compare of [compareSessions, compareTransactions, compareLookups]) {
      comparisons.push(...(await compare(folder, rounds)));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const missing = [...(postgresUrl === undefined ? [NO_POSTGRES] : []), ...(large ? [] : [NOT_LARGE])];
  return { comparisons, notes: [...NOTES, ...missing] };
}

const NOTES = [
  "Documents are vehicle registrations of 39 fields, 770 bytes of Ion binary, with an index on one of them. Plain SQL stores the same bytes, and the key in a column with an index.",
  "Every transaction waits for the disk, in plain SQL too (SQLite: write-ahead log, synchronous = FULL).",
  "By sessions: the ledger is a server in a process of its own, and a client without a driver sends it three requests per transaction over HTTP, from this process. Plain SQL runs in this process: on SQLite, which has one writer, one transaction after the other, on PostgreSQL with as many connections as there are sessions.",
  "Full transactions have 40 documents in one statement, within this process; four are under way at a time.",
  "Start: the ledger is opened, and one document is looked up, in the table that has the most.",
];

const NO_POSTGRES =
  "NOT MEASURED: PostgreSQL. Install Debian's package postgresql, or set LEDGER_LOADER_POSTGRES_URL to the URL of an empty database.";

const NOT_LARGE = "NOT MEASURED: a table of 1,000,000 documents. Pass --large.";
