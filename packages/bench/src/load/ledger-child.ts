// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openLedgerServer } from "@ledger-loader/ledger";
import { answerParent } from "../child";
import { cpuMs } from "../stopwatch";

/** The requests to the ledger's process. */
export type LedgerRequest =
  | { readonly do: "endpoint" }
  | { readonly do: "create"; readonly ledgerName: string }
  | { readonly do: "cpu" };

/**
 * A ledger server in a process of its own, as in production. It removes its files when the parent hangs up.
 *
 * @param postgresUrl - the database of the ledgers, instead of files
 */
export async function runLedgerChild(postgresUrl?: string): Promise<void> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), "ledger-bench-"));
  const server = await openLedgerServer(postgresUrl === undefined ? { dataFolder } : { postgresUrl });
  answerParent(
    async (message) => {
      const request = message as LedgerRequest;
      switch (request.do) {
        case "endpoint":
          return server.endpoint;
        case "create":
          await server.store.createLedger(request.ledgerName);
          return undefined;
        case "cpu":
          return cpuMs();
      }
    },
    async () => {
      await server.close();
      await rm(dataFolder, { recursive: true });
    },
  );
}
