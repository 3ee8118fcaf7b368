// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { PublishCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, createLoader, encodeEvent } from "@ledger-loader/core";
import { createSqsHandler } from "@ledger-loader/sqs";
import {
  aHistory,
  describeChannel,
  historiesOf,
  readHistories,
  SqsEventSource,
  startLedger,
  startSqs,
  type SqsEmulator,
  type TestQueue,
} from "@ledger-loader/testkit";
import { openSqsChannel, traitsOf, type SqsWay } from "../test/sqs-channel";

let sqs: SqsEmulator;

beforeAll(async () => {
  sqs = await startSqs();
});
afterAll(() => sqs.close());

function describeWay(name: string, way: SqsWay): void {
  describeChannel(name, traitsOf(way), (setup) => openSqsChannel(sqs, way, setup));
}

// A raw message is as one sent to the queue itself: the SQS channel's tests have it by the other ways.
describe("SNS to SQS, from the topic over the queue to a real ledger", () => {
  describeWay("FIFO, wrapped", { fifo: true, by: "lambda", topic: "envelope" });
  describeWay("standard, raw, to the consumer", { fifo: false, by: "consumer", topic: "raw" });
});

/** The bodies that a queue holds, which stay in it. */
async function bodiesIn(queue: TestQueue): Promise<readonly string[]> {
  const { Messages: messages = [] } = await sqs.client.send(
    new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return messages.map(({ Body = "" }) => Body);
}

it("writes nothing and revives no deleted record when a FIFO topic replays its archive", async () => {
  const ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
  const name = `archived-${randomUUID()}`;
  const queue = await sqs.createQueue({ name, fifo: true });
  const topic = await sqs.createTopic({ name, fifo: true });
  await topic.subscribe(queue, { raw: false });
  const events = [
    ...aHistory(["INSERT", "UPDATE", "DELETE"], { id: "gone" }),
    ...aHistory(["INSERT", "UPDATE"], { id: "there" }),
  ];
  for (const [index, event] of events.entries()) {
    const fifo = { MessageGroupId: String(event.id?.key), MessageDeduplicationId: String(index) };
    const command = new PublishCommand({ TopicArn: topic.arn, Message: encodeEvent(event), ...fifo });
    await sqs.snsClient.send(command);
  }
  // The emulator keeps no archive: what it delivers is recorded, and delivered again as AWS replays it.
  const archive = await bodiesIn(queue);
  expect(archive).toHaveLength(events.length);
  const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
  const source = new SqsEventSource({ client: sqs.client, queue, handler: createSqsHandler(loader) });
  source.start();
  try {
    await source.drain();
    for (const body of archive) {
      const replayed = JSON.stringify({ ...(JSON.parse(body) as object), Replayed: "true" });
      const fifo = { MessageGroupId: "replay", MessageDeduplicationId: randomUUID() };
      await sqs.client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: replayed, ...fifo }));
    }
    await source.drain();
  } finally {
    await source.stop();
  }
  expect(source.counts.acknowledged).toBe(2 * events.length);
  expect(await readHistories(ledger.connect(), "Vehicle")).toEqual(historiesOf(events));
  await ledger.close();
});
