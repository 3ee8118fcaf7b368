// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, createLoader } from "@ledger-loader/core";
import {
  describeSimulation,
  disturb,
  openMemoryLedger,
  readHistories,
  seededRandom,
  type MemoryLedger,
} from "@ledger-loader/testkit";
import { options } from "../test/dms-records";
import { randomSource } from "../test/random-source";
import { drainShard, parkingLoader, readRows, redrive } from "../test/test-shard";

/** Runs with an empty ledger, for as long as it takes. */
async function withLedger(run: (ledger: MemoryLedger) => Promise<void>): Promise<undefined> {
  const ledger = await openMemoryLedger({ Person: ["oldDocumentId"] });
  try {
    await run(ledger);
  } finally {
    await ledger.close();
  }
}

// A source whose records come repeated and reordered, over a function that crashes, leaves the rows that it holds.
describeSimulation("dms", 15, (seed) =>
  withLedger(async (ledger) => {
    const random = seededRandom(seed);
    const { records, rows } = randomSource(random, 25);
    const stream: string[] = [];
    const disturbance = { seed, duplicateRate: 0.3, windowSize: 1 + random.below(12) };
    for await (const record of disturb(records, disturbance)) stream.push(record);
    const { loader, letters } = parkingLoader(ledger.connect());
    await drainShard(stream, {
      loader,
      dms: options(),
      batchSizeMax: 1 + random.below(20),
      crash: () => (random.chance(0.1) ? (random.chance(0.5) ? "before" : "after") : undefined),
    });
    const plainLoader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
    const left = await redrive(letters, plainLoader, options());
    expect(left.map(({ reason }) => reason)).toEqual([]);
    expect(new Map(await readRows(ledger.connect(), "Person"))).toEqual(rows);
  }),
);

describe("A source whose records come in order", () => {
  it("keeps every revision", () =>
    withLedger(async (ledger) => {
      const { records, rows } = randomSource(seededRandom(1), 25);
      const { loader, letters } = parkingLoader(ledger.connect());
      await drainShard(records, { loader, dms: options(), batchSizeMax: 7 });
      expect(letters).toEqual([]);
      expect(new Map(await readRows(ledger.connect(), "Person"))).toEqual(rows);
      const histories = await readHistories(ledger.connect(), "Person");
      const revisions = [...histories.values()].reduce((sum, history) => sum + history.length, 0);
      const moves = records.filter((record) => isMove(record)).length;
      expect(revisions).toBe(records.length + moves);
    }));
});

/** A changed key is two revisions: a deletion and an insertion. */
function isMove(record: string): boolean {
  const { data, "before-image": before } = JSON.parse(record) as Record<
    string,
    { readonly id?: number } | undefined
  >;
  return before?.id !== undefined && before.id !== data?.id;
}
