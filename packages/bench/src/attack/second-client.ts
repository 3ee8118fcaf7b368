// SPDX-License-Identifier: MIT
import { setTimeout } from "node:timers/promises";
import { SessionClient } from "./session-client";
import { startSession, transact } from "./transact";

/** The experience of a client that does nothing wrong. */
export interface SecondClientReport {
  /** How long each command took, in milliseconds. */
  readonly latencies: readonly number[];
  /** Transactions that were not committed, as `STATUS NAME`. */
  readonly failures: readonly string[];
}

/** A pause between two transactions, in milliseconds. */
const PAUSE_MS = 5;

/** So many transactions in one session: opening one is a part of what clients do. */
const TRANSACTIONS_PER_SESSION = 100;

/** Works as a driver does, one small transaction after the other, until it is stopped. */
export class SecondClient {
  readonly #client: SessionClient;
  readonly #ledgerName: string;
  readonly #latencies: number[] = [];
  readonly #failures: string[] = [];
  readonly #ended: Promise<void>;
  #stopped = false;

  constructor(endpoint: string, ledgerName: string) {
    this.#client = new SessionClient(endpoint);
    this.#ledgerName = ledgerName;
    this.#ended = this.#run();
  }

  /** Stops after the transaction under way. */
  async stop(): Promise<SecondClientReport> {
    this.#stopped = true;
    await this.#ended;
    this.#client.close();
    return { latencies: this.#latencies, failures: this.#failures };
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#workInSession();
      } catch (error) {
        this.#failures.push(error instanceof Error ? error.message : String(error));
        await setTimeout(PAUSE_MS);
      }
    }
  }

  async #workInSession(): Promise<void> {
    const token = await startSession(this.#client, this.#ledgerName);
    let count = 0;
    // At least one: a client that is stopped at once has met the server, too.
    do {
      const statement = `INSERT INTO Probe VALUE {'n': ${count}}`;
      await transact(this.#client, token, [statement], (ms) => this.#latencies.push(ms));
      await setTimeout(PAUSE_MS);
    } while (++count < TRANSACTIONS_PER_SESSION && !this.#stopped);
    await this.#client.command({ SessionToken: token, EndSession: {} });
  }
}
