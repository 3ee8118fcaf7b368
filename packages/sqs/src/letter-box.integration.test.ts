// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { DeadLetter, TakenLetter } from "@ledger-loader/core";
import { SqsDeadLetterSink, SqsLetterBox } from "@ledger-loader/sqs";
import { startSqs, type SqsEmulator } from "@ledger-loader/testkit";
import { randomUUID } from "node:crypto";

let sqs: SqsEmulator;

beforeAll(async () => {
  sqs = await startSqs();
});
afterAll(() => sqs.close());

const createQueue = async (fifo = false): Promise<string> =>
  (await sqs.createQueue({ name: `letters-${randomUUID()}`, fifo })).url;

const aLetter = (deliveryId: string): DeadLetter => ({
  channel: "sqs",
  origin: `events/${deliveryId}`,
  deliveryId,
  body: "{op:",
  reason: "malformed-event",
  detail: "Expected Ion or JSON.",
  retryable: false,
  parkedAtMs: 1,
});

const boxOf = (queueUrl: string, lettersMax?: number): SqsLetterBox =>
  new SqsLetterBox({
    client: sqs.client,
    queueUrl,
    waitSeconds: 0,
    lettersMax,
  });

const park = (queueUrl: string, ...ids: readonly string[]): Promise<void> =>
  new SqsDeadLetterSink({ client: sqs.client, queueUrl }).park(ids.map(aLetter));

function byId(letters: readonly TakenLetter[]): ReadonlyMap<string, TakenLetter> {
  return new Map(letters.map((taken) => [taken.letter?.deliveryId ?? "", taken]));
}

async function idsIn(queueUrl: string): Promise<readonly string[]> {
  const { letters } = await boxOf(queueUrl).take(true);
  return [...byId(letters).keys()].toSorted();
}

describe("SqsLetterBox", () => {
  it("takes every letter, removes what is done with and puts back the rest with what is known now", async () => {
    const url = await createQueue();
    await park(url, ...Array.from({ length: 25 }, (_, i) => `${i}`));
    const box = boxOf(url);
    const { letters, complete } = await box.take(false);
    expect({ count: letters.length, complete }).toEqual({ count: 25, complete: true });
    expect(await idsIn(url)).toEqual([]);
    const kept = byId(letters).get("3")!;
    const same = byId(letters).get("4")!;
    await box.settle([
      ...letters.filter((taken) => taken !== kept && taken !== same).map((taken) => ({ taken })),
      { taken: kept, keep: { ...kept.letter!, detail: "new" } },
      { taken: same, keep: same.letter! },
    ]);
    const rest = byId((await boxOf(url).take(true)).letters);
    expect([...rest.keys()].toSorted()).toEqual(["3", "4"]);
    expect(rest.get("3")!.letter!.detail).toBe("new");
  });

  it("leaves all where it is when it only looks, or when nothing is said about it", async () => {
    const url = await createQueue();
    await park(url, "1", "2");
    expect(await idsIn(url)).toEqual(["1", "2"]);
    const box = boxOf(url);
    await box.take(false);
    await box.settle([]);
    expect(await idsIn(url)).toEqual(["1", "2"]);
  });

  it("says that there may be more when it takes no more at once", async () => {
    const url = await createQueue();
    await park(url, ...Array.from({ length: 25 }, (_, i) => `${i}`));
    const { letters, complete } = await boxOf(url, 10).take(false);
    expect({ count: letters.length, complete }).toEqual({ count: 10, complete: false });
  });

  it("reads the dead letters that SQS itself has parked, and leaves them as they are", async () => {
    const url = await createQueue();
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: `{op:"INSERT"}` }));
    const box = boxOf(url);
    const { letters } = await box.take(false);
    expect(letters).toMatchObject([
      { letter: { channel: "sqs", body: `{op:"INSERT"}`, reason: "not-recorded" } },
    ]);
    await box.settle([{ taken: letters[0]!, keep: { ...letters[0]!.letter!, reason: "unknown-table" } }]);
    expect((await boxOf(url).take(true)).letters).toMatchObject([{ letter: { reason: "not-recorded" } }]);
  });

  it("takes a FIFO dead-letter queue part by part", async () => {
    const url = await createQueue(true);
    for (const body of ["a", "b"]) {
      const group = { MessageGroupId: "g", MessageDeduplicationId: randomUUID() };
      await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, ...group }));
    }
    const box = boxOf(url);
    const { letters, complete } = await box.take(false);
    expect({ bodies: letters.map(({ letter }) => letter?.body), complete }).toEqual({
      bodies: ["a", "b"],
      complete: false,
    });
    await box.settle(letters.map((taken) => ({ taken })));
    expect(await boxOf(url).take(true)).toEqual({ letters: [], complete: true });
  });

  it("does not take a damaged letter, or one of a newer format, for an event", async () => {
    const url = await createQueue();
    const body = `{"format":"ledger-loader/dead-letter/2"}`;
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
    expect((await boxOf(url).take(true)).letters).toMatchObject([
      { problem: expect.stringContaining("another format") as unknown },
    ]);
  });
});
