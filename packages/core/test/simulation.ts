// SPDX-License-Identifier: MIT
import {
  BOOKKEEPING_NEED,
  type Delivery,
  type Ledger,
  LedgerUnavailableError,
  type Loader,
  decodeEvents,
  encodeEvent,
  ensureTables,
} from "@ledger-loader/core";
import {
  FaultyLedger,
  findViolations,
  randomHistories,
  type Random,
  type RecordHistory,
} from "@ledger-loader/testkit";

/** The channel's treatment of a history. */
export interface Simulation {
  readonly random: Random;
  /** A ledger with a table `T`; each loader has a connection of its own. */
  readonly ledger: { connect(): Ledger };
  /** Makes the loader of one process. */
  readonly makeLoader: (ledger: Ledger) => Loader;
}

/** The result of a simulation. */
export interface SimulationResult {
  /** Each difference from the in-order result. */
  readonly violations: readonly string[];
  readonly crashes: number;
  readonly redeliveries: number;
}

const RECORDS = 5;
const VERSIONS_MAX = 10;
const BATCH_MAX = 12;
const FAULTS = { crashRate: 0.15, conflictRate: 0.05 };
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
  const histories = randomHistories(random, { table: "T", records: RECORDS, versionsMax: VERSIONS_MAX });
  let queue: Message[] = toMessages(random, histories);
  let parked: Message[] = [];
  const result = { crashes: 0, redeliveries: 0 };
  const startProcess = (): Loader => makeLoader(new FaultyLedger(ledger.connect(), { random, ...FAULTS }));
  const runProcess = async (): Promise<void> => {
    let loader = startProcess();
    while (queue.length > 0) {
      const batch = queue.splice(0, 1 + random.below(BATCH_MAX));
      const failed = await receive(loader, batch);
      if (failed === "crashed") {
        result.crashes++;
        loader = startProcess();
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
  return { ...result, violations: await findViolations(ledger.connect(), "T", histories) };
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
