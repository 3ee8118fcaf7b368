// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { Outbox, type OutboxMessage, runOutbox } from "@ledger-loader/core";

const LIMITS = { batchSizeMax: 2, batchBytesMax: 100, queuedMax: 4, queuedBytesMax: 1_000 };
const messages = Array.from({ length: 9 }, (_, i): OutboxMessage => ({ groupId: `${i % 3}`, bytes: 1 }));

/** Sends the messages; `sendFails` and `fillFails` throw at the message of that index. */
function run(
  sent: OutboxMessage[],
  { sendFails, fillFails }: { sendFails?: number; fillFails?: number } = {},
) {
  const outbox = new Outbox(LIMITS);
  return runOutbox(outbox, {
    concurrency: 2,
    async fill() {
      for (const [i, message] of messages.entries()) {
        if (i === fillFails) throw new Error("the source ended early");
        await outbox.put(message);
      }
      return "filled";
    },
    async send(batch) {
      for (const message of batch) {
        if (messages.indexOf(message) === sendFails) throw new Error("the channel is gone");
        await Promise.resolve();
        sent.push(message);
        outbox.settle(message);
      }
    },
  });
}

describe("runOutbox", () => {
  it("sends every message, those of a group in order, and returns the result of fill", async () => {
    const sent: OutboxMessage[] = [];
    expect(await run(sent)).toBe("filled");
    expect(new Set(sent)).toEqual(new Set(messages));
    for (const group of ["0", "1", "2"]) {
      const places = sent.filter(({ groupId }) => groupId === group).map((each) => messages.indexOf(each));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places).toHaveLength(3);
    }
  });

  it.each([0, 3, 8])("ends the source when sending message %i fails, and throws that failure", async (at) => {
    const sent: OutboxMessage[] = [];
    await expect(run(sent, { sendFails: at })).rejects.toThrow("the channel is gone");
    expect(sent).not.toContain(messages[at]);
  });

  it.each([0, 4, 8])("ends the senders when the source fails at message %i", async (at) => {
    const sent: OutboxMessage[] = [];
    await expect(run(sent, { fillFails: at })).rejects.toThrow("the source ended early");
    expect(sent.length).toBeLessThanOrEqual(at);
  });
});
