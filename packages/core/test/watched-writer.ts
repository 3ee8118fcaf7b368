// SPDX-License-Identifier: MIT
import { BaseRevisionWriter, type RevisionEvent, type Transaction } from "@ledger-loader/core";
import type { WriteContext, WriteResult } from "../src/writer/write-context";

/** The built-in writer, which notes how every event ended in each transaction. For a run of batches, not for a loader. */
export class WatchedWriter extends BaseRevisionWriter {
  /** One per transaction, in order. */
  readonly transactions: (readonly { readonly event: RevisionEvent; readonly result: WriteResult }[])[] = [];

  override async write(
    transaction: Transaction,
    events: readonly RevisionEvent[],
    context: WriteContext,
  ): Promise<readonly WriteResult[]> {
    const results = await super.write(transaction, events, context);
    this.transactions.push(events.map((event, i) => ({ event, result: results[i]! })));
    return results;
  }

  /** How an event ended in each transaction that it was tried in. */
  resultsOf(id: string, version: number): readonly WriteResult["status"][] {
    return this.transactions
      .flat()
      .filter(({ event }) => event.id?.key.includes(id) === true && event.version === version)
      .map(({ result }) => result.status);
  }

  /** The events that were written, transaction by transaction, without those in which none was. */
  get written(): readonly (readonly RevisionEvent[])[] {
    return this.transactions
      .map((events) => events.filter(({ result }) => result.status === "written").map(({ event }) => event))
      .filter((events) => events.length > 0);
  }
}
