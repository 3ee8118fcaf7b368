// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  type EventFields,
  EventsRefusedError,
  type RevisionEvent,
  createEvent,
  decodeEvents,
  encodeEvent,
} from "@ledger-loader/core";
import { createSqsPublisher, type SqsPublisherOptions } from "@ledger-loader/sqs";
import { receiveAll, seededRandom, startSqs, type SqsEmulator, type TestQueue } from "@ledger-loader/testkit";
import { connectionReset, flakyClient, INTERNAL_ERROR, type Fault } from "../test/flaky-client";

let sqs: SqsEmulator;
let queues = 0;

beforeAll(async () => {
  sqs = await startSqs();
});
afterAll(() => sqs.close());

const aQueue = (fifo = true) => sqs.createQueue({ name: `published-${(queues += 1)}`, fifo });

const aRevision = (id: string, version: number, fields: Partial<EventFields> = {}): RevisionEvent =>
  createEvent({
    op: version === 0 ? "INSERT" : "UPDATE",
    table: "Vehicle",
    id,
    version,
    data: { version },
    ...fields,
  });

// oxlint-disable-next-line typescript/require-await -- a source is asynchronous
async function* stream(events: readonly RevisionEvent[]): AsyncGenerator<RevisionEvent> {
  yield* events;
}

const publish = (
  queue: TestQueue,
  events: readonly RevisionEvent[],
  options: Partial<SqsPublisherOptions> = {},
) =>
  createSqsPublisher({
    client: sqs.client,
    queueUrl: queue.url,
    runId: "run-1",
    retryDelayMs: 1,
    ...options,
  }).publish(stream(events));

/** The messages of the queue, as `id/version`, in the order in which it hands messages out. */
async function held(queue: TestQueue): Promise<string[]> {
  const messages = await receiveAll(sqs.client, queue.url);
  return messages.flatMap(({ Body }) =>
    decodeEvents(Body!).events.map(({ event }) => `${event!.id!.value.stringValue()!}/${event!.version!}`),
  );
}

const ofRecord = (all: readonly string[], id: string) => all.filter((name) => name.startsWith(`${id}/`));

/** Histories of several records, interleaved as a journal holds them. */
function histories(records: number, versions: number): RevisionEvent[] {
  return Array.from({ length: versions }, (_, version) =>
    Array.from({ length: records }, (__, record) => aRevision(`r${record}`, version)),
  ).flat();
}

