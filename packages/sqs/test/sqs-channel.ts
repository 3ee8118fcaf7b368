// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { createSqsHandler } from "@ledger-loader/sqs";
import {
  receiveAll,
  SqsEventSource,
  type ChannelMessage,
  type ChannelSetup,
  type SqsEmulator,
  type TestChannel,
} from "@ledger-loader/testkit";

/** A queue with a dead-letter queue, an event source and the Lambda handler, for `describeChannel`. */
export async function openSqsChannel(
  sqs: SqsEmulator,
  fifo: boolean,
  { loader, batchSizeMax, deliveriesMax, redeliveryDelaySeconds }: ChannelSetup,
): Promise<TestChannel> {
  const queue = await sqs.createQueue({
    name: `channel-${randomUUID()}`,
    fifo,
    maxReceiveCount: deliveriesMax,
    visibilityTimeoutSeconds: redeliveryDelaySeconds === 0 ? 30 : redeliveryDelaySeconds,
  });
  const source = new SqsEventSource({
    client: sqs.client,
    queue,
    handler: createSqsHandler(loader),
    batchSizeMax,
    failedComeBack: redeliveryDelaySeconds === 0 ? "at-once" : "after-visibility-timeout",
  });
  const send = async ({ body, group }: ChannelMessage) => {
    const place = { MessageGroupId: group, MessageDeduplicationId: randomUUID() };
    await sqs.client.send(
      new SendMessageCommand({
        QueueUrl: queue.url,
        MessageBody: body,
        // A standard queue has no groups; the test wants to know what it sent.
        MessageAttributes: { group: { DataType: "String", StringValue: group } },
        ...(fifo && place),
      }),
    );
  };
  return {
    send: async (messages) => {
      for (const message of messages) await send(message);
    },
    drain: async () => {
      source.start();
      try {
        await source.drain();
      } finally {
        await source.stop();
      }
    },
    takeParked: async () => {
      const parked = await receiveAll(sqs.client, queue.deadLetterUrl!);
      return parked.map(({ Body, MessageAttributes }) => ({
        body: Body!,
        group: MessageAttributes!["group"]!.StringValue!,
      }));
    },
    close: () => source.stop(),
  };
}
