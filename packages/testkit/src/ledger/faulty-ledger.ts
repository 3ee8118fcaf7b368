// SPDX-License-Identifier: MIT
import { type Ledger, LedgerUnavailableError, type Transaction } from "@ledger-loader/core";
import type { Random } from "./random";

/** The faults of a ledger. Rates are per transaction, from 0 (never) to 1 (always). */
export interface LedgerFaults {
  readonly random: Random;
  /** How often the process dies, half of the time after the commit, half of the time before. Default: 0. */
  readonly crashRate?: number;
  /** How often a transaction conflicts when all its work is done, and is run again. Default: 0. */
  readonly conflictRate?: number;
  /** True if the ledger gives no answer now. Default: it always does. */
  readonly isOut?: () => boolean;
  /** Called within each transaction, before its work and before its commit: what it waits for, the others do meanwhile. */
  readonly pause?: () => Promise<void>;
}

/** A process with a bad life, a real ledger beneath. Once it died it reaches the ledger no more. */
export class FaultyLedger implements Ledger {
  readonly #inner: Ledger;
  readonly #faults: LedgerFaults;
  #isDead = false;

  constructor(inner: Ledger, faults: LedgerFaults) {
    this.#inner = inner;
    this.#faults = faults;
  }

  /** True if the process has died. */
  get isDead(): boolean {
    return this.#isDead;
  }

  async transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    this.#requireAnswers();
    const { random, crashRate = 0, conflictRate = 0 } = this.#faults;
    const crashes = random.chance(crashRate);
    const committed = random.chance(0.5);
    if (random.chance(conflictRate)) await this.#abandon(work);
    const result = await this.#inner.transact(async (transaction) => {
      await this.#faults.pause?.();
      const value = await work(transaction);
      await this.#faults.pause?.();
      if (crashes && !committed) this.#isDead = true;
      this.#requireLife();
      return value;
    });
    if (crashes) this.#isDead = true;
    this.#requireLife();
    return result;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** Does the work of a transaction and commits nothing. */
  async #abandon<T>(work: (transaction: Transaction) => Promise<T>): Promise<void> {
    const conflict = new Error("a conflict");
    try {
      await this.#inner.transact(async (transaction) => {
        await work(transaction);
        throw conflict;
      });
    } catch (error) {
      if (error !== conflict) throw error;
    }
  }

  #requireAnswers(): void {
    this.#requireLife();
    if (this.#faults.isOut?.() === true) throw new LedgerUnavailableError("an outage", undefined);
  }

  #requireLife(): void {
    if (this.#isDead) throw new LedgerUnavailableError("a crash", undefined);
  }
}
