// SPDX-License-Identifier: MIT
import type { Ledger } from "@ledger-loader/core";

/** The counted calls of a ledger. */
export interface LedgerCounts {
  transactions: number;
  readonly statements: string[];
}

/** Counts transactions and statements, the real ledger beneath. */
export function counting(inner: Ledger): { readonly outer: Ledger; readonly counts: LedgerCounts } {
  const counts: LedgerCounts = { transactions: 0, statements: [] };
  const outer: Ledger = {
    transact: (work) =>
      inner.transact((transaction) => {
        counts.transactions++;
        return work({
          ...transaction,
          execute: (statement, ...parameters) => {
            counts.statements.push(statement);
            return transaction.execute(statement, ...parameters);
          },
        });
      }),
    close: () => inner.close(),
  };
  return { outer, counts };
}
