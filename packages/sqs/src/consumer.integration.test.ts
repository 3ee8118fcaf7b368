// SPDX-License-Identifier: MIT
import { PublishCommand } from "@aws-sdk/client-sns";
import { setTimeout as sleep } from "node:timers/promises";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  ConfigurationError,
  type LoadReport,
  type Loader,
  type RevisionEvent,
  createLoader,
  encodeEvent,
} from "@ledger-loader/core";
import { createSqsConsumer, createSqsHandler, type SqsConsumerOptions } from "@ledger-loader/sqs";
import {
  aHistory,
  anEvent,
  historiesOf,
  readHistories,
  receiveAll,
  startLedger,
  startSqs,
  type SqsEmulator,
  type TestLedger,
  type TestQueue,
} from "@ledger-loader/testkit";
import { randomUUID } from "node:crypto";
import { connectionReset } from "../test/flaky-client";

let sqs: SqsEmulator;
let ledger: TestLedger;
let stop: AbortController;
let running: Promise<void>[];

beforeAll(async () => {
  sqs = await startSqs();
});
beforeEach(async () => {
  ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
  stop = new AbortController();
  running = [];
});
afterEach(async () => {
  stop.abort();
  await Promise.allSettled(running);
  await ledger.close();
});
afterAll(() => sqs.close());

const aQueue = (fifo: boolean, maxReceiveCount?: number) =>
  sqs.createQueue({
    name: `consumed-${randomUUID()}`,
    fifo,
    maxReceiveCount,
  });

const aLoader = () => createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });

async function send(queue: TestQueue, ...events: readonly RevisionEvent[]): Promise<void> {
  for (const event of events) {
    const fifo = { MessageGroupId: "g", MessageDeduplicationId: randomUUID() };
    const isFifo = queue.url.endsWith(".fifo");
    await sqs.client.send(
      new SendMessageCommand({ QueueUrl: queue.url, MessageBody: encodeEvent(event), ...(isFifo && fifo) }),
    );
  }
}

/** Starts a consumer, which ends with the test. */
function consume(queue: TestQueue, options: Partial<SqsConsumerOptions> = {}): Promise<void> {
  const consumer = createSqsConsumer({
    client: sqs.client,
    queueUrl: queue.url,
    loader: aLoader(),
    waitSeconds: 1,
    retryDelaySeconds: 0,
    ...options,
  });
  const run = consumer.run(stop.signal);
  running.push(run);
  return run;
}

/** A loader that does something around each `load`. */
function around(
  loader: Loader,
  wrap: (load: () => Promise<LoadReport>, deliveries: number) => Promise<LoadReport>,
): Loader {
  return {
    load: (deliveries, options) => wrap(() => loader.load(deliveries, options), deliveries.length),
    close: () => loader.close(),
  };
}

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await what())) await sleep(20);
}

const histories = () => readHistories(ledger.connect(), "Vehicle");

async function expectLoaded(...events: readonly RevisionEvent[]): Promise<void> {
  const textOf = (all: ReadonlyMap<string, unknown>) => JSON.stringify([...all].toSorted());
  const expected = textOf(historiesOf(events));
  await until(async () => textOf(await histories()) === expected);
}

