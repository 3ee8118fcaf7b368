// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { setTimeout as delay } from "node:timers/promises";
import {
  BookkeepingFormatError,
  DryRunStorageError,
  LedgerUnavailableError,
  StatementRefusedError,
  TransactionExpiredError,
  WriterContractError,
} from "../errors";
import type { Lane, PendingEvent } from "./lanes";
import { holdUp, isOfTransaction, type Pack, settle } from "./pack";
import type { Ledger } from "../ledger/ledger";
import type { Metrics } from "../observe/metrics";
import { rejected, type Rejected } from "../event/outcome";
import type { RevisionWriter } from "../writer/revision-writer";
import type { Preview, PreviewRun } from "../writer/preview";
import { readTables, type Tables } from "../writer/tables";
import type { WriteContext, WriteResult } from "../writer/write-context";

/** The parts that write a batch. */
export interface BatchTools {
  readonly ledger: Ledger;
  readonly writer: RevisionWriter;
  readonly context: WriteContext;
  /** Reads the ledger's tables again, and creates what is missing where that was asked for. */
  readonly lookAgain: () => Promise<Tables>;
  readonly metrics: Metrics;
  /** Judges without writing. */
  readonly preview: Preview | undefined;
  /** Transactions that may run at the same time. */
  readonly sessions: number;
  /** Events that one transaction may judge; how many it writes is for the ledger's limits. */
  readonly eventsMax: number;
}

/** How often a transaction is tried again when the ledger fails on it and yet answers others. */
const RETRIES_MAX = 2;
const RETRY_DELAY_MS = 50;

/** Below this many lanes per transaction, running more transactions at once gains nothing. */
const LANES_PER_PACK_MIN = 8;

/**
 * Writes the lanes of one batch: parallel across lanes, in order within each, many events per transaction.
 *
 * When it is done, every event has its outcome.
 */
export class BatchRun {
  readonly #tools: BatchTools;
  readonly #ready: Lane[];
  /** Lanes in a transaction. */
  #inFlight = 0;
  /** Wake those who wait for a transaction to end. */
  readonly #waiting: (() => void)[] = [];
  /** Judging costs little where nothing is written, as in a second replay; then more is judged at once. */
  #onlySkips = false;
  #isAborted = false;
  #tables: Tables;
  /** The one look at the tables after a refusal, for all transactions of the batch. */
  #look: Promise<Tables> | undefined;

  constructor(lanes: readonly Lane[], tools: BatchTools) {
    this.#ready = [...lanes];
    this.#tools = tools;
    this.#tables = tools.context.tables;
  }

