// SPDX-License-Identifier: MIT
import {
  BaseRevisionWriter,
  createLoader,
  parkFailures,
  type DeadLetter,
  type Ledger,
  type Loader,
} from "@ledger-loader/core";
import { createDmsHandler, type DmsOptions } from "@ledger-loader/dms";
import { dom, dumpText } from "ion-js";
import { aBatch } from "./dms-records";

/** How a shard is read. */
export interface ShardOptions {
  readonly loader: Loader;
  readonly dms: DmsOptions;
  readonly batchSizeMax?: number;
  /** Asked before each invocation: `before` and `after` end it with an exception before or after its work. */
  readonly crash?: () => "before" | "after" | undefined;
}

/**
 * A shard with Lambda's event source mapping at its end, as documented for `ReportBatchItemFailures`: the next batch
 * begins at the record that the function named, or with the same one where it threw.
 */
export async function drainShard(
  bodies: readonly string[],
  options: ShardOptions,
): Promise<{ invocations: number }> {
  const handler = createDmsHandler(options.loader, options.dms);
  const { batchSizeMax = 10 } = options;
  let invocations = 0;
  for (let next = 0; next < bodies.length;) {
    if (++invocations > 500) throw new Error(`the shard is stuck at record ${next}`);
    const batch = bodies.slice(next, next + batchSizeMax);
    const crash = options.crash?.();
    if (crash === "before") continue;
    const { batchItemFailures } = await handler(aBatch(batch, next));
    if (crash === "after") continue;
    const failed = batchItemFailures[0]?.itemIdentifier;
    next = failed === undefined ? next + batch.length : Number(failed);
  }
  return { invocations };
}

/** A loader that parks what it cannot apply at once, and the letters. */
export function parkingLoader(ledger: Ledger): { readonly loader: Loader; readonly letters: DeadLetter[] } {
  return parkAtOnce(createLoader({ ledger, writer: new BaseRevisionWriter() }));
}

/** Makes a loader park what it cannot apply at once. */
export function parkAtOnce(loader: Loader): { readonly loader: Loader; readonly letters: DeadLetter[] } {
  const letters: DeadLetter[] = [];
  const sink = {
    park: (parked: readonly DeadLetter[]): Promise<void> => {
      letters.push(...parked);
      return Promise.resolve();
    },
  };
  return { loader: parkFailures(loader, { channel: "dms", waitMs: 0, sink }), letters };
}

/** The rows that a table holds now, by id. */
export async function readRows(ledger: Ledger, table: string): Promise<ReadonlyMap<string, string>> {
  const rows = await ledger.transact((transaction) => transaction.execute(`SELECT * FROM "${table}"`));
  return new Map(
    rows.map((row) => {
      const fields = row.fields().filter(([name]) => name !== "oldDocumentId");
      const id = row.get("oldDocumentId");
      return [id === null ? "" : dumpText(id), dumpText(new dom.Struct([...fields]))];
    }),
  );
}
