// SPDX-License-Identifier: MIT
import { QueueDoesNotExist, SQSServiceException } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  BatchSender,
  ChannelUnavailableError,
  type OutgoingMessage,
  type SendRefusal,
} from "@ledger-loader/core";
import { receiveAll, startSqs, type SqsEmulator, type TestQueue } from "@ledger-loader/testkit";
import { connectionReset, flakyClient, INTERNAL_ERROR, type Fault } from "../test/flaky-client";
import { createQueueTransport } from "./queue-transport";

let sqs: SqsEmulator;
let queues = 0;

beforeAll(async () => {
  sqs = await startSqs();
});
afterAll(() => sqs.close());

const aQueue = () => sqs.createQueue({ name: `sender-${(queues += 1)}`, fifo: true });

const aMessage = (body: string): OutgoingMessage => ({
  body,
  fifo: { groupId: body.slice(0, 1), deduplicationId: `id-${body.slice(0, 8).replaceAll(/\W/g, "-")}` },
});

/** Sends with the given faults, one per call; returns what the listener learned and what the queue holds. */
async function send(queue: TestQueue, bodies: readonly string[], faults: readonly Fault[]) {
  const accepted: string[] = [];
  const refused: [body: string, refusal: SendRefusal][] = [];
  const client = flakyClient(sqs.clientConfig, (call) => faults[call]);
  const sender = new BatchSender(createQueueTransport(client, queue.url), {
    attemptsMax: 4,
    retryDelayMs: 1,
  });
  const sent = sender.send(bodies.map(aMessage), {
    accepted: (message) => accepted.push(message.body),
    refused: (message, refusal) => refused.push([message.body, refusal]),
  });
  const error = await sent.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  const held = (await receiveAll(sqs.client, queue.url)).map(({ Body }) => Body);
  return { accepted, refused, error, held };
}

const refusing = (body: string, failure = INTERNAL_ERROR): Fault => ({
  refuse: (entry) => (entry.MessageBody === body ? failure : undefined),
});

describe("BatchSender", () => {
  it("sends again only the entries that failed", async () => {
    const result = await send(await aQueue(), ["a", "b", "c"], [refusing("b"), refusing("b")]);
    expect(result).toEqual({
      accepted: ["a", "c", "b"],
      refused: [],
      error: undefined,
      held: ["a", "c", "b"],
    });
  });

  it.each(["ThrottlingException", "RequestThrottled", "KmsThrottled"])(
    "sends an entry again that failed with %s, though SQS blames the sender",
    async (Code) => {
      const throttled = { Code, Message: "slow down", SenderFault: true };
      const result = await send(await aQueue(), ["a"], [refusing("a", throttled)]);
      expect(result).toMatchObject({ accepted: ["a"], refused: [], held: ["a"] });
    },
  );

  it.each(["before", "after"] as const)(
    "has each message in the queue once when a call is lost %s it",
    async (when) => {
      const result = await send(await aQueue(), ["a", "b"], [{ fail: { when, error: connectionReset() } }]);
      expect(result).toEqual({ accepted: ["a", "b"], refused: [], error: undefined, held: ["a", "b"] });
    },
  );

  it("reports what the queue refuses for good, and sends it no more", async () => {
    const invalid = "b\u{0}";
    const result = await send(await aQueue(), ["a", invalid, "c"], []);
    expect(result).toMatchObject({ accepted: ["a", "c"], error: undefined, held: ["a", "c"] });
    expect(result.refused).toEqual([
      [invalid, { code: "InvalidMessageContents", reason: expect.stringContaining("Invalid characters") }],
    ]);
  });

  it("gives up after the configured number of calls, with what it learned until then", async () => {
    const { accepted, error, held } = await send(
      await aQueue(),
      ["a", "b"],
      Array<Fault>(4).fill(refusing("b")),
    );
    expect({ accepted, held }).toEqual({ accepted: ["a"], held: ["a"] });
    expect(error).toBeInstanceOf(ChannelUnavailableError);
    expect(error).toMatchObject({ retryable: true, cause: "InternalError" });
    expect((error as Error).message).toMatch(/1 of a batch failed 4 times \(InternalError\)/);
  });

  it("does not try again where trying cannot help", async () => {
    let calls = 0;
    const client = flakyClient(sqs.clientConfig, () => {
      calls += 1;
      return undefined;
    });
    const nowhere = new BatchSender(createQueueTransport(client, `${sqs.endpoint}/000000000000/none.fifo`), {
      attemptsMax: 4,
      retryDelayMs: 1,
    });
    const ignore = { accepted: () => undefined, refused: () => undefined };
    await expect(nowhere.send([aMessage("a")], ignore)).rejects.toThrow(QueueDoesNotExist);
    expect(calls).toBe(1);
  });

  it("tries again when the service itself failed", async () => {
    const error = new SQSServiceException({
      name: "ServiceUnavailable",
      $fault: "server",
      $metadata: {},
      message: "",
    });
    const result = await send(await aQueue(), ["a"], [{ fail: { when: "before", error } }]);
    expect(result).toMatchObject({ accepted: ["a"], held: ["a"] });
  });
});
