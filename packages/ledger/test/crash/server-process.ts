// SPDX-License-Identifier: MIT
import { openLedgerServer } from "../../src/index";

/** A server in a process of its own, to be killed: `server-process DATA-FOLDER`. Prints its process id and endpoint. */
async function main(dataFolder: string | undefined): Promise<void> {
  if (dataFolder === undefined) throw new Error("Expected the data folder as the only argument.");
  const { endpoint } = await openLedgerServer({ dataFolder });
  process.stdout.write(`${JSON.stringify({ pid: process.pid, endpoint })}\n`);
}

void main(process.argv[2]);
