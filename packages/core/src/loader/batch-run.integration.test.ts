// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type Ledger,
  noMetrics,
  parseIdentifier,
  type RevisionEvent,
  type RevisionWriter,
} from "@ledger-loader/core";
import { plainRuns } from "@ledger-loader/testkit";
import fc from "fast-check";
import { event, freshId } from "../../test/fresh-events";
import { startTestLedger, type TestLedger } from "../../test/test-ledger";
import { BulkReplacement } from "../writer/bulk-replacement";
import { QLDB_LIMITS, type TransactionLimits } from "../writer/transaction-limits";
import { WatchedWriter } from "../../test/watched-writer";
import { readTables, type Tables } from "../writer/tables";
import { BatchRun } from "./batch-run";
import { type PendingEvent, toLanes, type Unit } from "./lanes";

let ledger: TestLedger;
let connection: Ledger;
let tables: Tables;

beforeAll(async () => {
  ledger = await startTestLedger();
  connection = ledger.connect();
  tables = await readTables(connection);
});
afterAll(() => ledger.close());

/** The tables as a loader knows them that has not noticed yet that `Gone` was dropped: the ledger refuses its events. */
const staleTables = (): Tables => new Map([...tables, ["Gone", new Set([parseIdentifier("oldDocumentId")])]]);

interface Run {
  readonly sessions?: number;
  readonly eventsMax?: number;
  readonly limits?: Partial<TransactionLimits>;
  readonly writer?: RevisionWriter;
  /** Counts transactions where it is given. */
  readonly through?: Ledger;
  /** The knowledge about replacements of many documents. @defaultValue nothing: they take one statement each */
  readonly bulk?: BulkReplacement;
  /** True if the second look at the tables finds that `Gone` is gone. */
  readonly noticesDrop?: boolean;
}

/** Writes the units, and returns how often the tables were looked at again. */
async function writeAll(units: readonly Unit[], options: Run = {}): Promise<number> {
  const { sessions = 2, eventsMax = 200, noticesDrop = false, writer = new BaseRevisionWriter() } = options;
  const { through = connection, bulk } = options;
  const limits = { ...QLDB_LIMITS, ...options.limits };
  const stale = staleTables();
  let looks = 0;
  const run = new BatchRun(toLanes(units), {
    ledger: through,
    writer,
    context: {
      mode: { strictness: "strict", startMidHistory: false },
      tables: stale,
      limits,
      ...(bulk && { bulk }),
    },
    lookAgain: () => {
      looks++;
      return Promise.resolve(noticesDrop ? tables : stale);
    },
    metrics: noMetrics,
    preview: undefined,
    sessions,
    eventsMax,
  });
  await run.run();
  return looks;
}

const toUnit = (events: readonly RevisionEvent[], group?: string, onSplit?: () => void): Unit => ({
  events: events.map((each) => ({ event: each })),
  atomic: events.length > 1,
  group,
  onSplit,
});

const textOf = ({ outcome }: PendingEvent): string =>
  outcome === undefined
    ? "none"
    : "reason" in outcome
      ? `${outcome.status} ${outcome.reason}`
      : outcome.status;
const outcomesOf = (units: readonly Unit[]): readonly string[] =>
  units.flatMap(({ events }) => events.map(textOf));

/** An event of a batch: a version of one of four records, one that the ledger refuses, or one without any order. */
type Step = { readonly record: number; readonly version: number } | "refused" | "unordered";

const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ record: fc.nat(3), version: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.constant("refused" as const) },
    { weight: 1, arbitrary: fc.constant("unordered" as const) },
  ),
  { maxLength: 20 },
);
const runs = fc.record({
  sessions: fc.integer({ min: 1, max: 3 }),
  eventsMax: fc.integer({ min: 1, max: 12 }),
  noticesDrop: fc.boolean(),
});

function toEvent(step: Step, ids: readonly string[]): RevisionEvent {
  if (step === "refused") return event({ id: freshId(), table: "Gone", version: 0, data: {} });
  if (step === "unordered") return event({ data: { mark: ids[0] } });
  const { record, version } = step;
  return event({ op: version === 0 ? "INSERT" : "UPDATE", id: ids[record], version, data: { version } });
}

/** How every step must end, whatever the order: each record as far as it has no gap, each version once. */
function endsOf(batch: readonly Step[], inGroup: boolean, refusal: string): readonly string[] {
  const seen = new Set<string>();
  const failsFrom = inGroup ? batch.findIndex((_, i) => failsAtFirst(batch, i)) : -1;
  return batch.map((step, i) => {
    if (step === "refused") return refusal;
    if (step === "unordered") return failsFrom >= 0 && failsFrom < i ? "rejected held-up" : "written";
    if (step.version >= heightOf(step.record, batch)) return "rejected version-gap";
    const key = `${step.record} ${step.version}`;
    if (seen.has(key)) return "skipped already-applied";
    seen.add(key);
    return "written";
  });
}

/** The first version of a record that the batch lacks. */
function heightOf(record: number, batch: readonly Step[]): number {
  const has = (version: number): boolean =>
    batch.some((step) => typeof step === "object" && step.record === record && step.version === version);
  let height = 0;
  while (has(height)) height++;
  return height;
}

/** True if the step cannot be applied when its turn comes: refused, or before a version that it builds on. */
function failsAtFirst(batch: readonly Step[], index: number): boolean {
  const step = batch[index];
  if (typeof step !== "object") return step === "refused";
  return step.version > heightOf(step.record, batch.slice(0, index));
}

