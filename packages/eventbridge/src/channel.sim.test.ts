// SPDX-License-Identifier: MIT
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, expect } from "@jest/globals";
import { BaseRevisionWriter, type EventOp, type RevisionEvent, createLoader } from "@ledger-loader/core";
import {
  createEventBridgeHandler,
  createEventBridgePublisher,
  rulePattern,
} from "@ledger-loader/eventbridge";
import {
  aHistory,
  AsyncFunction,
  describeSimulation,
  disturb,
  historiesOf,
  readHistories,
  seededRandom,
  SimulatedCrashError,
  startEventBridge,
  startLedger,
  type Random,
  type TestLedger,
} from "@ledger-loader/testkit";
import type { EventBridgeEvent } from "aws-lambda";
import { toPattern } from "../test/event-bridge-channel";

const RECORDS = 6;
const REDRIVES_MAX = 30;

let ledger: TestLedger;

beforeEach(async () => {
  ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
});
afterEach(() => ledger.close());

function randomEvents(random: Random): RevisionEvent[] {
  return Array.from({ length: RECORDS }, (_, record) => {
    const ops: EventOp[] = [];
    for (let left = 1 + random.below(8); left > 0; left -= 1) {
      const exists = ops.length > 0 && ops.at(-1) !== "DELETE";
      ops.push(!exists ? "INSERT" : random.chance(0.25) ? "DELETE" : "UPDATE");
    }
    return aHistory(ops, { id: `record-${record}` });
  }).flat();
}

// A bus that mixes, repeats and gives up, over a function that crashes, ends in the same ledger as one delivery in order.
describeSimulation("eventbridge-emulator", 2, async (seed) => {
  const random = seededRandom(seed);
  const events = randomEvents(random);
  const bus = await startEventBridge({
    faultOf: (call) => (call % 4 === 1 ? { fail: "after" } : undefined),
  });
  const client = new EventBridgeClient({ ...bus.clientConfig, maxAttempts: 1 });
  const handle = createEventBridgeHandler(
    createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() }),
  );
  const target = new AsyncFunction({
    seed,
    duplicateRate: 0.3,
    handler: async (event: EventBridgeEvent<string, unknown>) => {
      if (random.chance(0.1)) throw new SimulatedCrashError("before");
      await handle(event);
      if (random.chance(0.1)) throw new SimulatedCrashError("after");
    },
  });
  bus.addRule(toPattern(rulePattern()), (event) => {
    target.invoke(event);
  });
  const publisher = createEventBridgePublisher({ client, retryDelayMs: 1 });
  await publisher.publish(disturb(events, { seed, duplicateRate: 0.2, windowSize: 10 }));
  await target.drain();
  // Three invocations are few for this disorder: what was given up is redriven until nothing is left.
  for (let redrive = 0, letters = target.takeDeadLetters(); letters.length > 0; redrive += 1) {
    expect(redrive).toBeLessThan(REDRIVES_MAX);
    for (const letter of letters) target.invoke(letter);
    await target.drain();
    letters = target.takeDeadLetters();
  }
  client.destroy();
  await bus.close();
  expect(await readHistories(ledger.connect(), "Vehicle")).toEqual(historiesOf(events));
  return undefined;
});
