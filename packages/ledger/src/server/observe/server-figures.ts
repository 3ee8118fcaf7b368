// SPDX-License-Identifier: MIT
import { setTimeout } from "node:timers/promises";
import type { EmbeddedLedger } from "../../embedded-ledger";
import type { IdleLedgers } from "../../idle-ledgers";
import type { LedgerStore } from "../../ledger-store";
import { waitingTurns } from "../../turns";
import type { ConnectionLimit } from "../connection-limit";
import type { RunningRequests } from "../running-requests";
import type { Sessions } from "../sessions";
import type { SharedBudget } from "../shared-budget";

/** The figures of a server at one moment. */
export interface ServerFigures {
  /** The ledgers that were used since the server started, by name. */
  readonly ledgers: readonly LedgerFigures[];
  /** The facts about the other ones; `undefined` if the storage did not answer in time. */
  readonly idleLedgers: IdleLedgers | undefined;
  /** Requests that have arrived and are not answered yet. */
  readonly runningRequests: number;
  /** Long statements and large requests that wait for their next turn. */
  readonly waitingTurns: number;
  readonly connections: number;
  /** How many connections are served at the same time. */
  readonly connectionsMax: number;
  /** Bodies of requests that are being received. */
  readonly requestMemory: BudgetFigures;
  /** The memory of open transactions. */
  readonly transactionMemory: BudgetFigures;
}

/** One ledger at one moment. */
export interface LedgerFigures {
  readonly name: string;
  /** Blocks of its journal; `undefined` if the storage did not answer in time. */
  readonly blocks: number | undefined;
  readonly sessions: number;
  readonly transactions: number;
  /** Transactions that lost a conflict, and run again in turn or wait for their turn. */
  readonly contendingTransactions: number;
  /** Transactions that wait to be committed, or are being committed. */
  readonly waitingCommits: number;
}

/** A shared budget at one moment. */
export interface BudgetFigures {
  readonly bytes: number;
  readonly bytesMax: number;
  /** How many requests or sessions have made way for others since the server started. */
  readonly madeWay: number;
}

/** The measured parts. */
export interface MeasuredParts {
  readonly store: LedgerStore;
  readonly sessions: Sessions;
  readonly running: RunningRequests;
  readonly connections: ConnectionLimit;
  readonly requestMemory: SharedBudget;
  readonly transactionMemory: SharedBudget;
}

/** So long a storage may take to say how long a journal is, in milliseconds: a database may be away. */
const HEAD_TIMEOUT_MS = 2000;

/** More ledgers that were not used are not measured: each adds a line to the page. */
const IDLE_LEDGERS_MAX = 1000;

/** Measures a running server. */
export async function measureServer(parts: MeasuredParts): Promise<ServerFigures> {
  const { store, sessions, running, connections, requestMemory, transactionMemory } = parts;
  const [idleLedgers, ...ledgers] = await Promise.all([
    inTime(() => store.countIdleLedgers(IDLE_LEDGERS_MAX)),
    ...store.openLedgers().map((ledger) => measureLedger(ledger, sessions)),
  ]);
  return {
    ledgers,
    idleLedgers,
    runningRequests: running.count,
    waitingTurns: waitingTurns(),
    connections: connections.open,
    connectionsMax: connections.servedMax,
    requestMemory: measureBudget(requestMemory),
    transactionMemory: measureBudget(transactionMemory),
  };
}

async function measureLedger(ledger: EmbeddedLedger, sessions: Sessions): Promise<LedgerFigures> {
  const { name } = ledger.description;
  const { waitingCommits, contention } = ledger;
  const contendingTransactions = contention.length;
  return {
    name,
    waitingCommits,
    contendingTransactions,
    ...sessions.count(ledger),
    blocks: await inTime(() => ledger.countBlocks()),
  };
}

/** The answer of a storage; `undefined` if it says nothing in time. */
async function inTime<T>(ask: () => Promise<T>): Promise<T | undefined> {
  const answered = new AbortController();
  const timeout = setTimeout(HEAD_TIMEOUT_MS, undefined, { signal: answered.signal }).catch(() => undefined);
  try {
    return await Promise.race([ask(), timeout]);
  } catch {
    // A ledger that was deleted or closed meanwhile, or a database that is away: its other figures are known.
    return undefined;
  } finally {
    answered.abort();
  }
}

function measureBudget({ bytes, bytesMax, madeWay }: SharedBudget): BudgetFigures {
  return { bytes, bytesMax, madeWay };
}
