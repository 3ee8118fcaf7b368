// SPDX-License-Identifier: MIT
import { LedgerUnavailableError, type Ledger, type Transaction } from "@ledger-loader/core";
import type { Random } from "@ledger-loader/testkit";

/**
 * A process that dies at a random transaction, before its commit or after it, the real ledger beneath. Once dead it
 * reaches the ledger no more.
 */
export class FaultyLedger implements Ledger {
  readonly #inner: Ledger;
  readonly #random: Random;
  readonly #crashRate: number;
  #isDead = false;

  constructor(inner: Ledger, random: Random, crashRate: number) {
    this.#inner = inner;
    this.#random = random;
    this.#crashRate = crashRate;
  }

  async transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    this.#checkAlive();
    const crashes = this.#random.chance(this.#crashRate);
    const committed = this.#random.chance(0.5);
    const result = await this.#inner.transact(async (transaction) => {
      const value = await work(transaction);
      if (crashes && !committed) this.#isDead = true;
      this.#checkAlive();
      return value;
    });
    if (crashes) this.#isDead = true;
    this.#checkAlive();
    return result;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #checkAlive(): void {
    if (this.#isDead) throw new LedgerUnavailableError("a crash", undefined);
  }
}
