// SPDX-License-Identifier: MIT
import {
  type Decision,
  type DeliveryContent,
  type EventFields,
  type Ledger,
  type Loader,
  type Outcome,
  type RevisionEvent,
  type RevisionWriter,
  createEvent,
  createLoader,
  ensureTables,
  parseDecisionTable,
  parseIdentifier,
} from "@ledger-loader/core";
import { jestApi } from "./jest-api";

/** The subject of the contract suite: a writer and its surroundings. */
export interface RevisionWriterSubject {
  /** Makes the writer; called once per test. */
  readonly makeWriter: () => RevisionWriter;
  /** Opens a ledger without tables of its own; it is closed after the suite. */
  readonly openLedger: () => Promise<Ledger>;
  /** A table that the writer can write to. */
  readonly table: string;
  /** Documents that the writer accepts; equal numbers give equal documents, different ones differ. */
  readonly document: (id: string, n: number) => Readonly<Record<string, unknown>>;
  /** The id of the n-th record. @defaultValue `` `record-${n}` `` */
  readonly id?: (n: number) => string;
}

/** Jest's own five seconds are too few for hundreds of records on a busy machine. */
const TIMEOUT_MS = 120_000;

/**
 * The contract of a RevisionWriter, to be run by its author: it finds what it wrote, recognizes what it wrote when it
 * comes again, and decides by the table.
 */
export function describeRevisionWriter(name: string, subject: RevisionWriterSubject): void {
  const { afterAll, beforeAll, describe, expect, it } = jestApi();
  describe(`${name} keeps the contract of a RevisionWriter:`, () => {
    let ledger: Ledger;
    let records = 0;
    const freshId = (): string => (subject.id ?? ((n) => `record-${n}`))(records++);
    const load = (events: readonly TestEvent[], id: string): Promise<readonly Ending[]> =>
      loadInOrder(ledger, subject, id, events);
    const expectEndings = (endings: readonly Ending[], expected: readonly string[]): void => {
      expect(endings.map((ending, i) => told(ending, expected[i]))).toEqual(expected);
    };

    beforeAll(async () => {
      ledger = await subject.openLedger();
      const table = parseIdentifier(subject.table);
      const field = subject.makeWriter().idField(table);
      await ensureTables(ledger, [{ table, indexedFields: field === undefined ? [] : [field] }]);
    }, TIMEOUT_MS);
    afterAll(() => ledger.close(), TIMEOUT_MS);

    it("it names an id field for its table", () => {
      expect(subject.makeWriter().idField(parseIdentifier(subject.table))).toBeDefined();
    });

    it(
      "it finds what it wrote: a history delivered twice is there once",
      async () => {
        const id = freshId();
        expectEndings(
          await load(LIFE_AND_AFTERLIFE, id),
          LIFE_AND_AFTERLIFE.map(() => "written"),
        );
        expectEndings(
          await load(LIFE_AND_AFTERLIFE, id),
          LIFE_AND_AFTERLIFE.map(() => "skipped already-applied"),
        );
      },
      TIMEOUT_MS,
    );

    it(
      "it makes one document of two first INSERTs at the same time",
      async () => {
        const id = freshId();
        const endings = await Promise.all([1, 2].map(() => load(LIFE_AND_AFTERLIFE.slice(0, 1), id)));
        const sorted = endings.flat().sort((a, b) => (a.text < b.text ? -1 : 1));
        expectEndings(sorted, ["skipped already-applied", "written"]);
      },
      TIMEOUT_MS,
    );

    describe("it decides by the table:", () => {
      const rows = parseDecisionTable().filter(isReachable);
      const cases = rows.flatMap((row) => (["strict", "lenient"] as const).map((mode) => ({ row, mode })));
      let endings: readonly Ending[] = [];
      beforeAll(async () => {
        endings = await decideAll(
          ledger,
          subject,
          cases.map((each) => ({ ...each, id: freshId() })),
        );
      }, TIMEOUT_MS);
      const titled = cases.map(({ row, mode }, i) => [`${titleOf(row)}, ${mode}`, row[mode], i] as const);
      it.each(titled)("%s: %s", (_, expected, i) => {
        expectEndings(endings.slice(i, i + 1), [expected.replace(/^apply .*/, "written")]);
      });
    });
  });
}

/** How an event ended, and why if it was rejected. */
interface Ending {
  readonly text: string;
  readonly detail?: string;
}

const NO_ENDING: Ending = { text: "" };

/** An ending as a failed test shows it: with its reason where it is not what was expected. */
function told({ text, detail }: Ending, expected: string | undefined): string {
  return detail === undefined || text === expected ? text : `${text}: ${detail}`;
}

interface DecisionCase {
  readonly row: Decision;
  readonly mode: "strict" | "lenient";
  readonly id: string;
}

/** Brings all records into their states and judges all candidates, in few batches: rows are many, records are cheap. */
async function decideAll(
  ledger: Ledger,
  subject: RevisionWriterSubject,
  cases: readonly DecisionCase[],
): Promise<readonly Ending[]> {
  const prepared = cases.flatMap(({ row, id }) =>
    preparation(row).map((event) => toEvent(subject, id, event)),
  );
  const loader = createLoader({ ledger, writer: subject.makeWriter(), startMidHistory: true });
  const failures = (await loadAll(loader, prepared)).filter(({ text }) => text !== "written");
  if (failures.length > 0) {
    // All of them have one cause or few, and every case fails with this text.
    const causes = new Set(failures.map((failure) => told(failure, "written")));
    return cases.map(() => ({ text: "not prepared", detail: [...causes].slice(0, 3).join("; ") }));
  }
  const endings = new Map<DecisionCase, Ending>();
  for (const mode of ["strict", "lenient"] as const) {
    for (const startMidHistory of [false, true]) {
      const group = cases.filter(
        (each) => each.mode === mode && (each.row.state === "start") === startMidHistory,
      );
      const judge = createLoader({ ledger, writer: subject.makeWriter(), strictness: mode, startMidHistory });
      const results = await loadAll(
        judge,
        group.map(({ row, id }) => toEvent(subject, id, candidate(row))),
      );
      for (const [i, each] of group.entries()) endings.set(each, results[i] ?? NO_ENDING);
    }
  }
  return cases.map((each) => endings.get(each) ?? NO_ENDING);
}

