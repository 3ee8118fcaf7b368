// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { SNSClient, type PublishBatchCommandInput } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type RevisionEvent, decodeEvents, encodeEvent } from "@ledger-loader/core";
import { createSnsPublisher, type SnsPublisherOptions } from "@ledger-loader/sns";
import {
  aHistory,
  anEvent,
  receiveAll,
  seededRandom,
  startSqs,
  type SqsEmulator,
  type TestQueue,
} from "@ledger-loader/testkit";

let emulator: SqsEmulator;

beforeAll(async () => {
  emulator = await startSqs();
});
afterAll(() => emulator.close());

/** A topic, and a queue that gets what is published, as it was published. */
async function aTopic(fifo = true): Promise<{ topicArn: string; queue: TestQueue }> {
  const name = `published-${randomUUID()}`;
  const topic = await emulator.createTopic({ name, fifo });
  const queue = await emulator.createQueue({ name, fifo });
  await topic.subscribe(queue, { raw: true });
  return { topicArn: topic.arn, queue };
}

// oxlint-disable-next-line typescript/require-await -- a source is asynchronous
async function* stream(events: readonly RevisionEvent[]): AsyncGenerator<RevisionEvent> {
  yield* events;
}

const publish = (
  topicArn: string,
  events: readonly RevisionEvent[],
  options: Partial<SnsPublisherOptions> = {},
) =>
  createSnsPublisher({
    client: emulator.snsClient,
    topicArn,
    runId: "run-1",
    retryDelayMs: 1,
    ...options,
  }).publish(stream(events));

async function held(queue: TestQueue): Promise<string[]> {
  const messages = await receiveAll(emulator.client, queue.url);
  return messages.flatMap(({ Body }) =>
    decodeEvents(Body!).events.map(({ event }) => `${event!.id!.value.stringValue()!}/${event!.version!}`),
  );
}

/** A client whose calls are looked at, and may be changed or lost, on their way to the emulator. */
function aClient(
  onCall: (input: PublishBatchCommandInput) => "pass" | "lose-call" | "lose-answer",
): SNSClient {
  const client = new SNSClient({ ...emulator.clientConfig, maxAttempts: 1 });
  client.middlewareStack.add(
    (next) => async (args) => {
      const lost = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      const verdict = onCall(args.input as PublishBatchCommandInput);
      if (verdict === "lose-call") throw lost;
      const result = await next(args);
      if (verdict === "lose-answer") throw lost;
      return result;
    },
    { step: "initialize" },
  );
  return client;
}

describe("createSnsPublisher", () => {
  it("publishes what `encodeEvent` returns, in a group that does not tell the record's id", async () => {
    const { topicArn, queue } = await aTopic();
    const event = anEvent({ id: "jane@example.com" });
    expect(await publish(topicArn, [event])).toEqual({ published: 1, retries: 0 });
    const [message] = await receiveAll(emulator.client, queue.url);
    expect(message?.Body).toBe(encodeEvent(event));
    expect(message?.Attributes?.MessageGroupId).toMatch(/^[\w-]{43}$/);
  });

  it.each([1, 2, 3])(
    "keeps each record's order, each event once, whatever is lost (seed %i)",
    async (seed) => {
      const { topicArn, queue } = await aTopic();
      const random = seededRandom(seed);
      const client = aClient(() =>
        random.chance(0.3) ? (random.chance(0.5) ? "lose-call" : "lose-answer") : "pass",
      );
      const records = ["a", "b", "c", "d", "e"];
      const events = Array.from({ length: 8 }, (_, version) =>
        records.map((id) => anEvent({ op: version === 0 ? "INSERT" : "UPDATE", id, version })),
      ).flat();
      const report = await publish(topicArn, events, { client, attemptsMax: 50, heldMax: 12 });
      expect(report.published).toBe(events.length);
      const all = await held(queue);
      expect(all).toHaveLength(events.length);
      for (const id of records) {
        const own = all.filter((name) => name.startsWith(`${id}/`));
        expect(own).toEqual(Array.from({ length: 8 }, (_, version) => `${id}/${version}`));
      }
      client.destroy();
    },
  );

  it("keeps batches within 10 messages and 256 KiB, and holds back what follows an event that is larger", async () => {
    const { topicArn, queue } = await aTopic();
    const sizes: number[] = [];
    const client = aClient(({ PublishBatchRequestEntries: entries = [] }) => {
      const bytes = entries.reduce((sum, { Message = "" }) => sum + Buffer.byteLength(Message), 0);
      expect(bytes).toBeLessThanOrEqual(262_144);
      sizes.push(entries.length);
      return "pass";
    });
    const small = Array.from({ length: 25 }, (_, n) => anEvent({ id: `small${n}` }));
    const large = Array.from({ length: 4 }, (_, n) =>
      anEvent({ id: `large${n}`, data: { text: "x".repeat(100_000) } }),
    );
    const huge = anEvent({ id: "huge", data: { text: "x".repeat(300_000) } });
    const behind = anEvent({ op: "UPDATE", id: "huge", version: 1 });
    const published = publish(topicArn, [...small, ...large, huge, behind], { client });
    await expect(published).rejects.toMatchObject({
      code: "EVENTS_REFUSED",
      published: 29,
      heldBack: [behind],
    });
    expect(Math.max(...sizes)).toBe(10);
    expect(await held(queue)).toHaveLength(29);
    client.destroy();
  });

  it("publishes to a standard topic without group and de-duplication id", async () => {
    const { topicArn, queue } = await aTopic(false);
    await publish(topicArn, aHistory(["INSERT", "UPDATE", "DELETE"]));
    expect(await held(queue)).toHaveLength(3);
  });

  it("throws what SNS says of a topic that is not there", async () => {
    const { topicArn } = await aTopic();
    const nowhere = topicArn.replace("published-", "nothing-");
    await expect(publish(nowhere, [anEvent()])).rejects.toMatchObject({ name: "NotFoundException" });
  });
});
