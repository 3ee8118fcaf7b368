// SPDX-License-Identifier: MIT
import {
  BaseRevisionWriter,
  type Ledger,
  QLDB_LIMITS,
  type RevisionEvent,
  type Tables,
} from "@ledger-loader/core";
import { SESSIONS } from "./channel";

/**
 * Writes inserts that are decoded already by `RevisionWriter.write`, and does nothing else: as many per transaction, and
 * as many transactions at a time, as a loader.
 */
export async function writeBarely(
  ledger: Ledger,
  tables: Tables,
  events: readonly RevisionEvent[],
): Promise<void> {
  const writer = new BaseRevisionWriter();
  const context = {
    mode: { strictness: "strict", startMidHistory: false },
    tables,
    limits: QLDB_LIMITS,
  } as const;
  const waiting = [...events];
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const taken = waiting.splice(0, QLDB_LIMITS.documentsMax);
      const results = await ledger.transact((transaction) => writer.write(transaction, taken, context));
      for (const [i, event] of taken.entries()) {
        const status = results[i]?.status;
        if (status === "deferred") waiting.push(event);
        else if (status !== "written")
          throw new Error(`Expected every event written, found one ${status ?? "without result"}.`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(SESSIONS, events.length) }, work));
}