/** The fields of an event that matter here; `n` chooses the document. */
type TestEvent = Pick<EventFields, "op" | "version" | "position"> & { readonly n?: number };

const LIFE_AND_AFTERLIFE: readonly TestEvent[] = [
  { op: "INSERT", version: 0, n: 0 },
  { op: "UPDATE", version: 1, n: 1 },
  { op: "DELETE", version: 2 },
  { op: "INSERT", version: 3, n: 3 },
];

/** The state after {@link preparation}: histories begin at version 2 and end at 4, position 6. */
const START = 2;
const LAST = 4;
/** A document that no prepared revision has. */
const OTHER = 9;

/** Brings a record into the state of a row. Versions: one revision, then a deletion and another, or the other way. */
function preparation({ state, order }: Decision): readonly TestEvent[] {
  if (state === "none" || state === "start") return [];
  const isPresent = state === "present";
  if (order.startsWith("p")) {
    return [
      { op: "INSERT", position: [5], n: 0 },
      isPresent ? { op: "UPDATE", position: [6], n: 1 } : { op: "DELETE", position: [6] },
    ];
  }
  return [
    { op: "INSERT", version: START, n: 0 },
    isPresent ? { op: "DELETE", version: 3 } : { op: "UPDATE", version: 3, n: 1 },
    isPresent ? { op: "INSERT", version: LAST, n: 1 } : { op: "DELETE", version: LAST },
  ];
}

/** The event that a row judges upon what {@link preparation} has made. */
function candidate(row: Decision): TestEvent {
  const op = row.op === "ANY-" ? "ANY" : row.op;
  const isEqual = row.held === "equal";
  const content = isDeletion(row) ? {} : { n: isEqual ? heldDocument(row) : OTHER };
  return { op, ...orderOf(row), ...content };
}

function orderOf(row: Decision): Pick<TestEvent, "version" | "position"> {
  switch (row.order) {
    case "v-first":
      return { version: 0 };
    case "v-next":
      return { version: LAST + 1 };
    case "v-gap":
      return { version: row.state === "none" || row.state === "start" ? 1 : LAST + 2 };
    case "v-held":
      return { version: row.held === "equal" ? heldVersion(row) : START };
    case "v-early":
      return { version: START - 1 };
    case "p-later":
    case "p-any":
      return { position: [7] };
    case "p-same":
      return { position: [6] };
    case "p-earlier":
      return { position: [4] };
    default:
      return {};
  }
}

/** A version whose revision is of the event's kind: a document or a deletion. */
function heldVersion(row: Decision): number {
  if (row.state === "present") return isDeletion(row) ? 3 : LAST;
  return isDeletion(row) ? LAST : START;
}

function heldDocument(row: Decision): number {
  return row.order === "v-held" && row.state === "deleted" ? 0 : 1;
}

/** True if there can be such a record: compared with the current state alone, deletions equal only deletions. */
function isReachable(row: Decision): boolean {
  if (row.order === "v-held" || row.held === "-") return true;
  const isSameKind = isDeletion(row) === (row.state === "deleted");
  if (row.held === "equal") return isSameKind;
  return !isSameKind || row.state === "present";
}

function isDeletion({ op }: Decision): boolean {
  return op === "DELETE" || op === "ANY-";
}

function titleOf({ op, order, state, held }: Decision): string {
  return `${op} ${order} upon ${state}${held === "-" ? "" : `, content ${held}`}`;
}

/** Loads events one by one, as a channel does that delivers single messages. */
async function loadInOrder(
  ledger: Ledger,
  subject: RevisionWriterSubject,
  id: string,
  events: readonly TestEvent[],
): Promise<readonly Ending[]> {
  const loader = createLoader({ ledger, writer: subject.makeWriter() });
  const endings: Ending[] = [];
  for (const event of events) endings.push(...(await loadAll(loader, [toEvent(subject, id, event)])));
  return endings;
}

function toEvent(subject: RevisionWriterSubject, id: string, { n, ...fields }: TestEvent): RevisionEvent {
  const data = n === undefined ? {} : { data: subject.document(id, n) };
  return createEvent({ table: subject.table, id, ...fields, ...data });
}

async function loadAll(loader: Loader, events: readonly RevisionEvent[]): Promise<readonly Ending[]> {
  const deliveries = events.map((event, i) => ({
    deliveryId: String(i),
    decode: (): DeliveryContent => ({ events: [{ event }], atomic: false }),
  }));
  const report = await loader.load(deliveries, { onFailure: "continue" });
  return report.deliveries.flatMap((delivery) => delivery.events.map(({ outcome }) => endingOf(outcome)));
}

function endingOf(outcome: Outcome): Ending {
  switch (outcome.status) {
    case "written":
      return { text: "written" };
    case "skipped":
      return { text: `skipped ${outcome.reason}` };
    case "rejected":
      return {
        text: `rejected ${outcome.reason}${outcome.retryable ? ", retryable" : ""}`,
        detail: outcome.detail,
      };
  }
}
