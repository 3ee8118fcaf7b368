// SPDX-License-Identifier: MIT
import { CreateTopicCommand, SubscribeCommand, type SNSClient } from "@aws-sdk/client-sns";

/** The settings of a topic that the loader's guarantees depend on. */
export interface TestTopicOptions {
  /** Without the `.fifo` that FIFO topics must end with; it is added. */
  readonly name: string;
  readonly fifo: boolean;
}

/** A topic of the emulator. */
export interface TestTopic {
  readonly arn: string;
  /** Has the topic's messages delivered to a queue: wrapped in a notification, or `raw` as they were published. */
  subscribe(queue: { readonly arn: string }, options: { readonly raw: boolean }): Promise<void>;
}

/** Creates a topic. */
export async function createTopic(client: SNSClient, { name, fifo }: TestTopicOptions): Promise<TestTopic> {
  const { TopicArn: arn = "" } = await client.send(
    new CreateTopicCommand({
      Name: fifo ? `${name}.fifo` : name,
      ...(fifo && { Attributes: { FifoTopic: "true", ContentBasedDeduplication: "false" } }),
    }),
  );
  return {
    arn,
    subscribe: async (queue, { raw }) => {
      await client.send(
        new SubscribeCommand({
          TopicArn: arn,
          Protocol: "sqs",
          Endpoint: queue.arn,
          ...(raw && { Attributes: { RawMessageDelivery: "true" } }),
        }),
      );
    },
  };
}