describe("createSqsConsumer", () => {
  it("keeps a message invisible for as long as it is being loaded, longer than the visibility timeout", async () => {
    const queue = await aQueue(true);
    const loads: number[] = [];
    await send(queue, anEvent());
    void consume(queue, {
      visibilityTimeoutSeconds: 3,
      loader: around(aLoader(), async (load, deliveries) => {
        loads.push(deliveries);
        await sleep(5_000);
        return load();
      }),
    });
    await expectLoaded(anEvent());
    stop.abort();
    await Promise.all(running);
    expect(loads).toEqual([1]);
    expect(await receiveAll(sqs.client, queue.url)).toEqual([]);
  });

  it("keeps back what has nothing but its order behind a message of its group that failed", async () => {
    const queue = await aQueue(true);
    const history = aHistory(["INSERT", "UPDATE", "UPDATE"]);
    const [first, ...later] = history.map(({ version: _, ...event }) => event);
    await send(queue, first!, anEvent({ table: "NoSuchTable" }), ...later);
    let loads = 0;
    const loader = around(aLoader(), (load) => {
      loads += 1;
      return load();
    });
    void consume(queue, { loader });
    await until(() => loads > 3);
    await expectLoaded(history[0]!);
  });

  it("finishes what is under way when it is stopped, and asks for nothing more", async () => {
    const queue = await aQueue(true);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let loads = 0;
    await send(queue, ...aHistory(["INSERT", "UPDATE"]));
    const run = consume(queue, {
      batchSizeMax: 1,
      concurrency: 1,
      loader: around(aLoader(), async (load) => {
        loads += 1;
        await held;
        return load();
      }),
    });
    await until(() => loads === 1);
    stop.abort();
    release();
    await run;
    await expectLoaded(anEvent({ data: { revision: 0 } }));
    expect(loads).toBe(1);
    expect(await receiveAll(sqs.client, queue.url)).toHaveLength(1);
  });

  it("waits while the ledger is away, without costing a receive, and loads when it is back", async () => {
    const queue = await aQueue(true, 1);
    const events = aHistory(["INSERT", "UPDATE"]);
    await ledger.stop();
    await send(queue, ...events);
    void consume(queue, { outage: { delayMs: 20, delayMaxMs: 50 } });
    await sleep(1_500);
    await ledger.restart();
    await expectLoaded(...events);
    expect(await receiveAll(sqs.client, queue.deadLetterUrl!)).toEqual([]);
  });

  it("gives back at once what it could not load when it is stopped during an outage", async () => {
    const queue = await aQueue(true);
    await ledger.stop();
    await send(queue, ...aHistory(["INSERT", "UPDATE"]));
    let loads = 0;
    const run = consume(queue, {
      loader: around(aLoader(), (load) => {
        loads += 1;
        return load();
      }),
      outage: { delayMs: 60_000, delayMaxMs: 60_000 },
    });
    await until(() => loads === 1);
    await sleep(300);
    stop.abort();
    await run;
    expect(await receiveAll(sqs.client, queue.url)).toHaveLength(2);
    await ledger.restart();
    expect(await histories()).toEqual(historiesOf([]));
  });

  it("writes nothing twice when it cannot delete what it has written", async () => {
    const queue = await aQueue(false);
    const events = aHistory(["INSERT", "UPDATE", "DELETE"]);
    const client = new SQSClient({ ...sqs.clientConfig, maxAttempts: 1 });
    let lost = 0;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName !== "DeleteMessageBatchCommand" || lost === 5) return next(args);
        lost += 1;
        throw connectionReset();
      },
      { step: "initialize" },
    );
    await send(queue, ...events);
    const loads: number[] = [];
    void consume(queue, {
      client,
      visibilityTimeoutSeconds: 3,
      loader: around(aLoader(), async (load, deliveries) => {
        loads.push(deliveries);
        return load();
      }),
    });
    await until(() => lost === 5 && loads.length > 1);
    await expectLoaded(...events);
    client.destroy();
  });

  it("writes nothing twice after its process was lost between commit and deletion", async () => {
    const queue = await aQueue(true);
    const events = aHistory(["INSERT", "UPDATE", "DELETE"]);
    await send(queue, ...events);
    // A process that was killed: it received and loaded, and nothing after that.
    const { Messages: received = [] } = await sqs.client.send(
      new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10, VisibilityTimeout: 1 }),
    );
    await createSqsHandler(aLoader())({
      Records: received.map(({ MessageId = "", Body = "" }) => ({
        messageId: MessageId,
        receiptHandle: "",
        body: Body,
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: "0",
          SenderId: "",
          ApproximateFirstReceiveTimestamp: "0",
        },
        messageAttributes: {},
        md5OfBody: "",
        eventSource: "aws:sqs",
        eventSourceARN: queue.arn,
        awsRegion: "us-east-1",
      })),
    });
    let skipped = 0;
    void consume(queue, {
      loader: around(aLoader(), async (load) => {
        const report = await load();
        skipped += report.counts.skipped["already-applied"];
        return report;
      }),
    });
    await until(() => skipped === received.length);
    expect(received).toHaveLength(3);
    await expectLoaded(...events);
  });

  it("never has more batches under way than it was told", async () => {
    const queue = await aQueue(false);
    const events = Array.from({ length: 60 }, (_, n) => anEvent({ id: `r${n}` }));
    await send(queue, ...events);
    let now = 0;
    let most = 0;
    let largest = 0;
    void consume(queue, {
      concurrency: 3,
      batchSizeMax: 12,
      loader: around(aLoader(), async (load, deliveries) => {
        now += 1;
        most = Math.max(most, now);
        largest = Math.max(largest, deliveries);
        const report = await load();
        await sleep(50);
        now -= 1;
        return report;
      }),
    });
    await expectLoaded(...events);
    expect(most).toBeLessThanOrEqual(3);
    expect(largest).toBeLessThanOrEqual(12);
    expect(largest).toBeGreaterThan(10);
  });

  it("goes on when the queue was not reached for a while", async () => {
    const queue = await aQueue(true);
    const client = new SQSClient({ ...sqs.clientConfig, maxAttempts: 1 });
    let failures = 0;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName !== "ReceiveMessageCommand" || failures === 2) return next(args);
        failures += 1;
        throw connectionReset();
      },
      { step: "initialize" },
    );
    await send(queue, anEvent());
    void consume(queue, { client, concurrency: 1 });
    await expectLoaded(anEvent());
    client.destroy();
  });

  it("ends with what SQS says of a queue that is not there", async () => {
    const queue = await aQueue(true);
    await expect(consume({ ...queue, url: `${queue.url.slice(0, -5)}-none.fifo` })).rejects.toMatchObject({
      name: "QueueDoesNotExist",
    });
  });

  it("ends with what a broken loader throws, and gives back what it had", async () => {
    const queue = await aQueue(true);
    await send(queue, anEvent());
    const broken = around(aLoader(), () => Promise.reject(new Error("out of order")));
    await expect(consume(queue, { loader: broken })).rejects.toThrow("out of order");
    expect(await receiveAll(sqs.client, queue.url)).toHaveLength(1);
  });

  it("loads a record once that comes through queues of two regions", async () => {
    const topic = await sqs.createTopic({ name: `everywhere-${randomUUID()}`, fifo: true });
    const events = aHistory(["INSERT", "UPDATE", "UPDATE"]);
    for (const region of ["eu-central-1", "ap-southeast-2"]) {
      const queue = await sqs.createQueue({ name: `in-${region}-${randomUUID()}`, fifo: true, region });
      await topic.subscribe(queue, { raw: region === "ap-southeast-2" });
      const client = new SQSClient({ ...sqs.clientConfig, region });
      void consume(queue, { client }).finally(() => {
        client.destroy();
      });
    }
    for (const event of events) {
      await sqs.snsClient.send(
        new PublishCommand({
          TopicArn: topic.arn,
          Message: encodeEvent(event),
          MessageGroupId: "g",
          MessageDeduplicationId: randomUUID(),
        }),
      );
    }
    await expectLoaded(...events);
    await sleep(500);
    expect(await histories()).toEqual(historiesOf(events));
  });

  it("refuses settings that SQS would refuse, all at once", () => {
    const make = () =>
      createSqsConsumer({
        client: sqs.client,
        queueUrl: "https://sqs.us-east-1.amazonaws.com/1/q",
        loader: aLoader(),
        waitSeconds: 21,
        visibilityTimeoutSeconds: 1,
        batchSizeMax: 0,
      });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(/visibilityTimeoutSeconds[^]*waitSeconds[^]*batchSizeMax/);
  });
});
