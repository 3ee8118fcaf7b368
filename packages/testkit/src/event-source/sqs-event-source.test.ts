// SPDX-License-Identifier: MIT
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
} from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { SQSRecord } from "aws-lambda";
import { receiveAll } from "./receive-all";
import { startSqs, type SqsEmulator, type TestQueue, type TestQueueOptions } from "../peers/sqs-emulator";
import { SqsEventSource, SqsNotDrainedError, type SqsEventSourceOptions } from "./sqs-event-source";

let sqs: SqsEmulator;
let running: SqsEventSource[] = [];
let queues = 0;

beforeAll(async () => {
  sqs = await startSqs();
});
afterEach(async () => {
  await Promise.all(running.map((source) => source.stop()));
  running = [];
});
afterAll(() => sqs.close());

const aQueue = (options: Partial<TestQueueOptions> = {}): Promise<TestQueue> =>
  sqs.createQueue({
    name: `queue-${(queues += 1)}`,
    fifo: true,
    // Longer than any test: a message comes back when the test ends its time in flight, however busy the machine is.
    visibilityTimeoutSeconds: 3_600,
    ...options,
  });

/** Ends a message's visibility timeout as time does. */
async function endVisibilityTimeout(queue: TestQueue, receiptHandle: string): Promise<void> {
  await sqs.client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue.url,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: 0,
    }),
  );
}

async function send(queue: TestQueue, body: string, group = "g"): Promise<void> {
  const fifo = { MessageGroupId: group, MessageDeduplicationId: body };
  await sqs.client.send(
    new SendMessageCommand({
      QueueUrl: queue.url,
      MessageBody: body,
      MessageAttributes: { kind: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) } },
      ...(queue.url.endsWith(".fifo") && fifo),
    }),
  );
}

async function receive(queue: TestQueue): Promise<Message[]> {
  const command = new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10 });
  return (await sqs.client.send(command)).Messages ?? [];
}

function poll(options: Omit<SqsEventSourceOptions, "client">): SqsEventSource {
  const source = new SqsEventSource({ client: sqs.client, ...options });
  source.start();
  running.push(source);
  return source;
}

