// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { type EventOp, type Loader, createEvent, decodeEvents, encodeEvent } from "@ledger-loader/core";
import {
  ShardedStream,
  simulateRows,
  type RowMessage,
  type ShardBatchResponse,
  type ShardRecord,
} from "@ledger-loader/testkit/simulation";
import type { Random } from "../ledger/random";

type Batch = readonly ShardRecord[];
type Fetch = (batch: Batch) => Promise<ShardBatchResponse>;

const SEEDS = [1, 2];
const ROWS = 4;

/** Rows that are inserted, updated and deleted, told as events with positions; one is cut off, one has no id. */
function aSource(random: Random): readonly RowMessage[] {
  const there = new Set<string>();
  const messages = Array.from({ length: 30 }, (_, n): RowMessage => {
    const id = `r${random.below(ROWS)}`;
    const op: EventOp = !there.has(id) ? "INSERT" : random.chance(0.3) ? "DELETE" : "UPDATE";
    const content = op === "DELETE" ? {} : { data: { n } };
    if (op === "DELETE") there.delete(id);
    else there.add(id);
    const corrected = encodeEvent(createEvent({ op, table: "T", id, position: [n], ...content }));
    const isBroken = n === 5;
    const body = isBroken ? corrected.slice(0, -1) : corrected;
    const change = { table: "T", id: `"${id}"`, ...(op !== "DELETE" && { content: `{n:${n}}` }) };
    return { key: id, body, corrected, changes: [change], isBroken, isPoison: false };
  });
  const poison = { key: "r0", body: "no event", changes: [], isBroken: false, isPoison: true };
  return messages.toSpliced(random.below(messages.length), 0, poison);
}

/** Some runs of a function at the end of shards, and all their violations. */
async function run(
  handlerOf: (loader: Loader) => Fetch,
): Promise<{ violations: string[]; parked: number; crashes: number }> {
  const sum = { violations: [] as string[], parked: 0, crashes: 0 };
  for (const seed of SEEDS) {
    const verdict = await simulateRows<Batch, ShardBatchResponse>(seed, (world) => ({
      messages: aSource(world.random),
      tables: ["T"],
      repeats: true,
      parkAfterMs: 2_000,
      handler: handlerOf,
      channel: (invoke) => new ShardedStream(world, invoke, { toEvent: (batch) => batch }),
    }));
    sum.violations.push(...verdict.violations);
    sum.parked += verdict.parked;
    sum.crashes += verdict.crashes;
  }
  return sum;
}

const toDelivery = ({ sequenceNumber, message: { body } }: ShardRecord) => ({
  deliveryId: sequenceNumber,
  body,
  decode: () => decodeEvents(body),
});

/** A function that names the first record that failed. */
const rightFunction =
  (loader: Loader): Fetch =>
  async (batch) => {
    const { failed } = await loader.load(batch.map(toDelivery), { onFailure: "continue" });
    return {
      batchItemFailures: failed.slice(0, 1).map(({ deliveryId: itemIdentifier }) => ({ itemIdentifier })),
    };
  };

const NOTHING: ShardBatchResponse = { batchItemFailures: [] };

describe("A simulated source of rows", () => {
  it("holds with a right function", async () => {
    const { violations, parked, crashes } = await run(rightFunction);
    expect(violations).toEqual([]);
    expect(parked).toBeGreaterThan(0);
    expect(crashes).toBeGreaterThan(0);
  });

  it("catches a function that names no failed record", async () => {
    const { violations } = await run((loader) => async (batch) => {
      await rightFunction(loader)(batch);
      return NOTHING;
    });
    expect(violations).toContainEqual(expect.stringMatching(/^(acknowledged in silence|before the redrive)/));
  });

  it("catches a function that takes an outage for an answer", async () => {
    const { violations } = await run((loader) => async (batch) => {
      return rightFunction(loader)(batch).catch(() => NOTHING);
    });
    expect(violations).toContainEqual(expect.stringMatching(/^before the redrive, T "r\d": expected/));
  });

  it("catches a function that passes on less than it was given", async () => {
    const { violations } = await run((loader) => (batch) => rightFunction(loader)(batch.slice(0, 3)));
    expect(violations).toContainEqual(expect.stringMatching(/expected/));
  });

  it("catches a function that parks more than what is bad", async () => {
    const asBroken = ({ body, ...delivery }: ReturnType<typeof toDelivery>) => ({
      ...delivery,
      body,
      decode: () => decodeEvents(body.includes("n:3") ? "no event" : body),
    });
    const { violations } = await run((loader) => async (batch) => {
      await loader.load(batch.map(toDelivery).map(asBroken), { onFailure: "continue" });
      return rightFunction(loader)(batch);
    });
    expect(violations).toContainEqual(expect.stringMatching(/^parked for nothing: /));
  });
});
