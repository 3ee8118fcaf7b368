// SPDX-License-Identifier: MIT
import type { TableName } from "../event/identifier";
import type { Transaction } from "../ledger/ledger";
import { explainReplacements } from "./statements";

/**
 * Knows whether a ledger replaces many documents with one statement, which QLDB could not.
 *
 * The ledger announces it by explaining the statement. It is asked in the first transaction that replaces several documents, and
 * not again.
 */
export class BulkReplacement {
  #isAnnounced: boolean | undefined;

  /** True if the ledger has announced the statement. */
  get isAnnounced(): boolean {
    return this.#isAnnounced === true;
  }

  /** Asks the ledger, unless its answer is known. A ledger that refuses the question leaves the transaction usable, as QLDB did. */
  async ask(transaction: Transaction, table: TableName): Promise<boolean> {
    try {
      this.#isAnnounced ??= await explainReplacements(transaction, table);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "BadRequestException") throw error;
      this.#isAnnounced = false;
    }
    return this.#isAnnounced;
  }
}