/** Waits for what happens by itself; only the test's own timeout ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const bodies = (messages: readonly { readonly Body?: string | undefined }[]) =>
  messages.map(({ Body }) => Body);

describe("the emulator", () => {
  it("makes queue URLs that begin with its endpoint, so that they work wherever they are given", async () => {
    expect((await aQueue()).url.startsWith(`${sqs.endpoint}/`)).toBe(true);
  });

  it("returns several messages of one FIFO group in one call, in order", async () => {
    const queue = await aQueue();
    for (const body of ["1", "2", "3"]) await send(queue, body);
    expect(bodies(await receive(queue))).toEqual(["1", "2", "3"]);
  });

  it("keeps a group locked while a message of it is in flight, and returns what was not deleted in order", async () => {
    const queue = await aQueue();
    for (const body of ["1", "2", "3", "4"]) await send(queue, body);
    const received = await receive(queue);
    const [first, ...others] = received;
    await send(queue, "5");
    await sqs.client.send(
      new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: first?.ReceiptHandle }),
    );
    expect(await receive(queue)).toEqual([]);
    for (const { ReceiptHandle } of others) await endVisibilityTimeout(queue, ReceiptHandle!);
    expect(bodies(await receive(queue))).toEqual(["2", "3", "4", "5"]);
  });
});

describe("SqsEventSource", () => {
  it("hands over records as Lambda does", async () => {
    const queue = await aQueue();
    await send(queue, "1");
    const records: SQSRecord[] = [];
    const source = poll({
      queue,
      handler: (event) => {
        records.push(...event.Records);
        return Promise.resolve(undefined);
      },
    });
    await source.drain();
    expect(records).toEqual([
      {
        messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        receiptHandle: expect.any(String),
        body: "1",
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: expect.any(String),
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          SequenceNumber: expect.stringMatching(/^\d{20}$/),
          MessageGroupId: "g",
          MessageDeduplicationId: "1",
        },
        messageAttributes: {
          kind: { dataType: "Binary", binaryValue: "AQI=", stringListValues: [], binaryListValues: [] },
        },
        md5OfBody: "c4ca4238a0b923820dcc509a6f75849b",
        md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventSource: "aws:sqs",
        eventSourceARN: queue.arn,
        awsRegion: "us-east-1",
      },
    ]);
  });

  it("brings back only what was reported as failed, after the visibility timeout", async () => {
    const queue = await aQueue({ fifo: false });
    for (const body of ["1", "2", "3"]) await send(queue, body);
    const seen: SQSRecord[] = [];
    const source = poll({
      queue,
      concurrency: 1,
      handler: ({ Records }) => {
        const first = Records.filter((record) => record.attributes.ApproximateReceiveCount === "1");
        seen.push(...Records);
        const failed = first.filter((record) => record.body === "2");
        return Promise.resolve({
          batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })),
        });
      },
    });
    await until(() => source.counts.acknowledged === 2);
    expect(await receive(queue)).toEqual([]);
    expect(seen.map(({ body }) => body)).toEqual(["1", "2", "3"]);
    await endVisibilityTimeout(queue, seen[1]!.receiptHandle);
    await source.drain();
    expect(seen.map(({ body }) => body)).toEqual(["1", "2", "3", "2"]);
    expect(source.counts).toEqual({ invocations: 2, delivered: 4, acknowledged: 3, crashed: 0 });
  });

  it("brings back the whole batch when the function throws, and parks it after its last receive", async () => {
    const queue = await aQueue({ maxReceiveCount: 3 });
    for (const body of ["1", "2"]) await send(queue, body);
    const batches: string[][] = [];
    const source = poll({
      queue,
      failedComeBack: "at-once",
      handler: ({ Records }) => {
        batches.push(Records.map(({ body }) => body));
        return Promise.reject(new Error("crash"));
      },
    });
    await source.drain();
    expect(batches).toEqual([
      ["1", "2"],
      ["1", "2"],
      ["1", "2"],
    ]);
    expect(source.counts.crashed).toBe(3);
    expect(bodies(await receiveAll(sqs.client, queue.deadLetterUrl!))).toEqual(["1", "2"]);
  });

  it("acknowledges everything, failures included, where the mapping lacks ReportBatchItemFailures", async () => {
    const queue = await aQueue();
    await send(queue, "1");
    const source = poll({
      queue,
      reportBatchItemFailures: false,
      handler: ({ Records }) =>
        Promise.resolve({
          batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
        }),
    });
    await source.drain();
    expect(source.counts).toEqual({ invocations: 1, delivered: 1, acknowledged: 1, crashed: 0 });
  });

  it("invokes for several groups at once, but never twice at once for one group", async () => {
    const queue = await aQueue();
    for (let n = 0; n < 60; n += 1) await send(queue, `${n % 4}-${n}`, `group-${n % 4}`);
    const busy = new Set<string>();
    const seen = new Map<string, number[]>();
    let peak = 0;
    const source = poll({
      queue,
      batchSizeMax: 3,
      handler: async ({ Records }) => {
        const groups = new Set(Records.map(({ attributes }) => attributes.MessageGroupId!));
        for (const group of groups) {
          expect(busy.has(group)).toBe(false);
          busy.add(group);
        }
        peak = Math.max(peak, busy.size);
        await new Promise((resolve) => setTimeout(resolve, 5));
        for (const { body } of Records) {
          const [group, n] = body.split("-") as [string, string];
          seen.set(group, [...(seen.get(group) ?? []), Number(n)]);
        }
        for (const group of groups) busy.delete(group);
        return undefined;
      },
    });
    await source.drain();
    expect(source.counts.crashed).toBe(0);
    expect(peak).toBeGreaterThan(1);
    for (const order of seen.values()) expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect([...seen.values()].flat()).toHaveLength(60);
  });

  it("waits for a full batch within the batching window", async () => {
    const queue = await aQueue({ fifo: false });
    const sizes: number[] = [];
    const source = poll({
      queue,
      concurrency: 1,
      batchSizeMax: 25,
      // Longer than any test: only a full batch ends the waiting.
      batchingWindowMs: 3_600_000,
      handler: ({ Records }) => {
        sizes.push(Records.length);
        return Promise.resolve(undefined);
      },
    });
    for (let n = 0; n < 25; n += 1) await send(queue, `${n}`);
    await source.drain();
    expect(sizes).toEqual([25]);
  });

  it("says what is left when nothing leaves the queue any more", async () => {
    const queue = await aQueue({ visibilityTimeoutSeconds: 30 });
    await send(queue, "1");
    const source = poll({ queue, handler: () => Promise.reject(new Error("always")) });
    const draining = source.drain(200);
    await expect(draining).rejects.toThrow(SqsNotDrainedError);
    await expect(draining).rejects.toThrow("found 1 messages");
  });
});
