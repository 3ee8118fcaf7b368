// SPDX-License-Identifier: MIT
import { createEventBridgeHandler } from "@ledger-loader/eventbridge";
import {
  AsyncInvocations,
  describeSimulation,
  simulateChannel,
  type SourceMessage,
} from "@ledger-loader/testkit/simulation";
import type { EventBridgeEvent } from "aws-lambda";

type BusEvent = EventBridgeEvent<string, unknown>;

function toEvent({ body, event }: SourceMessage, id: string, sentAtMs: number): BusEvent {
  return {
    id,
    version: "0",
    account: "123456789012",
    time: new Date(sentAtMs).toISOString(),
    region: "us-east-1",
    resources: [],
    source: "simulated",
    "detail-type": "RevisionEvent",
    detail: { op: event?.op, table: event?.table, event: body },
  };
}

// Asynchronous invocations: in no order, repeated, given up after three attempts.
describeSimulation("eventbridge", 25, (seed) =>
  simulateChannel<BusEvent, unknown>(seed, (world) => ({
    handler: (loader) => createEventBridgeHandler(loader),
    channel: (invoke) => new AsyncInvocations(world, invoke, { toEvent }),
    ...(world.random.chance(0.5) && { parkAfterMs: world.random.below(3) * 60_000 }),
  })),
);
