// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  type EventFields,
  type RevisionEvent,
  parseIdentifier,
  REJECT_REASONS,
  SKIP_REASONS,
} from "@ledger-loader/core";
import { plainRuns } from "@ledger-loader/testkit";
import fc from "fast-check";
import { event } from "../../test/fresh-events";
import { type Entry, lastVersionOf, type RecordHistory, toReadings } from "../../test/record-history";
import { isDeletion } from "../event/event";
import { comparePositions, type JudgeMode } from "../judge/judge";
import { decide, NOTHING_KNOWN, type Readings } from "./decide";
import { type Draft, toDraft } from "./draft";
import { Preview } from "./preview";
import { placeOf } from "./snapshot";
import { TransactionPlan } from "./transaction-plan";
import { QLDB_LIMITS } from "./transaction-limits";
import type { WriteContext, WriteResult } from "./write-context";
import type { WriterHooks } from "./writer-hooks";

const ID = "a";
const HOOKS: WriterHooks = {
  idField: () => parseIdentifier("oldDocumentId"),
  preValidate: () => undefined,
  validate: () => undefined,
  adjustRevision: (data) => data,
  adjusts: false,
  looksAtCurrent: false,
};
const TABLES = new Map([[parseIdentifier("T"), new Set([parseIdentifier("oldDocumentId")])]]);

const modes: fc.Arbitrary<JudgeMode> = fc.record({
  strictness: fc.constantFrom("strict" as const, "lenient" as const),
  startMidHistory: fc.boolean(),
});
const entries: fc.Arbitrary<readonly Entry[]> = fc
  .array(fc.constantFrom<Entry>(1, 2, 3, "deleted"), { maxLength: 6 })
  .map((all) => all.filter((entry, i) => entry !== "deleted" || all[i - 1] !== "deleted"));
const positions = fc.array(fc.nat(2), { minLength: 1, maxLength: 2 });
/** A record that came with versions; one that begins with its deletion started later. */
const versioned: fc.Arbitrary<RecordHistory> = fc
  .record({ start: fc.nat(2), entries })
  .map(({ start, entries: all }) => ({ start: all[0] === "deleted" ? start + 1 : start, entries: all }));
/** A record that came with positions. */
const positioned: fc.Arbitrary<RecordHistory> = fc.record({
  start: fc.constant(0),
  entries: entries.filter(({ length }) => length > 0),
  position: positions,
});
const contents = fc.constantFrom({ data: { n: 1 } }, { data: { n: 2 } }, { data: { n: 3 } });
const asked: fc.Arbitrary<Partial<EventFields>> = fc
  .oneof(
    fc.record({
      op: fc.constantFrom("INSERT" as const, "UPDATE" as const, "ANY" as const),
      content: contents,
    }),
    fc.record({ op: fc.constantFrom("DELETE" as const, "ANY" as const), content: fc.constant({}) }),
  )
  .map(({ op, content }) => ({ op, id: ID, ...content }));

/** An event with a version, of any record. */
const byVersion = fc.record({ history: versioned, fields: asked, version: fc.nat(10), mode: modes });
/** An event with a position, of a record that came with positions. */
const byPosition = fc.record({ history: positioned, fields: asked, position: positions, mode: modes });
/** Every event of every record in every mode. */
const anything = fc.record({
  history: fc.oneof(versioned, positioned),
  fields: asked,
  order: fc.oneof(fc.record({ version: fc.nat(10) }), fc.record({ position: positions }), fc.constant({})),
  mode: modes,
});

interface Decided {
  readonly result: WriteResult;
  readonly plan: TransactionPlan;
}

function decideOn(history: RecordHistory, each: RevisionEvent, mode: JudgeMode): Decided {
  const draft = draftOf(each);
  return decideWith(draft, toReadings(draft.recordKey ?? "", ID, history), { mode });
}

function decideWith(
  draft: Draft,
  readings: Readings,
  given: Pick<WriteContext, "mode" | "preview">,
): Decided {
  const plan = new TransactionPlan(QLDB_LIMITS);
  const context = { tables: TABLES, limits: QLDB_LIMITS, ...given };
  return { result: decide(draft, readings, plan, context, HOOKS), plan };
}

function draftOf(each: RevisionEvent): Draft {
  return toDraft(each, HOOKS, TABLES);
}

function textOf(result: WriteResult): string {
  return "reason" in result ? `${result.status} ${result.reason}` : result.status;
}

/** The entry that the event would leave in the record. */
function entryOf(each: RevisionEvent): Entry {
  return isDeletion(each) ? "deleted" : (each.data?.get("n")?.numberValue() ?? NaN);
}