describe("createSqsPublisher", () => {
  it("puts what `encodeEvent` returns into the queue, each record in a group that does not tell its id", async () => {
    const queue = await aQueue();
    const event = aRevision("jane@example.com", 0);
    expect(await publish(queue, [event])).toEqual({ published: 1, retries: 0 });
    const [message] = await receiveAll(sqs.client, queue.url);
    expect(message).toMatchObject({
      Body: encodeEvent(event),
      Attributes: {
        MessageGroupId: expect.stringMatching(/^[\w-]{43}$/),
        MessageDeduplicationId: expect.stringMatching(/^[\w-]{43}$/),
      },
    });
  });

  it.each([1, 2, 3, 4, 5])(
    "keeps each record's order, each event once, whatever fails on the way (seed %i)",
    async (seed) => {
      const queue = await aQueue();
      const random = seededRandom(seed);
      const client = flakyClient(sqs.clientConfig, (): Fault => {
        if (random.chance(0.2)) {
          return { fail: { when: random.chance(0.5) ? "before" : "after", error: connectionReset() } };
        }
        return { refuse: () => (random.chance(0.3) ? INTERNAL_ERROR : undefined) };
      });
      const events = histories(7, 12);
      const report = await publish(queue, events, { client, attemptsMax: 50, heldMax: 40 });
      expect(report.published).toBe(events.length);
      expect(report.retries).toBeGreaterThan(0);
      const all = await held(queue);
      expect(all).toHaveLength(events.length);
      for (let record = 0; record < 7; record += 1) {
        expect(ofRecord(all, `r${record}`)).toEqual(
          Array.from({ length: 12 }, (_, version) => `r${record}/${version}`),
        );
      }
    },
  );

  it("has a send swallowed that is made again in the same run, but not in another run", async () => {
    const queue = await aQueue();
    const events = histories(2, 2);
    await publish(queue, events);
    await publish(queue, events);
    expect(await held(queue)).toHaveLength(4);
    await publish(queue, events, { runId: "run-2" });
    expect(await held(queue)).toHaveLength(4);
  });

  it("has a true repetition delivered, within one call of publish or over two", async () => {
    const queue = await aQueue();
    const event = aRevision("a", 0);
    const publisher = createSqsPublisher({ client: sqs.client, queueUrl: queue.url, runId: "run-1" });
    await publisher.publish(stream([event, event]));
    await publisher.publish(stream([event]));
    expect(await held(queue)).toEqual(["a/0", "a/0", "a/0"]);
  });

  it("sends full batches when there are records enough", async () => {
    const queue = await aQueue();
    let calls = 0;
    const client = flakyClient(sqs.clientConfig, () => {
      calls += 1;
      return undefined;
    });
    await publish(queue, histories(20, 5), { client });
    expect(calls).toBe(10);
  });

  it("sends events without id one by one, and events that name a group in that group's order", async () => {
    const queue = await aQueue();
    const withoutId = createEvent({ op: "INSERT", table: "Log", data: { line: 1 } });
    const grouped = ["x", "y", "x"].map((id, version) => aRevision(id, version, { group: "tenant 7" }));
    await publish(queue, [withoutId, withoutId, ...grouped]);
    const groups = (await receiveAll(sqs.client, queue.url)).map(
      ({ Attributes }) => Attributes?.MessageGroupId,
    );
    expect(new Set(groups).size).toBe(3);
    expect(groups.filter((group) => group === groups.at(-1))).toHaveLength(3);
  });

  it("holds back what comes after a refused event of its record, sends the rest, and throws", async () => {
    const queue = await aQueue();
    const tooLong = { data: { text: "x".repeat(2_000) } };
    const events = [
      aRevision("a", 0),
      aRevision("b", 0),
      aRevision("a", 1, tooLong),
      aRevision("a", 2),
      aRevision("b", 1),
      aRevision("a", 3),
    ];
    const error: unknown = await publish(queue, events, { batchBytesMax: 1_000 }).catch(
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(EventsRefusedError);
    expect(error).toMatchObject({
      published: 3,
      heldBack: [events[3], events[5]],
      refused: [{ event: events[2], code: "BatchRequestTooLong" }],
    });
    expect((error as Error).message).not.toContain("xxx");
    expect((await held(queue)).toSorted()).toEqual(["a/0", "b/0", "b/1"]);
  });

  it("does the same when it is the queue that refuses the event", async () => {
    const queue = await aQueue();
    const refused = { Code: "InvalidMessageContents", Message: "no", SenderFault: true };
    const first = encodeEvent(aRevision("a", 1));
    const client = flakyClient(sqs.clientConfig, () => ({
      refuse: ({ MessageBody }) => (MessageBody === first ? refused : undefined),
    }));
    const error: unknown = await publish(
      queue,
      [0, 1, 2, 3].map((version) => aRevision("a", version)),
      {
        client,
      },
    ).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ published: 1, refused: [{ code: "InvalidMessageContents" }] });
    expect((error as EventsRefusedError).heldBack.map(({ version }) => version)).toEqual([2, 3]);
    expect(await held(queue)).toEqual(["a/0"]);
  });

  it("keeps batches within SQS's 1 MiB", async () => {
    const queue = await aQueue();
    const events = Array.from({ length: 12 }, (_, n) =>
      aRevision(`r${n}`, 0, { data: { text: "x".repeat(300_000) } }),
    );
    expect(await publish(queue, events)).toEqual({ published: 12, retries: 0 });
    expect(await held(queue)).toHaveLength(12);
  });

  it("sends characters that SQS refuses as escapes", async () => {
    const queue = await aQueue();
    const event = aRevision("a\u{FFFE}b\u{FFFF}c", 0, { data: { text: "\u0001\u{FFFE}\u{1F600}\\" } });
    await publish(queue, [event]);
    const [message] = await receiveAll(sqs.client, queue.url);
    const [decoded] = decodeEvents(message!.Body!).events;
    expect(encodeEvent(decoded!.event!)).toBe(encodeEvent(event));
  });

  it("sends to a standard queue without group and de-duplication id", async () => {
    const queue = await aQueue(false);
    expect(await publish(queue, histories(3, 10))).toMatchObject({ published: 30 });
    const messages = await receiveAll(sqs.client, queue.url);
    expect(messages).toHaveLength(30);
    expect(messages[0]?.Attributes).not.toHaveProperty("MessageGroupId");
  });

  it("throws what its source throws, and what SQS says of a queue that is not there", async () => {
    const queue = await aQueue();
    // oxlint-disable-next-line typescript/require-await -- a source is asynchronous
    async function* failing(): AsyncGenerator<RevisionEvent> {
      yield aRevision("a", 0);
      throw new Error("export is truncated");
    }
    const publisher = createSqsPublisher({ client: sqs.client, queueUrl: queue.url, runId: "run-1" });
    await expect(publisher.publish(failing())).rejects.toThrow("export is truncated");
    await expect(
      publish({ ...queue, url: `${queue.url}.none.fifo` }, histories(50, 50)),
    ).rejects.toMatchObject({
      name: "QueueDoesNotExist",
    });
  });

  it("tells how far it is", async () => {
    const queue = await aQueue();
    const seen: number[] = [];
    const publisher = createSqsPublisher({ client: sqs.client, queueUrl: queue.url, runId: "run-1" });
    await publisher.publish(stream(histories(30, 2)), (published) => seen.push(published));
    expect(seen.at(-1)).toBe(60);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });
});
