// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Ledger, noMetrics, type RevisionEvent } from "@ledger-loader/core";
import fc from "fast-check";
import { event, freshId } from "../../test/fresh-events";
import { startTestLedger, type TestLedger } from "../../test/test-ledger";
import { WatchedWriter } from "../../test/watched-writer";
import { readTables, type Tables } from "../writer/tables";
import { QLDB_LIMITS, type TransactionLimits } from "../writer/transaction-limits";
import { BatchRun } from "./batch-run";
import { type PendingEvent, toLanes } from "./lanes";

let ledger: TestLedger;
let connection: Ledger;
let tables: Tables;

beforeAll(async () => {
  ledger = await startTestLedger();
  connection = ledger.connect();
  tables = await readTables(connection);
});
afterAll(() => ledger.close());

interface SourceRun {
  readonly outcomes: readonly string[];
  readonly splits: number;
  /** The events of each transaction that wrote any. */
  readonly transactions: readonly (readonly RevisionEvent[])[];
}

/** Loads one source transaction. */
async function writeTogether(
  events: readonly RevisionEvent[],
  limits: Partial<TransactionLimits> = {},
): Promise<SourceRun> {
  const writer = new WatchedWriter();
  const pending: readonly PendingEvent[] = events.map((each) => ({ event: each }));
  let splits = 0;
  await new BatchRun(toLanes([{ events: pending, atomic: true, onSplit: () => splits++ }]), {
    ledger: connection,
    writer,
    context: {
      mode: { strictness: "strict", startMidHistory: false },
      tables,
      limits: { ...QLDB_LIMITS, ...limits },
    },
    lookAgain: () => Promise.resolve(tables),
    metrics: noMetrics,
    preview: undefined,
    sessions: 2,
    eventsMax: 200,
  }).run();
  return { outcomes: pending.map(textOf), splits, transactions: writer.written };
}

const textOf = ({ outcome }: PendingEvent): string =>
  outcome?.status === "rejected" ? outcome.reason : (outcome?.status ?? "none");

/** An event of a source transaction: the next version of a record, one that lacks what it builds on, or one without order. */
type Step = { readonly record: number; readonly isLarge: boolean } | "early" | "unordered";

/** Two large documents fit, three do not. */
const LIMITS = { documentsMax: 4, transactionBytesMax: 2_500 };
const LARGE = "x".repeat(1_000);
const LARGE_MAX = 2;

const steps = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ record: fc.nat(7), isLarge: fc.boolean() }) },
    { weight: 1, arbitrary: fc.constant("early" as const) },
    { weight: 2, arbitrary: fc.constant("unordered" as const) },
  ),
  { minLength: 2, maxLength: 24 },
);

function toEvents(transaction: readonly Step[]): readonly RevisionEvent[] {
  const ids = Array.from({ length: 8 }, freshId);
  const next = new Map<number, number>();
  return transaction.map((step) => {
    if (step === "early") return event({ op: "UPDATE", id: freshId(), version: 3, data: {} });
    if (step === "unordered") return event({ data: { mark: ids[0] } });
    const version = next.get(step.record) ?? 0;
    next.set(step.record, version + 1);
    const data = step.isLarge ? { version, text: LARGE } : { version };
    return event({ op: version === 0 ? "INSERT" : "UPDATE", id: ids[step.record], version, data });
  });
}

/** The content of one transaction of the ledger. */
class Room {
  readonly steps: Step[] = [];
  hasFailed = false;

  /** Adds a step, or returns `false` where there is no room for it. */
  add(step: Step): boolean {
    const all = [...this.steps, step].filter((each) => typeof each === "object");
    const isOncePerRecord = new Set(all.map(({ record }) => record)).size === all.length;
    const isFull = this.steps.length >= LIMITS.documentsMax;
    if (isFull || !isOncePerRecord || all.filter(({ isLarge }) => isLarge).length > LARGE_MAX) return false;
    this.steps.push(step);
    return true;
  }
}

interface Expected {
  readonly outcomes: readonly string[];
  readonly splits: number;
  /** How many events each transaction writes. */
  readonly sizes: readonly number[];
}