describe("A batch of events", () => {
  it("takes about as few transactions with many sessions as with one, where the ledger replaces many documents at once", async () => {
    const counts: number[] = [];
    for (const sessions of [1, 10]) {
      // Lanes of different lengths, as those of a real history.
      const ids = Array.from({ length: 90 }, freshId);
      const units = [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((version) =>
        ids
          .filter((_, i) => version <= i % 9)
          .map((id) => toUnit([event({ op: version === 0 ? "INSERT" : "UPDATE", id, version, data: {} })])),
      );
      let transactions = 0;
      const transact: Ledger["transact"] = (work) => {
        transactions++;
        return connection.transact(work);
      };
      const through: Ledger = { transact, close: () => Promise.resolve() };
      await writeAll(units, { sessions, through, bulk: new BulkReplacement() });
      expect(new Set(outcomesOf(units))).toEqual(new Set(["written"]));
      counts.push(transactions);
    }
    const [one = 0, many = 0] = counts;
    expect(many).toBeLessThanOrEqual(1.5 * one);
  });

  it("ends with one outcome each, whatever the order, sessions and size of transactions", async () => {
    await fc.assert(
      fc.asyncProperty(steps, runs, fc.boolean(), async (batch, options, inGroup) => {
        const ids = Array.from({ length: 4 }, freshId);
        const units = batch.map((step) => toUnit([toEvent(step, ids)], inGroup ? "g" : undefined));
        const looks = await writeAll(units, options);
        const refusal = options.noticesDrop ? "rejected unknown-table" : "rejected ledger-refused";
        // Without an unordered event a group binds nothing, and then nothing in it is held up.
        expect(outcomesOf(units)).toEqual(endsOf(batch, inGroup, refusal));
        expect(looks).toBe(batch.includes("refused") ? 1 : 0);
        for (const [record, id] of ids.entries()) {
          const versions = Array.from(
            { length: heightOf(record, batch) },
            (_, version) => `{version:${version}}`,
          );
          expect(await ledger.historyOf("T", id)).toEqual(versions);
        }
      }),
      { numRuns: plainRuns(40) },
    );
  }, 60_000);
});

describe("An event that came too early", () => {
  it("waits for the next transaction where the one in which it is tried again is full", async () => {
    const [early, b, c] = [freshId(), freshId(), freshId()];
    const history = (id: string): readonly Unit[] =>
      [0, 1, 2, 3].map((version) =>
        toUnit([event({ op: version === 0 ? "INSERT" : "UPDATE", id, version, data: { version } })]),
      );
    // An unordered event in the group keeps the lane in the order of its arrival.
    const group = [
      toUnit([event({ id: early, op: "UPDATE", version: 1, data: { version: 1 } })], "g"),
      toUnit([event({ id: early, version: 0, data: { version: 0 } })], "g"),
      toUnit([event({ data: {} })], "g"),
    ];
    const units = [...history(b), ...group, ...history(c)];
    const writer = new WatchedWriter();
    // Two lanes share a transaction that has room for one document.
    await writeAll(units, { writer, sessions: 1, eventsMax: 2, limits: { transactionBytesMax: 1 } });
    expect(writer.resultsOf(early, 1)).toEqual(["rejected", "deferred", "written"]);
    expect(await ledger.historyOf("T", early)).toEqual(["{version:0}", "{version:1}"]);
    expect(outcomesOf(group)).toEqual(["written", "written", "rejected held-up"]);
    expect(outcomesOf([...history(b), ...history(c)].map((_, i) => units[i < 4 ? i : i + 3]!))).toEqual(
      Array(8).fill("written"),
    );
  });
});

describe("A source transaction", () => {
  const fresh = (): RevisionEvent => event({ id: freshId(), version: 0, data: {} });
  const refused = (): RevisionEvent => event({ id: freshId(), table: "Gone", version: 0, data: {} });
  const early = (): RevisionEvent => event({ op: "UPDATE", id: freshId(), version: 3, data: {} });

  it("is split where the ledger refuses it, so that only the refused event fails", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 5 }), fc.nat(), async (length, at) => {
        let splits = 0;
        const bad = at % length;
        const events = Array.from({ length }, (_, i) => (i === bad ? refused() : fresh()));
        const units = [toUnit(events, undefined, () => splits++)];
        await writeAll(units);
        expect(outcomesOf(units)).toEqual(
          events.map((_, i) => (i === bad ? "rejected ledger-refused" : "written")),
        );
        expect(splits).toBe(1);
      }),
      { numRuns: 10 },
    );
  });

  it("is written by all or none of its events where one of them is judged to come too early", async () => {
    const units = [toUnit([fresh(), early(), fresh()]), toUnit([fresh()])];
    await writeAll(units);
    expect(outcomesOf(units)).toEqual([
      "rejected transaction-rejected",
      "rejected version-gap",
      "rejected transaction-rejected",
      "written",
    ]);
  });

  it("that came too early is written after the one that it waited for", async () => {
    const [a, b] = [freshId(), freshId()];
    const at = (id: string, version: number): RevisionEvent =>
      event({ op: version === 0 ? "INSERT" : "UPDATE", id, version, data: { version } });
    const units = [toUnit([at(a, 2), at(b, 2)]), toUnit([at(a, 1), at(b, 1)]), toUnit([at(a, 0), at(b, 0)])];
    await writeAll(units);
    expect(outcomesOf(units)).toEqual(Array(6).fill("written"));
  });
});