  /**
   * Runs until every event has an outcome.
   *
   * @throws LedgerUnavailableError when the ledger answers nothing any more, BookkeepingFormatError when it was
   * written to by a newer loader, DryRunStorageError when a dry run has no room left. Events that were under way then have no outcome.
   */
  async run(): Promise<void> {
    const workers = Array.from({ length: Math.min(this.#tools.sessions, this.#ready.length) }, () =>
      this.#work(),
    );
    // All are awaited, so that nothing is still writing when the failure of one is thrown.
    for (const ended of await Promise.allSettled(workers)) {
      if (ended.status === "rejected") throw ended.reason;
    }
  }

  async #work(): Promise<void> {
    while (!this.#isAborted) {
      if (this.#inFlight > 0 && this.#ready.length < this.#lanesWorthStarting()) await this.#nextReturn();
      else if (this.#ready.length === 0) return;
      else await this.#writeNext();
    }
  }

  async #writeNext(): Promise<void> {
    const pack = this.#takePack();
    this.#inFlight += pack.takes.length;
    try {
      await this.#write(pack);
    } catch (error) {
      this.#isAborted = true;
      throw error;
    } finally {
      this.#inFlight -= pack.takes.length;
      for (const { lane } of pack.takes) if (lane.units.length > 0) this.#ready.push(lane);
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  /** Waits until a transaction has ended. */
  #nextReturn(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /**
   * How many lanes must be ready before another transaction begins. Lanes come back one transaction after the other: taken at
   * once, they would travel in ever smaller ones, and a small transaction costs nearly as much as a full one.
   */
  #lanesWorthStarting(): number {
    if (!this.#fillsPacks()) return 0;
    const lanes = this.#ready.length + this.#inFlight;
    const packs = Math.ceil(lanes / this.#lanesMax());
    return isOfTransaction(this.#ready[0]?.units[0]) ? 1 : Math.ceil(lanes / packs);
  }

  #takePack(): Pack {
    const lanes: Lane[] = [];
    const lanesMax = this.#lanesPerPack();
    while (lanes.length < lanesMax) {
      const next = this.#ready[0];
      if (next === undefined) break;
      const sharesNothing = isOfTransaction(next.units[0]);
      if (sharesNothing && lanes.length > 0) break;
      this.#ready.shift();
      if (sharesNothing) return this.#takeOfTransaction(next);
      lanes.push(next);
    }
    const unitsPerLane = Math.max(1, Math.floor(this.#tools.eventsMax / lanes.length));
    const takes = lanes.map((lane) => ({ lane, units: lane.units.slice(0, lane.sorted ? unitsPerLane : 1) }));
    return { takes, atomic: false, inOrder: false, retries: 0 };
  }

  /** Takes the source transaction with which a lane begins, or, where that was split, as many of its parts as may be judged. */
  #takeOfTransaction(lane: Lane): Pack {
    const atomic = lane.units[0]?.atomic === true;
    const end = lane.units.findIndex(({ isPart }) => isPart !== true);
    const parts = end < 0 ? lane.units.length : end;
    const units = lane.units.slice(0, atomic ? 1 : Math.min(parts, this.#tools.eventsMax));
    return { takes: [{ lane, units }], atomic, inOrder: !atomic, retries: 0 };
  }

  /** How many lanes share a transaction: all that fit, or as many as spread them over the sessions. */
  #lanesPerPack(): number {
    const most = this.#lanesMax();
    if (this.#fillsPacks()) return most;
    return Math.min(most, Math.max(LANES_PER_PACK_MIN, Math.ceil(this.#ready.length / this.#tools.sessions)));
  }

  #lanesMax(): number {
    const { eventsMax, context } = this.#tools;
    return Math.min(eventsMax, this.#onlySkips ? eventsMax : context.limits.documentsMax);
  }

  /**
   * True where a fuller transaction is a cheaper one. Creations go into one statement, and replacements do too where the ledger
   * can. Otherwise they take one statement each, so they are spread over the sessions.
   */
  #fillsPacks(): boolean {
    const next = this.#ready[0]?.units[0]?.events[0]?.event;
    return this.#onlySkips || this.#tools.context.bulk?.isAnnounced === true || next?.op === "INSERT";
  }

  async #write(pack: Pack): Promise<void> {
    const taken = pack.takes.flatMap(({ lane, units }) => units.flatMap((unit) => holdUp(lane, unit)));
    if (taken.length === 0) {
      settle(pack, new Map());
      return;
    }
    const tables = this.#tables;
    let results: readonly WriteResult[];
    try {
      results = await this.#transact(taken, pack);
    } catch (error) {
      if (error instanceof StatementRefusedError && (await this.#hasNewerTables(tables)))
        await this.#write(pack);
      else await this.#isolate(pack, taken, error);
      return;
    }
    this.#onlySkips = results.every(({ status }) => status === "skipped");
    settle(pack, new Map(taken.map((pending, i) => [pending, results[i]])));
  }

  async #transact(
    taken: readonly PendingEvent[],
    { atomic, inOrder }: Pack,
  ): Promise<readonly WriteResult[]> {
    const { ledger, writer, context, metrics, preview } = this.#tools;
    const events = taken.map(({ event }) => event);
    let runs = 0;
    let previewRun: PreviewRun | undefined;
    const results = await ledger.transact((transaction) => {
      if (++runs > 1) metrics.record("retries", 1, { cause: "conflict" });
      previewRun = preview?.begin();
      const judged = previewRun === undefined ? {} : { preview: previewRun };
      return writer.write(transaction, events, {
        ...context,
        tables: this.#tables,
        atomic,
        inOrder,
        ...judged,
      });
    });
    // Of a source transaction that fails, or is to be split, nothing would be written.
    if (!atomic || results.every(({ status }) => status === "written" || status === "skipped"))
      previewRun?.keep();
    return results;
  }

  /** Tells an outage from events that cannot be written, and finds those: by halves, then one by one. */
  async #isolate(pack: Pack, taken: readonly PendingEvent[], error: unknown): Promise<void> {
    if (error instanceof BookkeepingFormatError || error instanceof DryRunStorageError) throw error;
    const { takes, atomic, retries } = pack;
    if (error instanceof LedgerUnavailableError) {
      await this.#probe(error);
      if (retries < RETRIES_MAX) {
        this.#tools.metrics.record("retries", 1, { cause: "failure" });
        await delay(RETRY_DELAY_MS * 2 ** retries);
        await this.#write({ ...pack, retries: retries + 1 });
        return;
      }
    }
    if (taken.length > 1 && (!atomic || isAboutSize(error)))
      this.#tools.metrics.record("retries", 1, { cause: "isolation" });
    if (takes.length > 1) {
      const half = Math.ceil(takes.length / 2);
      await this.#write({ ...pack, takes: takes.slice(0, half) });
      await this.#write({ ...pack, takes: takes.slice(half) });
    } else if (taken.length > 1 && !atomic) {
      await this.#write({
        ...pack,
        takes: takes.map(({ lane, units }) => ({ lane, units: units.slice(0, Math.ceil(units.length / 2)) })),
      });
    } else if (taken.length > 1 && isAboutSize(error)) {
      settle(pack, new Map());
    } else {
      const failure = toRejected(error);
      settle(pack, new Map(taken.map((pending) => [pending, failure])));
    }
  }

  /**
   * Looks at the tables again, once per batch: one that was dropped since the last look must not be found in the events.
   *
   * @param used - the tables that the refused transaction was made with
   */
  async #hasNewerTables(used: Tables): Promise<boolean> {
    this.#look ??= this.#tools.lookAgain();
    this.#tables = await this.#look;
    return used !== this.#tables;
  }

  /** Asks the ledger something simple: if that fails too, it is out and no event is to blame. */
  async #probe(error: LedgerUnavailableError): Promise<void> {
    try {
      await readTables(this.#tools.ledger);
    } catch {
      // The first error says more about what was going on.
      throw error;
    }
  }
}

function isAboutSize(error: unknown): boolean {
  return error instanceof StatementRefusedError || error instanceof TransactionExpiredError;
}

function toRejected(error: unknown): Rejected {
  if (error instanceof WriterContractError) return rejected("writer-contract", error.message);
  if (error instanceof StatementRefusedError) {
    const advice =
      error.cause instanceof LedgerLoaderError ? "" : " Correct the event, its table or the limits.";
    return rejected("ledger-refused", error.message + advice);
  }
  const found = error instanceof Error ? error.name : typeof error;
  return rejected(
    "write-failed",
    `Expected the ledger or a hook of the RevisionWriter to take the event, found ${found}, while the ledger answers ` +
      `otherwise. Retry; if it stays, look for this error in the log of the ledger.`,
    true,
  );
}
