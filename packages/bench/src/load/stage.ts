// SPDX-License-Identifier: MIT
import { BOOKKEEPING_NEED, DriverLedger, ensureTables, parseIdentifier } from "@ledger-loader/core";
import { startChild, type Child } from "../child";
import { measure } from "../stopwatch";
import { ID_FIELD } from "./event-by-event-writer";
import type { LedgerRequest } from "./ledger-child";
import { packed, type Target, type WayOfLoading } from "./way-of-loading";
import type { Workload } from "./workload";

/** One way of loading, and what it loads. */
export interface Run {
  readonly way: WayOfLoading;
  readonly workload: Workload;
  /** How many of the workload's messages: enough for a second or so. */
  readonly events: number;
  /** @defaultValue the server's own, without a proxy */
  readonly endpoint?: string;
}

/** The cost of a run. */
export interface Sample {
  readonly eventsPerSecond: number;
  /** Processor time per event, in milliseconds. */
  readonly clientCpuMs: number;
  readonly serverCpuMs: number;
}

/** A ledger server in a process of its own, to load into. */
export class Stage {
  readonly endpoint: string;
  readonly #server: Child;
  #ledgers = 0;

  private constructor(server: Child, endpoint: string) {
    this.#server = server;
    this.endpoint = endpoint;
  }

  static async open(): Promise<Stage> {
    const server = startChild("ledger");
    return new Stage(server, (await server.ask({ do: "endpoint" } satisfies LedgerRequest)) as string);
  }

  /** Loads into a new ledger, which has the table, its index, and what comes before. */
  async run({ way, workload, events, endpoint = this.endpoint }: Run): Promise<Sample> {
    const ledgerName = `bench-${this.#ledgers++}`;
    await this.#ask({ do: "create", ledgerName });
    await prepare({ endpoint: this.endpoint, ledgerName }, workload);
    const messages = workload.messages.slice(0, events);
    const connection = await way.open({ endpoint, ledgerName });
    try {
      const server = await this.#readServerCpuMs();
      const client = await connection.readCpuMs();
      const { wallMs } = await measure(() => connection.load(messages));
      return {
        eventsPerSecond: (messages.length / wallMs) * 1000,
        clientCpuMs: ((await connection.readCpuMs()) - client) / messages.length,
        serverCpuMs: ((await this.#readServerCpuMs()) - server) / messages.length,
      };
    } finally {
      await connection.close();
    }
  }

  close(): Promise<void> {
    return this.#server.stop();
  }

  async #readServerCpuMs(): Promise<number> {
    return (await this.#ask({ do: "cpu" })) as number;
  }

  #ask(request: LedgerRequest): Promise<unknown> {
    return this.#server.ask(request);
  }
}

/** Creates the table with its index and loads what comes before. */
async function prepare(target: Target, { table, before }: Workload): Promise<void> {
  const ledger = new DriverLedger(target);
  await ensureTables(ledger, [
    { table: parseIdentifier(table), indexedFields: [parseIdentifier(ID_FIELD)] },
    BOOKKEEPING_NEED,
  ]);
  await ledger.close();
  const connection = await packed(10).open(target);
  await connection.load(before);
  await connection.close();
}
