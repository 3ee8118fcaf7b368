// SPDX-License-Identifier: MIT
import { openLedgerServer } from "../../src/index";

/** A server in a process of its own, to be killed: `server-process DATA-FOLDER-OR-DATABASE`. Prints its process id and endpoint. */
async function main(place: string | undefined): Promise<void> {
  if (place === undefined) throw new Error("Expected the data folder or database as the only argument.");
  const isDatabase = place.startsWith("postgres://");
  const { endpoint } = await openLedgerServer(isDatabase ? { postgresUrl: place } : { dataFolder: place });
  process.stdout.write(`${JSON.stringify({ pid: process.pid, endpoint })}\n`);
}

void main(process.argv[2]);
