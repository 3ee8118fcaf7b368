// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { PublishCommand } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, createLoader, encodeEvent } from "@ledger-loader/core";
import { createSnsHandler } from "@ledger-loader/sns";
import {
  aHistory,
  describeChannel,
  historiesOf,
  readHistories,
  SnsEventSource,
  startLedger,
  startSqs,
  type ChannelSetup,
  type SqsEmulator,
  type TestChannel,
} from "@ledger-loader/testkit";

let emulator: SqsEmulator;

beforeAll(async () => {
  emulator = await startSqs();
});
afterAll(() => emulator.close());

/** Which of Lambda's liberties the channel takes. */
interface Liberties {
  readonly concurrency: number;
  readonly shuffled?: boolean;
  readonly duplicateRate?: number;
}

async function openSnsChannel(setup: ChannelSetup, liberties: Liberties): Promise<TestChannel> {
  const topic = await emulator.createTopic({ name: `channel-${randomUUID()}`, fifo: false });
  const source = await SnsEventSource.open({
    emulator,
    topic,
    handler: createSnsHandler(setup.loader),
    retries: setup.deliveriesMax - 1,
    ...liberties,
    retryDelayMs: setup.redeliveryDelaySeconds * 1_000,
  });
  return {
    send: async (messages) => {
      for (const { body, group } of messages) {
        await emulator.snsClient.send(
          new PublishCommand({
            TopicArn: topic.arn,
            Message: body,
            MessageAttributes: { group: { DataType: "String", StringValue: group } },
          }),
        );
      }
    },
    drain: () => source.drain(),
    takeParked: () =>
      Promise.resolve(
        source.takeDeadLetters().map(({ Sns }) => ({
          body: Sns.Message,
          group: Sns.MessageAttributes["group"]!.Value,
        })),
      ),
    close: () => Promise.resolve(),
  };
}

describe("the SNS channel, from the topic over asynchronous invocation to a real ledger", () => {
  const noShards = "a topic invokes the function event by event";
  describeChannel("standard topic", { ordersGroups: false, parkedBy: "channel", noShards }, (setup) =>
    // One at a time and in turn: the suite says which events overtake which.
    openSnsChannel(setup, { concurrency: 1 }),
  );
});

it("ends in the ledger that one delivery in order makes, with events doubled, shuffled and handled side by side", async () => {
  const ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
  const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
  const channel = await openSnsChannel(
    { loader, batchSizeMax: 1, deliveriesMax: 3, parkAfterMs: 0, redeliveryDelaySeconds: 0 },
    { concurrency: 4, shuffled: true, duplicateRate: 0.5 },
  );
  const events = ["a", "b", "c"].flatMap((id) =>
    aHistory(["INSERT", "UPDATE", "DELETE", "INSERT", "UPDATE"], { id }),
  );
  await channel.send(events.map((event) => ({ body: encodeEvent(event), group: "g" })));
  await channel.drain();
  // What overtook its predecessor more often than it was tried is redriven, until nothing is left.
  for (let parked = await channel.takeParked(); parked.length > 0; parked = await channel.takeParked()) {
    await channel.send(parked);
    await channel.drain();
  }
  expect(await readHistories(ledger.connect(), "Vehicle")).toEqual(historiesOf(events));
  await ledger.close();
});
