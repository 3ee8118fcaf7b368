// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  ConfigurationError,
  type DeadLetter,
  ParkingFailedError,
  decodeDeadLetter,
} from "@ledger-loader/core";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import { receiveAll, startSqs, type SqsEmulator } from "@ledger-loader/testkit";
import { randomBytes, randomUUID } from "node:crypto";

let sqs: SqsEmulator;

beforeAll(async () => {
  sqs = await startSqs();
});
afterAll(() => sqs.close());

async function openSink(messageBytesMax?: number): Promise<{ sink: SqsDeadLetterSink; url: string }> {
  const { url } = await sqs.createQueue({ name: `letters-${randomUUID()}`, fifo: false });
  const limits = messageBytesMax === undefined ? {} : { messageBytesMax };
  const sink = new SqsDeadLetterSink({
    client: sqs.client,
    queueUrl: url,
    retryDelayMs: 1,
    attemptsMax: 2,
    ...limits,
  });
  return { sink, url };
}

const aLetter = (deliveryId: string, body: string | Uint8Array): DeadLetter => ({
  channel: "kinesis",
  origin: "shardId-000000000000/49590338271490256608559692538361571095921575989136588898",
  deliveryId,
  body,
  reason: "version-gap",
  detail: "Expected version 4 of the record next, found 6.",
  retryable: true,
  waitingFor: { table: "T", id: `"a"`, version: 5 },
  parkedAtMs: 1_763_690_000_000,
});

async function lettersIn(url: string): Promise<readonly DeadLetter[]> {
  const messages = await receiveAll(sqs.client, url);
  return messages
    .map(({ Body }) => decodeDeadLetter(Body!))
    .toSorted((a, b) => Number(a.deliveryId) - Number(b.deliveryId));
}

describe("SqsDeadLetterSink", () => {
  it("keeps letters as they are, bytes and characters that SQS refuses included", async () => {
    const { sink, url } = await openSink();
    const bodies = [
      "{op:",
      "\uFFFE\uD800 \u0000",
      new Uint8Array([0xe0, 1, 0, 0xea]),
      new Uint8Array([0x7b]),
    ];
    const letters = Array.from({ length: 23 }, (_, i) => aLetter(String(i), bodies[i % bodies.length]!));
    await sink.park(letters);
    expect(await lettersIn(url)).toEqual(letters);
  });

  it("compresses a letter that is too long for a message", async () => {
    const { sink, url } = await openSink();
    const letter = aLetter("1", `{"name":"value"}`.repeat(100_000));
    await sink.park([letter]);
    expect(await lettersIn(url)).toEqual([letter]);
  });

  it("names the letter that is too long even so, and parks the others", async () => {
    const { sink, url } = await openSink();
    const letters = [
      aLetter("1", "{op:"),
      aLetter("2", new Uint8Array(randomBytes(1_500_000))),
      aLetter("3", "{op:"),
    ];
    const error = await sink.park(letters).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ParkingFailedError);
    expect((error as ParkingFailedError).unparked).toEqual([letters[1]]);
    expect((await lettersIn(url)).map(({ deliveryId }) => deliveryId)).toEqual(["1", "3"]);
  });

  it("takes nothing where there is no queue, and says so for each letter", async () => {
    const { url } = await openSink();
    const sink = new SqsDeadLetterSink({ client: sqs.client, queueUrl: `${url}-gone` });
    const error = await sink.park([aLetter("1", "a"), aLetter("2", "b")]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ParkingFailedError);
    expect((error as ParkingFailedError).unparked).toHaveLength(2);
  });

  it("refuses a FIFO queue, which would swallow letters that are parked again", () => {
    const queueUrl = "https://sqs.us-east-1.amazonaws.com/000000000000/letters.fifo";
    expect(() => new SqsDeadLetterSink({ client: sqs.client, queueUrl })).toThrow(ConfigurationError);
  });
});
