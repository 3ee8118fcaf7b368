// SPDX-License-Identifier: MIT
import { SessionClient } from "./session-client";
import { startSession, transact } from "./transact";

/** The name of the ledger that is attacked. */
export const ATTACKED_LEDGER = "attacked";

/** Creates a ledger with what the attacks and the second client work on. */
export async function createAttackedLedger(endpoint: string): Promise<void> {
  const body = JSON.stringify({ Name: ATTACKED_LEDGER, PermissionsMode: "ALLOW_ALL" });
  await fetch(`${endpoint}/ledgers`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  const client = new SessionClient(endpoint);
  const token = await startSession(client, ATTACKED_LEDGER);
  for (const table of ["Probe", "Victim", "Attacked"]) {
    await transact(client, token, [`CREATE TABLE ${table}`]);
  }
  for (let first = 0; first < 400; first += 40) {
    const documents = Array.from({ length: 40 }, (_, i) => `{'n': ${first + i}}`);
    await transact(client, token, [`INSERT INTO Victim <<${documents.join(",")}>>`]);
  }
  client.close();
}
