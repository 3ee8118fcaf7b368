// SPDX-License-Identifier: MIT
import {
  BOOKKEEPING_NEED,
  BaseRevisionWriter,
  DriverLedger,
  type Ledger,
  type RevisionEvent,
  type Tables,
  createLoader,
  ensureTables,
  parseIdentifier,
} from "@ledger-loader/core";
import type { Child } from "../child";
import { ID_FIELD } from "../load/event-by-event-writer";
import type { LedgerRequest } from "../load/ledger-child";
import { measure } from "../stopwatch";
import { writeBarely } from "./bare-writer";
import { SESSIONS, type Channel, type Invoke, type Prepared } from "./channel";
import { countingLoader, decodingLoader } from "./loaders";

/** The cost of loading, per event. */
export interface Cost {
  readonly wallMicros: number;
  /** Processor time of client and ledger together. */
  readonly cpuMicros: number;
}

/** One round of a channel. */
export interface Sample {
  readonly bare: Cost;
  readonly handler: Cost;
  /** Processor time from the invocation to the decoded events, per event. */
  readonly decodeMicros: number;
  /** Ledger transactions, of all events together. */
  readonly transactions: { readonly bare: number; readonly handler: number };
}

/** One way of loading, connected. */
interface Loading {
  /** Opens the sessions and reads the tables, as a function that is warm has done. */
  warmUp(): Promise<void>;
  load(): Promise<void>;
}

const TABLES = [
  { table: parseIdentifier("Vehicle"), indexedFields: [parseIdentifier(ID_FIELD)] },
  BOOKKEEPING_NEED,
];
const WARM_UP_EVENTS_MAX = 200;

let ledgers = 0;

/** A channel's handler and the bare writer, on the same events and the same ledger server. */
export class ChannelRun {
  readonly #channel: Channel;
  readonly #server: Child;
  readonly #count: number;
  readonly #warmUp: Prepared;
  readonly #measured: Prepared;

  constructor(channel: Channel, server: Child, count: number) {
    this.#channel = channel;
    this.#server = server;
    this.#count = count;
    const warmUpEvents = Math.min(count, WARM_UP_EVENTS_MAX);
    this.#warmUp = channel.prepare(0, warmUpEvents);
    this.#measured = channel.prepare(warmUpEvents, count);
  }

  /** Measures both once, one after the other, each in a ledger of its own. */
  async measure(handlerFirst: boolean): Promise<Sample> {
    const decodeMicros = await this.#measureDecoding();
    const handlerBefore = handlerFirst ? await this.#measureHandler() : undefined;
    const bare = await this.#measureBareWriter();
    const handler = handlerBefore ?? (await this.#measureHandler());
    const transactions = { bare: bare.transactions, handler: handler.transactions };
    return { bare, handler, decodeMicros, transactions };
  }

  async #measureDecoding(): Promise<number> {
    const invocations = this.#measured(decodingLoader(() => undefined));
    const { cpuMs } = await measure(() => this.#runAll(invocations));
    return (cpuMs / this.#count) * 1000;
  }

  #measureHandler(): Promise<Cost & { readonly transactions: number }> {
    return this.#measureLoading((ledger) => {
      const loader = countingLoader(
        createLoader({ ledger, writer: new BaseRevisionWriter(), sessions: SESSIONS }),
      );
      const warmUp = this.#warmUp(loader);
      const measured = this.#measured(loader);
      return {
        warmUp: () => this.#runAll(warmUp),
        load: async () => {
          const before = loader.written();
          await this.#runAll(measured);
          const written = loader.written() - before;
          if (written !== this.#count)
            throw new Error(`Expected ${this.#count} events written, found ${written}.`);
        },
      };
    });
  }

  async #measureBareWriter(): Promise<Cost & { readonly transactions: number }> {
    const warmUp = await this.#decode(this.#warmUp);
    const measured = await this.#decode(this.#measured);
    return this.#measureLoading((ledger, tables) => {
      const write = (batches: readonly (readonly RevisionEvent[])[]): Promise<void> =>
        this.#runAll(batches.map((events) => () => writeBarely(ledger, tables, events)));
      return { warmUp: () => write(warmUp), load: () => write(measured) };
    });
  }

  /** The events that each invocation brings. */
  async #decode(prepared: Prepared): Promise<readonly (readonly RevisionEvent[])[]> {
    const batches: (readonly RevisionEvent[])[] = [];
    await this.#runAll(prepared(decodingLoader((events) => batches.push(events))));
    return batches;
  }

  async #measureLoading(
    open: (ledger: Ledger, tables: Tables) => Loading,
  ): Promise<Cost & { readonly transactions: number }> {
    const ledgerName = `channel-${ledgers++}`;
    await this.#ask({ do: "create", ledgerName });
    const endpoint = (await this.#ask({ do: "endpoint" })) as string;
    const ledger = new CountedLedger(new DriverLedger({ endpoint, ledgerName, sessions: SESSIONS }));
    try {
      const loading = open(ledger, await ensureTables(ledger, TABLES));
      await loading.warmUp();
      const transactionsBefore = ledger.transactions;
      const serverBefore = (await this.#ask({ do: "cpu" })) as number;
      const { wallMs, cpuMs } = await measure(() => loading.load());
      const serverMs = ((await this.#ask({ do: "cpu" })) as number) - serverBefore;
      return {
        wallMicros: (wallMs / this.#count) * 1000,
        cpuMicros: ((cpuMs + serverMs) / this.#count) * 1000,
        transactions: ledger.transactions - transactionsBefore,
      };
    } finally {
      await ledger.close();
    }
  }

  #ask(request: LedgerRequest): Promise<unknown> {
    return this.#server.ask(request);
  }

  /** Invokes one after the other, or as many at a time as Lambda would run functions. */
  async #runAll(invocations: readonly Invoke[]): Promise<void> {
    const waiting = invocations.values();
    const work = async (): Promise<void> => {
      for (const invoke of waiting) await invoke();
    };
    await Promise.all(Array.from({ length: this.#channel.concurrency }, work));
  }
}

/** A ledger that counts its transactions. */
class CountedLedger implements Ledger {
  transactions = 0;
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  transact: Ledger["transact"] = (work) => {
    this.transactions++;
    return this.#ledger.transact(work);
  };

  close(): Promise<void> {
    return this.#ledger.close();
  }
}
