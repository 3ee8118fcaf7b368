// SPDX-License-Identifier: MIT
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  createEventBridgeHandler,
  DEFAULT_SOURCE,
  DETAIL_TYPE,
  rulePattern,
} from "@ledger-loader/eventbridge";
import {
  AsyncFunction,
  startEventBridge,
  type ChannelSetup,
  type EventPattern,
  type TestChannel,
} from "@ledger-loader/testkit";
import type { EventBridgeEvent } from "aws-lambda";

/** A bus, a rule, and the Lambda handler invoked asynchronously behind it, for `describeChannel`. */
export async function openEventBridgeChannel({
  loader,
  deliveriesMax,
  redeliveryDelaySeconds,
}: ChannelSetup): Promise<TestChannel> {
  const bus = await startEventBridge();
  const client = new EventBridgeClient(bus.clientConfig);
  const target = new AsyncFunction({
    handler: createEventBridgeHandler(loader),
    attemptsMax: deliveriesMax,
    // What disorder and concurrency do is for the simulation; the suite looks at single outcomes.
    concurrency: 1,
    retryDelayMs: redeliveryDelaySeconds * 1_000,
  });
  bus.addRule(toPattern(rulePattern()), (event) => {
    target.invoke(event);
  });
  return {
    send: async (messages) => {
      for (const { body, group } of messages) {
        const Detail = JSON.stringify({ event: body, group });
        await client.send(
          new PutEventsCommand({ Entries: [{ Source: DEFAULT_SOURCE, DetailType: DETAIL_TYPE, Detail }] }),
        );
      }
    },
    drain: () => target.drain(),
    takeParked: () =>
      Promise.resolve(
        target.takeDeadLetters().map((letter) => {
          const { detail } = letter as EventBridgeEvent<string, { event: string; group: string }>;
          return { body: detail.event, group: detail.group };
        }),
      ),
    close: async () => {
      client.destroy();
      await bus.close();
    },
  };
}

/** The pattern as a rule gets it: as JSON. */
export function toPattern(pattern: object): EventPattern {
  return JSON.parse(JSON.stringify(pattern)) as EventPattern;
}
