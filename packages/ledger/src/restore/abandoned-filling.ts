// SPDX-License-Identifier: MIT
import type { LedgerRestoration } from "./ledger-restoration";
import type { PassResult } from "./verified-pass";

/** Ends the filling of a storage, so that nothing of it is kept: the export is not sound or lacks blocks. */
export class AbandonedFilling extends Error {
  readonly restoration: LedgerRestoration;

  constructor({ report }: PassResult) {
    super();
    this.restoration = { report, restored: undefined };
  }
}

/** Runs what may be abandoned; then the result is that nothing was restored. */
export async function orAbandoned(work: () => Promise<LedgerRestoration>): Promise<LedgerRestoration> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AbandonedFilling) return error.restoration;
    throw error;
  }
}
