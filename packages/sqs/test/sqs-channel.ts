// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { PublishCommand } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient, type Message, type ReceiveMessageResult } from "@aws-sdk/client-sqs";
import { createSqsConsumer, createSqsHandler } from "@ledger-loader/sqs";
import {
  receiveAll,
  SimulatedCrashError,
  SqsEventSource,
  type ChannelMessage,
  type ChannelSetup,
  type ChannelTraits,
  type SqsEmulator,
  type TestChannel,
  type TestQueue,
  type TestTopic,
} from "@ledger-loader/testkit";

/** The way to the ledger. */
export interface SqsWay {
  readonly fifo: boolean;
  /** Who takes messages off the queue. */
  readonly by: "lambda" | "consumer";
  /** How a topic delivers to the queue. Default: messages are sent to the queue itself. */
  readonly topic?: "envelope" | "raw";
}

/** The promises of a queue, whatever takes messages off it. */
export function traitsOf({ fifo }: SqsWay): ChannelTraits {
  if (!fifo) return { ordersGroups: false, parkedBy: "channel", noShards: "a standard queue has no order" };
  const because = "a FIFO queue hands out nothing of a group behind a message that failed";
  return { ordersGroups: true, parkedBy: "channel", holdsUp: { of: "its group", because } };
}

/** A queue with a dead-letter queue and the handler or the consumer behind it, for `describeChannel`. */
export async function openSqsChannel(
  sqs: SqsEmulator,
  { fifo, by, topic: delivery }: SqsWay,
  setup: ChannelSetup,
): Promise<TestChannel> {
  const name = `channel-${randomUUID()}`;
  const queue = await sqs.createQueue({
    name,
    fifo,
    maxReceiveCount: setup.deliveriesMax,
    visibilityTimeoutSeconds: setup.redeliveryDelaySeconds === 0 ? 30 : setup.redeliveryDelaySeconds,
  });
  const topic = delivery && (await sqs.createTopic({ name, fifo }));
  await topic?.subscribe(queue, { raw: delivery === "raw" });
  return {
    send: async (messages) => {
      for (const message of messages) await send(sqs, topic ?? queue, fifo, message);
    },
    drain: () => (by === "lambda" ? drainByLambda(sqs, queue, setup) : drainByConsumer(sqs, queue, setup)),
    takeParked: async () => (await receiveAll(sqs.client, queue.deadLetterUrl!)).map(toChannelMessage),
    close: () => Promise.resolve(),
  };
}

async function send(
  sqs: SqsEmulator,
  to: TestQueue | TestTopic,
  fifo: boolean,
  { body, group }: ChannelMessage,
): Promise<void> {
  const common = {
    // A standard queue has no groups; the test wants to know what it sent.
    MessageAttributes: { group: { DataType: "String", StringValue: group } },
    ...(fifo && { MessageGroupId: group, MessageDeduplicationId: randomUUID() }),
  };
  if ("url" in to) {
    await sqs.client.send(new SendMessageCommand({ QueueUrl: to.url, MessageBody: body, ...common }));
  } else {
    await sqs.snsClient.send(new PublishCommand({ TopicArn: to.arn, Message: body, ...common }));
  }
}

async function drainByLambda(sqs: SqsEmulator, queue: TestQueue, setup: ChannelSetup): Promise<void> {
  const source = new SqsEventSource({
    client: sqs.client,
    queue,
    handler: createSqsHandler(setup.loader),
    batchSizeMax: setup.batchSizeMax,
    failedComeBack: setup.redeliveryDelaySeconds === 0 ? "at-once" : "after-visibility-timeout",
  });
  source.start();
  try {
    await source.drain();
  } finally {
    await source.stop();
  }
}

/** How long a receive takes that finds nothing: consumers that do not wait at an empty queue would keep the processor busy. */
const EMPTY_RECEIVE_MS = 20;

/** A client to which an empty queue answers a little later. */
function unhurriedClient({ clientConfig }: SqsEmulator): SQSClient {
  const client = new SQSClient(clientConfig);
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        const { Messages: messages = [] } = answer.output as ReceiveMessageResult;
        if (commandName === "ReceiveMessageCommand" && messages.length === 0) await sleep(EMPTY_RECEIVE_MS);
        return answer;
      },
    { step: "initialize" },
  );
  return client;
}

async function drainByConsumer(sqs: SqsEmulator, queue: TestQueue, setup: ChannelSetup): Promise<void> {
  const stop = new AbortController();
  const client = unhurriedClient(sqs);
  const running = runConsumer(client, queue, setup, stop.signal);
  try {
    // Only looks at the queue; it is the consumer that takes messages off it.
    const onlooker = new SqsEventSource({
      client: sqs.client,
      queue,
      handler: createSqsHandler(setup.loader),
    });
    await Promise.race([onlooker.drain(), running]);
  } finally {
    stop.abort();
    await running;
    client.destroy();
  }
}

/** Runs consumers, a new one after each crash, as whatever supervises the process would. */
async function runConsumer(
  client: SQSClient,
  { url: queueUrl }: TestQueue,
  { loader, batchSizeMax, redeliveryDelaySeconds: retryDelaySeconds }: ChannelSetup,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const consumer = createSqsConsumer({
      client,
      queueUrl,
      loader,
      batchSizeMax,
      retryDelaySeconds,
      // An empty queue is not waited at, or each run would end a second later.
      waitSeconds: 0,
      concurrency: 2,
      outage: { delayMs: 50, delayMaxMs: 200 },
    });
    try {
      await consumer.run(signal);
    } catch (error) {
      if (!(error instanceof SimulatedCrashError)) throw error;
    }
  }
}

/** The message that was sent, out of the envelope if there is one. */
function toChannelMessage({ Body: body = "", MessageAttributes: attributes }: Message): ChannelMessage {
  const group = attributes?.["group"]?.StringValue;
  if (group !== undefined) return { body, group };
  const envelope = JSON.parse(body) as {
    readonly Message: string;
    readonly MessageAttributes: { readonly group: { readonly Value: string } };
  };
  return { body: envelope.Message, group: envelope.MessageAttributes.group.Value };
}
