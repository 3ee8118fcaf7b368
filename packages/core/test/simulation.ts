// SPDX-License-Identifier: MIT
import {
  BOOKKEEPING_NEED,
  decodeEvents,
  encodeEvent,
  ensureTables,
  isDeletion,
  LedgerUnavailableError,
  PLACEHOLDER_FIELD,
  type Delivery,
  type Ledger,
  type Loader,
  type RevisionEvent,
} from "@ledger-loader/core";
import type { Random } from "@ledger-loader/testkit";
import { dom, dumpText } from "ion-js";
import { FaultyLedger } from "./faulty-ledger";
import { randomHistories, type RecordHistory } from "./random-history";
import type { TestLedger } from "./test-ledger";

/** What the channel does with a history. */
export interface Simulation {
  readonly random: Random;
  readonly ledger: TestLedger;
  /** Makes the loader of one process. */
  readonly makeLoader: (ledger: Ledger) => Loader;
}

/** What came of it. */
export interface SimulationResult {
  /** Each difference from the in-order result. */
  readonly violations: readonly string[];
  readonly crashes: number;
  readonly redeliveries: number;
}

const RECORDS = 5;
const VERSIONS_MAX = 14;
const BATCH_MAX = 12;
const CRASH_RATE = 0.15;
/** How often a message is received before it is parked, and how often what was parked is redriven. */
const RECEIVES_MAX = 8;
const REDRIVES = 6;

interface Message {
  readonly id: string;
  readonly body: string;
  receives: number;
}

/**
 * Delivers random histories duplicated, reordered and in random batches to two processes at once that crash at random
 * points, until everything is applied or parked; then compares the ledger with the histories.
 */
export async function simulate({ random, ledger, makeLoader }: Simulation): Promise<SimulationResult> {
  const histories = randomHistories(random, RECORDS, VERSIONS_MAX);
  let queue: Message[] = toMessages(random, histories);
  let parked: Message[] = [];
  const result = { crashes: 0, redeliveries: 0 };
  const runProcess = async (): Promise<void> => {
    let loader = makeLoader(new FaultyLedger(ledger.connect(), random, CRASH_RATE));
    while (queue.length > 0) {
      const batch = queue.splice(0, 1 + random.below(BATCH_MAX));
      const failed = await receive(loader, batch);
      if (failed === "crashed") {
        result.crashes++;
        loader = makeLoader(new FaultyLedger(ledger.connect(), random, CRASH_RATE));
      }
      for (const message of failed === "crashed" ? batch : batch.filter(({ id }) => failed.has(id))) {
        result.redeliveries++;
        if (++message.receives < RECEIVES_MAX) insertAnywhere(random, queue, message);
        else parked.push({ ...message, receives: 0 });
      }
    }
  };
  await ensureTables(ledger.connect(), [BOOKKEEPING_NEED]);
  for (let redrive = 0; redrive <= REDRIVES; redrive++) {
    await Promise.all([runProcess(), runProcess()]);
    queue = parked;
    parked = [];
  }
  return { ...result, violations: await findViolations(ledger, histories) };
}

/** Every event once to three times, some together in one message, some messages that are no events, in any order. */
function toMessages(random: Random, histories: readonly RecordHistory[]): Message[] {
  const messages: Message[] = [];
  const add = (body: string): void => {
    insertAnywhere(random, messages, { id: `message ${messages.length}`, body, receives: 0 });
  };
  for (const event of histories.flat()) {
    for (let copies = 1 + random.below(3); copies > 0; copies--) add(encodeEvent(event));
  }
  const all = histories.flat();
  for (let i = 0; i < 5; i++) {
    const some = Array.from({ length: 3 }, () => all[random.below(all.length)]);
    add(some.map((event) => encodeEvent(event!)).join("\n"));
  }
  add("not an event");
  add(`{op:"INSERT",table:"T",id:"x",version:0,data:{`);
  return messages;
}

function insertAnywhere(random: Random, queue: Message[], message: Message): void {
  queue.splice(random.below(queue.length + 1), 0, message);
}

/** The ids of the messages that must be redelivered. */
async function receive(loader: Loader, batch: readonly Message[]): Promise<ReadonlySet<string> | "crashed"> {
  const deliveries = batch.map(({ id, body }): Delivery => ({
    deliveryId: id,
    decode: () => decodeEvents(body),
  }));
  try {
    const report = await loader.load(deliveries, { onFailure: "continue" });
    return new Set(report.failed.map(({ deliveryId }) => deliveryId));
  } catch (error) {
    if (!(error instanceof LedgerUnavailableError)) throw error;
    return "crashed";
  }
}

async function findViolations(ledger: TestLedger, histories: readonly RecordHistory[]): Promise<string[]> {
  const rows = await ledger.run("SELECT * FROM history(T)");
  const violations: string[] = [];
  let expectedRows = 0;
  let expectedBooks = 0;
  for (const history of histories) {
    const id = history[0]?.id?.value.stringValue() ?? "";
    const expected = history.map(contentOf);
    const found = revisionsOf(rows, id);
    if (expected.join("\n") !== found.join("\n")) {
      violations.push(`${id}: expected ${expected.join(" → ")}, found ${found.join(" → ")}`);
    }
    expectedRows += history.length;
    // A deletion and a creation after one are recorded; nothing else is.
    expectedBooks += history.filter((event, i) => isDeletion(event) || isDeletedBefore(history, i)).length;
  }
  if (rows.length !== expectedRows)
    violations.push(`expected ${expectedRows} revisions, found ${rows.length}`);
  const books = (await ledger.history("LedgerLoaderBookkeeping")).length;
  if (books !== expectedBooks)
    violations.push(`expected ${expectedBooks} revisions of books, found ${books}`);
  const current = await ledger.documents("T");
  const alive = histories.filter((history) => !isDeletion(history.at(-1)!)).length;
  if (current.length !== alive)
    violations.push(`expected ${alive} current documents, found ${current.length}`);
  return violations;
}

function isDeletedBefore(history: RecordHistory, i: number): boolean {
  const before = history[i - 1];
  return before !== undefined && isDeletion(before);
}

function contentOf(event: RevisionEvent): string {
  if (event.dataHash !== undefined) {
    return dumpText(
      new dom.Struct([[PLACEHOLDER_FIELD, new dom.Blob(event.dataHash)] as [string, dom.Value]]),
    );
  }
  return event.data === undefined || isDeletion(event) ? "deleted" : dumpText(event.data);
}

/** What the ledger holds of a record, over all documents it had, in the order of the journal. */
function revisionsOf(rows: readonly dom.Value[], id: string): readonly string[] {
  const own = new Set(
    rows.flatMap((row) =>
      row.get("data", "oldDocumentId")?.stringValue() === id
        ? [row.get("metadata", "id")?.stringValue()]
        : [],
    ),
  );
  return rows
    .filter((row) => own.has(row.get("metadata", "id")?.stringValue()))
    .sort((a, b) => sequenceNoOf(a) - sequenceNoOf(b))
    .map((row) => {
      const data = row.get("data");
      if (!(data instanceof dom.Struct)) return "deleted";
      return dumpText(new dom.Struct(data.allFields().filter(([name]) => name !== "oldDocumentId")));
    });
}

function sequenceNoOf(row: dom.Value): number {
  return row.get("blockAddress", "sequenceNo")?.numberValue() ?? -1;
}