function expectedOf(transaction: readonly Step[]): Expected {
  const room = new Room();
  const fits = transaction.every((step) => step === "early" || room.add(step));
  if (!fits) return expectedOfSplit(transaction);
  if (!transaction.includes("early"))
    return { outcomes: transaction.map(() => "written"), splits: 0, sizes: [transaction.length] };
  const outcomes = transaction.map((step) => (step === "early" ? "version-gap" : "transaction-rejected"));
  return { outcomes, splits: 0, sizes: [] };
}

/** Fills one transaction after the other, each with as many of the next events as it takes. */
function expectedOfSplit(transaction: readonly Step[]): Expected {
  const rooms = [new Room()];
  const last = (): Room => rooms.at(-1)!;
  const outcomes = transaction.map((step) => {
    if (step === "early") {
      last().hasFailed = true;
      return "version-gap";
    }
    // What has nothing but its place in the transaction must not follow a failure, which is known when a transaction ends.
    if (step === "unordered" && rooms.some(({ hasFailed }) => hasFailed)) {
      if (rooms.slice(0, -1).every(({ hasFailed }) => !hasFailed)) rooms.push(new Room());
      return "held-up";
    }
    if (!last().add(step)) {
      rooms.push(new Room());
      last().add(step);
    }
    return "written";
  });
  const sizes = rooms.map(({ steps }) => steps.length).filter((size) => size > 0);
  return { outcomes, splits: 1, sizes };
}

describe("A source transaction that is too large", () => {
  const fresh = (): RevisionEvent => event({ id: freshId(), version: 0, data: {} });

  it("is split into as few transactions as fit, in order, with an outcome for each event", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (transaction) => {
        const expected = expectedOf(transaction);
        const events = toEvents(transaction);
        const { outcomes, splits, transactions } = await writeTogether(events, LIMITS);
        expect({ outcomes, splits, sizes: transactions.map(({ length }) => length) }).toEqual(expected);
        expect(transactions.flat()).toEqual(events.filter((_, i) => outcomes[i] === "written"));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it.each([
    [41, [40, 1]],
    [80, [40, 40]],
    [250, [40, 40, 40, 40, 40, 40, 10]],
  ])("of %i documents takes as many transactions as QLDB's limit of 40 asks for", async (length, sizes) => {
    const { outcomes, splits, transactions } = await writeTogether(Array.from({ length }, fresh));
    expect(outcomes).toEqual(Array(length).fill("written"));
    expect(splits).toBe(1);
    expect(transactions.map((events) => events.length)).toEqual(sizes);
  });

  it("begins another transaction only where a record comes again", async () => {
    const id = freshId();
    const change = (version: number): RevisionEvent =>
      event({ op: version === 0 ? "INSERT" : "UPDATE", id, version, data: { version } });
    const { transactions } = await writeTogether([
      fresh(),
      change(0),
      fresh(),
      change(1),
      fresh(),
      change(2),
    ]);
    expect(transactions.map((events) => events.length)).toEqual([3, 2, 1]);
    expect(await ledger.historyOf("T", id)).toEqual(["{version:0}", "{version:1}", "{version:2}"]);
  });

  it("carries fields over from a record that it has changed before, as they are then", async () => {
    const [old, moved] = [freshId(), freshId()];
    await writeTogether([event({ id: old, version: 0, data: { n: 0, kept: "a" } })]);
    const events = [
      event({ op: "UPDATE", id: old, version: 1, data: { n: 1, kept: "b" } }),
      event({ id: moved, version: 0, data: { n: 2 }, unchanged: ["kept"], unchangedOf: old }),
    ];
    const { outcomes, splits } = await writeTogether(events);
    expect(outcomes).toEqual(["written", "written"]);
    expect(splits).toBe(1);
    expect(await ledger.historyOf("T", moved)).toEqual([`{n:2,kept:"b"}`]);
  });

  it("is written in full although the ledger refuses the event in its middle", async () => {
    const events = Array.from({ length: 60 }, (_, i) =>
      i === 30 ? event({ id: freshId(), version: 0, data: { half: "\ud800" } }) : fresh(),
    );
    const { outcomes, transactions } = await writeTogether(events);
    expect(outcomes).toEqual(events.map((_, i) => (i === 30 ? "ledger-refused" : "written")));
    expect(transactions).toHaveLength(2);
  });
});
