// SPDX-License-Identifier: MIT
import type { SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  createLoader,
  encodeEvent,
  type Loader,
  silentLogger,
} from "@ledger-loader/core";
import { createSqsHandler, type SqsHandler, type SqsHandlerOptions } from "@ledger-loader/sqs";
import {
  aHistory,
  FaultyLedger,
  historiesOf,
  openMemoryLedger,
  readHistories,
  seededRandom,
} from "@ledger-loader/testkit";
import { SqsQueue, sqsQueueClient, VirtualTime, type World } from "@ledger-loader/testkit/simulation";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";

/** Six times the time-out of 120 seconds that a function has by default. */
const VISIBILITY_TIMEOUT_MS = 720_000;
const OUTAGE_MS = 5_000;
/** A function that hangs has so long when its messages are released. */
const LEFT_MS = 5_000;
/** Events whose order nothing but the queue keeps. */
const HISTORY = aHistory(["INSERT", "UPDATE", "UPDATE", "UPDATE"]);

/** How Lambda runs a function on a batch. */
type Runtime = (world: World, makeHandler: (loader: Loader) => SqsHandler, loader: Loader) => SqsHandler;

const wellBehaved: Runtime = (_world, makeHandler, loader) => makeHandler(loader);

/** Sends the events of one FIFO group while the ledger is away, and returns when all are loaded, in order. */
async function loadThroughOutage(
  optionsOf: (world: World, queue: () => SqsQueue) => SqsHandlerOptions,
  runtime: Runtime = wellBehaved,
): Promise<number> {
  const world = { time: new VirtualTime(), random: seededRandom(1) };
  const { time, random } = world;
  const memory = await openMemoryLedger({ Vehicle: ["oldDocumentId"] });
  const faulty = new FaultyLedger(memory.connect(), { random, isOut: () => time.elapsedMs < OUTAGE_MS });
  const ledger = {
    transact: <T>(work: Parameters<typeof faulty.transact<T>>[0]) => time.busy(() => faulty.transact(work)),
    close: () => faulty.close(),
  };
  const loader = createLoader({ ledger, writer: new BaseRevisionWriter() });
  const settings = { fifo: true, visibilityTimeoutMs: VISIBILITY_TIMEOUT_MS, maxReceiveCount: 16 };
  const options = optionsOf(world, () => queue);
  const handler = runtime(world, (used) => createSqsHandler(used, options), loader);
  // Pollers that sleep end later.
  let lastLoadedMs = 0;
  const queue: SqsQueue = new SqsQueue(
    world,
    async (event: SQSEvent): Promise<SQSBatchResponse> => {
      const answer = await handler(event);
      lastLoadedMs = time.elapsedMs;
      return answer;
    },
    settings,
  );
  for (const { version: _, ...event } of HISTORY) {
    queue.publish({ key: "car-1", body: encodeEvent(event), isBroken: false });
  }
  await time.run(
    queue.run(() => false),
    10 * VISIBILITY_TIMEOUT_MS,
  );
  expect(await readHistories(memory.connect(), "Vehicle")).toEqual(historiesOf(HISTORY));
  expect(queue.dropped).toEqual([]);
  await memory.close();
  return lastLoadedMs;
}

describe("a FIFO group that an outage of the ledger of 5 seconds meets", () => {
  it("is loaded, in order, within 30 seconds", async () => {
    const loadedMs = await loadThroughOutage((world, queue) => ({ client: sqsQueueClient(world, queue, 0) }));
    expect(loadedMs).toBeGreaterThan(OUTAGE_MS);
    expect(loadedMs).toBeLessThan(30_000);
  });

  it("is loaded as soon after an invocation that hung until Lambda ended it", async () => {
    let reportCall: () => void = () => undefined;
    const called = new Promise<void>((resolve) => (reportCall = resolve));
    /** The first invocation hangs. The call for its messages is what time waits for, and Lambda ends it later. */
    const hangsOnce: Runtime = ({ time }, makeHandler, loader) => {
      const handlers = [makeHandler({ ...loader, load: () => new Promise(() => undefined) })];
      return async (event) => {
        const hanging = handlers.pop();
        if (hanging === undefined) return makeHandler(loader)(event);
        void hanging(event, { getRemainingTimeInMillis: () => 1 });
        await time.busy(() => called);
        await time.sleep(LEFT_MS);
        throw new Error("Task timed out");
      };
    };
    const loadedMs = await loadThroughOutage((world, queue) => {
      const client = sqsQueueClient(world, queue, 0);
      const send = (command: never): Promise<unknown> => {
        reportCall();
        return client.send(command);
      };
      return { client: { send } as unknown as SQSClient };
    }, hangsOnce);
    expect(loadedMs).toBeGreaterThan(LEFT_MS);
    expect(loadedMs).toBeLessThan(30_000);
  });

  it("waits for the queue's visibility time-out where the function has no client", async () => {
    expect(await loadThroughOutage(() => ({}))).toBeGreaterThan(VISIBILITY_TIMEOUT_MS);
  });

  it("is loaded later, and as completely, where the function may not change visibilities", async () => {
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (_: object, line: string) => void warnings.push(line) };
    const client = { send: () => Promise.reject(new Error("AccessDenied")) } as unknown as SQSClient;
    expect(await loadThroughOutage(() => ({ client, logger }))).toBeGreaterThan(VISIBILITY_TIMEOUT_MS);
    expect(warnings).toContain("visibility of messages not changed");
  });
});
