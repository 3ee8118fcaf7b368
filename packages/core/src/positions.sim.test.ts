// SPDX-License-Identifier: MIT
import {
  BOOKKEEPING_NEED,
  BaseRevisionWriter,
  LedgerUnavailableError,
  type Loader,
  type RevisionEvent,
  createEvent,
  createLoader,
  decodeEvents,
  encodeEvent,
  ensureTables,
  isDeletion,
} from "@ledger-loader/core";
import {
  describeSimulation,
  FaultyLedger,
  openMemoryLedger,
  seededRandom,
  type MemoryLedger,
  type Random,
} from "@ledger-loader/testkit";
import { dumpText } from "ion-js";

const RECORDS = 10;
const CHANGES_MAX = 5;
const REDRIVES_MAX = 6;
const FAULTS = { crashRate: 0.15, conflictRate: 0.05 };

/** The changes of a source without versions: each record's changes in the order of its log, which has gaps. */
function randomSource(random: Random): readonly (readonly RevisionEvent[])[] {
  return Array.from({ length: RECORDS }, (_, record) => {
    let isThere = false;
    let position = 0;
    return Array.from({ length: 1 + random.below(CHANGES_MAX) }, () => {
      position += 1 + random.below(3);
      const op = !isThere ? "INSERT" : random.chance(0.6) ? "DELETE" : "UPDATE";
      isThere = op !== "DELETE";
      const data = isThere ? { data: { n: position } } : {};
      return createEvent({ op, table: "T", id: `r${record}`, position: [position], ...data });
    });
  });
}

/** Each event once or twice, in any order. */
function toMessages(random: Random, events: readonly RevisionEvent[]): string[] {
  const messages: string[] = [];
  for (const body of events.map(encodeEvent)) {
    for (let copies = random.chance(0.3) ? 2 : 1; copies > 0; copies--) {
      messages.splice(random.below(messages.length + 1), 0, body);
    }
  }
  return messages;
}

/** Loads until the queue is empty, and returns what was rejected: it is parked at once. */
async function drain(random: Random, queue: string[], start: () => Loader): Promise<string[]> {
  const parked: string[] = [];
  let loader = start();
  while (queue.length > 0) {
    const batch = queue.splice(0, 1 + random.below(6));
    const deliveries = batch.map((body, i) => ({ deliveryId: `${i}`, decode: () => decodeEvents(body) }));
    try {
      const { failed } = await loader.load(deliveries, { onFailure: "continue" });
      parked.push(...failed.map(({ deliveryId }) => batch[Number(deliveryId)]!));
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError)) throw error;
      queue.push(...batch);
      loader = start();
    }
  }
  return parked;
}

async function readContents(ledger: MemoryLedger): Promise<ReadonlyMap<string, string>> {
  const reader = ledger.connect();
  const rows = await reader.transact((transaction) => transaction.execute("SELECT * FROM T"));
  return new Map(rows.map((row) => [row.get("oldDocumentId")?.stringValue() ?? "", dumpText(row.get("n"))]));
}

/** Each record whose content is not that of the last change in the source's log. */
function differences(
  histories: readonly (readonly RevisionEvent[])[],
  contents: ReadonlyMap<string, string>,
): readonly string[] {
  return histories.flatMap((history) => {
    const last = history.at(-1)!;
    const id = last.id?.value.stringValue() ?? "";
    const expected = isDeletion(last) ? "absent" : dumpText(last.data?.get("n"));
    const found = contents.get(id) ?? "absent";
    return found === expected ? [] : [`${id}: expected ${expected}, found ${found}`];
  });
}

// Changes with positions, in any order and repeated, to two processes that crash: what the source deleted is gone as soon
// as its deletion was delivered, and all else is as the source's log ends once what waited was redriven.
describeSimulation("positions", 40, async (seed) => {
  const random = seededRandom(seed);
  const ledger = await openMemoryLedger({ T: ["oldDocumentId"] });
  try {
    await ensureTables(ledger.connect(), [BOOKKEEPING_NEED]);
    const histories = randomSource(random);
    const start = (): Loader =>
      createLoader({
        ledger: new FaultyLedger(ledger.connect(), { random, ...FAULTS }),
        writer: new BaseRevisionWriter(),
      });
    let queue = toMessages(random, histories.flat());
    const load = async (): Promise<void> => {
      queue = (await Promise.all([drain(random, queue, start), drain(random, queue, start)])).flat();
    };
    await load();
    const deleted = histories.filter((history) => isDeletion(history.at(-1)!));
    const early = differences(deleted, await readContents(ledger));
    for (let redrives = 0; queue.length > 0 && redrives < REDRIVES_MAX; redrives++) await load();
    const violations = [
      ...early.map((difference) => `before the redrive, ${difference}`),
      ...differences(histories, await readContents(ledger)),
      ...(queue.length > 0 ? [`${queue.length} events cannot be applied`] : []),
    ];
    return { violations };
  } finally {
    await ledger.close();
  }
});
