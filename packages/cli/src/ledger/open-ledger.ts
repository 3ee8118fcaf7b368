// SPDX-License-Identifier: MIT
import { DriverLedger, type Ledger } from "@ledger-loader/core";
import type { Connection } from "./connection";
import { requireLedger } from "./control-plane";

/**
 * Runs `work` with a ledger and closes it.
 *
 * Server and ledger are asked for first: the driver retries a missing one for a while, and says less.
 */
export async function withLedger<T>(
  connection: Connection,
  ledgerName: string,
  sessions: number,
  work: (ledger: Ledger) => Promise<T>,
  occRetries?: number,
): Promise<T> {
  await requireLedger(connection, ledgerName);
  const ledger = new DriverLedger({
    ledgerName,
    endpoint: connection.endpoint,
    region: connection.region,
    credentials: connection.credentials,
    sessions,
    occRetries,
  });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}
