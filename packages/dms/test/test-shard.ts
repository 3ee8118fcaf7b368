// SPDX-License-Identifier: MIT
import {
  BaseRevisionWriter,
  type DeadLetter,
  type Ledger,
  type Loader,
  createLoader,
  parkFailures,
} from "@ledger-loader/core";
import { createDmsHandler, type DmsOptions } from "@ledger-loader/dms";
import { ShardEventSource } from "@ledger-loader/testkit";
import type { KinesisStreamRecord } from "aws-lambda";
import { dom, dumpText } from "ion-js";
import { aBatch } from "./dms-records";

/** How a shard is read. */
export interface ShardOptions {
  readonly loader: Loader;
  readonly dms: DmsOptions;
  readonly batchSizeMax?: number;
  readonly retryDelayMs?: number;
  /** Asked at each invocation: `before` and `after` end it with an exception before or after its work. */
  readonly crash?: () => "before" | "after" | undefined;
}

/** A shard of DMS records at whose end Lambda invokes a function. */
export function openShard(options: ShardOptions): ShardEventSource<KinesisStreamRecord> {
  const { loader, dms, batchSizeMax = 10, retryDelayMs = 0, crash } = options;
  const handler = createDmsHandler(loader, dms);
  return new ShardEventSource({
    batchSizeMax,
    retryDelayMs,
    idOf: ({ kinesis }) => kinesis.sequenceNumber,
    invoke: async (batch) => {
      const end = crash?.();
      if (end === "before") throw new Error("a crash before the work");
      const answer = await handler({ Records: [...batch] });
      if (end === "after") throw new Error("a crash after the work");
      return answer;
    },
  });
}

/** Delivers these records, as often as it takes. */
export async function drainShard(
  bodies: readonly string[],
  options: ShardOptions,
): Promise<{ readonly invocations: number }> {
  const shard = openShard(options);
  shard.append(...aBatch(bodies).Records);
  await shard.drain();
  return shard;
}

/** A loader that parks what it cannot apply at once, and the letters. */
export function parkingLoader(ledger: Ledger): { readonly loader: Loader; readonly letters: DeadLetter[] } {
  return parking(createLoader({ ledger, writer: new BaseRevisionWriter() }), 0);
}

/** Makes a loader park what it cannot apply, and what a retry can help after a while. */
export function parking(
  loader: Loader,
  waitMs: number,
): { readonly loader: Loader; readonly letters: DeadLetter[] } {
  const letters: DeadLetter[] = [];
  const sink = {
    park: (parked: readonly DeadLetter[]): Promise<void> => {
      letters.push(...parked);
      return Promise.resolve();
    },
  };
  return { loader: parkFailures(loader, { channel: "dms", waitMs, sink }), letters };
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