describe("decide", () => {
  it("answers every event in every state and mode, and plans exactly what it calls written", () => {
    fc.assert(
      fc.property(anything, ({ history, fields, order, mode }) => {
        const { result, plan } = decideOn(history, event({ ...fields, ...order }), mode);
        expect(["written", "skipped", "rejected"]).toContain(result.status);
        expect(plan.events).toHaveLength(result.status === "written" ? 1 : 0);
        if (result.status === "skipped") expect(SKIP_REASONS).toContain(result.reason);
        if (result.status !== "rejected") return;
        expect(Object.keys(REJECT_REASONS)).toContain(result.reason);
        expect(result.detail).toMatch(/^[A-Z].+\.$/s);
      }),
      { numRuns: plainRuns(500) },
    );
  });

  it("never writes at or below the last version: it is there with equal content, conflicts, or was never loaded", () => {
    fc.assert(
      fc.property(byVersion, ({ history, fields, version, mode }) => {
        fc.pre(version <= lastVersionOf(history));
        const each = event({ ...fields, version });
        const { result } = decideOn(history, each, mode);
        const held = history.entries[version - history.start];
        const expected =
          version < history.start
            ? "rejected before-start"
            : held === entryOf(each)
              ? "skipped already-applied"
              : "rejected conflicting-revision";
        expect(textOf(result)).toBe(expected);
        if (result.status === "rejected") expect(result.retryable).toBe(false);
      }),
    );
  });

  it("lets an event above the next version wait for those before it", () => {
    fc.assert(
      fc.property(byVersion, ({ history, fields, version: distance, mode }) => {
        const last = lastVersionOf(history);
        fc.pre(last >= 0 || !mode.startMidHistory);
        const { result } = decideOn(history, event({ ...fields, version: last + 2 + distance }), mode);
        expect(result).toMatchObject({ status: "rejected", reason: "version-gap", retryable: true });
      }),
    );
  });

  it("writes the next version unless the operation does not fit what is there", () => {
    fc.assert(
      fc.property(byVersion, ({ history, fields, mode }) => {
        fc.pre(history.entries.length > 0);
        const each = event({ ...fields, version: lastVersionOf(history) + 1 });
        const isThere = history.entries.at(-1) !== "deleted";
        const { result, plan } = decideOn(history, each, mode);
        expect(textOf(result)).toBe(isThere ? resultOnDocument(each) : resultOnNothing(each, mode));
        if (result.status !== "written") return;
        const [first] = plan.changes;
        expect(first?.kind).toBe(isThere ? (isDeletion(each) ? "delete" : "replace") : "create");
        // A deletion, and a creation after one, are on record too: the metadata of documents cannot tell them.
        expect(plan.changes).toHaveLength(first?.kind === "replace" ? 1 : 2);
      }),
    );
  });

  it("does not bring a record back by an INSERT at or below its deletion", () => {
    const older = fc.oneof(
      byVersion.map(({ version, ...rest }) => ({ ...rest, order: { version } })),
      byPosition.map(({ position, ...rest }) => ({ ...rest, order: { position } })),
    );
    fc.assert(
      fc.property(older, contents, ({ history: before, order, mode }, content) => {
        const kept = before.entries.at(-1) === "deleted" ? before.entries.slice(0, -1) : before.entries;
        const history = { ...before, entries: [...kept, "deleted" as const] };
        const insert = event({ op: "INSERT", id: ID, ...content, ...order });
        fc.pre(isAtOrBelow(insert, history));
        const { result, plan } = decideOn(history, insert, mode);
        expect(result.status).not.toBe("written");
        expect(plan.changes).toEqual([]);
      }),
    );
  });

  it("skips a position below the last one, and compares the content at the last one", () => {
    fc.assert(
      fc.property(byPosition, ({ history, fields, position, mode }) => {
        const each = event({ ...fields, position });
        const order = comparePositions(each.position ?? [], (history.position ?? []).map(BigInt));
        fc.pre(order <= 0);
        const isSame = history.entries.at(-1) === entryOf(each);
        const expected = isSame ? "skipped already-applied" : "rejected ambiguous-order";
        const { result } = decideOn(history, each, mode);
        expect(textOf(result)).toBe(order < 0 ? "skipped superseded" : expected);
      }),
    );
  });

  it("finds what it has written, when the same event comes again", () => {
    fc.assert(
      fc.property(anything, ({ history, fields, order, mode }) => {
        const each = event({ ...fields, ...order });
        const draft = draftOf(each);
        const read = toReadings(draft.recordKey ?? "", ID, history);
        const preview = new Preview();
        const run = preview.begin();
        fc.pre(decideWith(draft, read, { mode, preview: run }).result.status === "written");
        run.keep();
        const snapshots = preview.begin().overSnapshots(read.snapshots);
        const place = placeOf(each, snapshots.get(draft.recordKey ?? "") ?? NOTHING_KNOWN);
        const wanted = place.kind === "revision" ? [place] : [];
        const again = { snapshots, revisions: preview.begin().overRevisions(read.revisions, wanted) };
        expect(textOf(decideWith(draft, again, { mode }).result)).toBe("skipped already-applied");
      }),
    );
  });
});

function isAtOrBelow({ version, position }: RevisionEvent, history: RecordHistory): boolean {
  if (version !== undefined) return version <= lastVersionOf(history);
  return comparePositions(position ?? [], (history.position ?? []).map(BigInt)) <= 0;
}

function resultOnDocument({ op }: RevisionEvent): string {
  return op === "INSERT" ? "rejected document-exists" : "written";
}

function resultOnNothing(each: RevisionEvent, { strictness }: JudgeMode): string {
  if (each.op !== "UPDATE" && !isDeletion(each)) return "written";
  return strictness === "strict" ? "rejected missing-document" : "skipped missing-document";
}
