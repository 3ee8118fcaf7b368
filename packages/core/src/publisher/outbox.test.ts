// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { Outbox, type OutboxLimits, type OutboxMessage } from "./outbox";

interface Message extends OutboxMessage {
  readonly name: string;
}

const message = (name: string, bytes = 1): Message => ({ name, groupId: name[0]!, bytes });

async function anOutbox(
  names: readonly string[],
  limits: Partial<OutboxLimits> = {},
): Promise<Outbox<Message>> {
  const outbox = new Outbox<Message>({
    batchSizeMax: 3,
    batchBytesMax: 100,
    queuedMax: 20,
    queuedBytesMax: 1_000,
    ...limits,
  });
  for (const name of names) await outbox.put(message(name));
  return outbox;
}

const names = (batch: readonly Message[] | undefined) => batch?.map(({ name }) => name);

/** True if a promise is still open after everything that can happen has happened. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol("open");
  const tick = new Promise((resolve) => setImmediate(resolve, open));
  return (await Promise.race([promise, tick])) === open;
}

describe("Outbox", () => {
  it("hands out each group once per batch, the first message of each first", async () => {
    const outbox = await anOutbox(["a0", "a1", "b0", "a2", "c0", "b1"]);
    expect(names(await outbox.take())).toEqual(["a0", "b0", "c0"]);
  });

  it("hands out the next message of a group only after the one before it was settled", async () => {
    const outbox = await anOutbox(["a0", "a1", "b0"]);
    outbox.end();
    const [a0, b0] = (await outbox.take())!;
    const next = outbox.take();
    expect(await isPending(next)).toBe(true);
    outbox.settle(b0!);
    expect(await isPending(next)).toBe(true);
    outbox.settle(a0!);
    const rest = (await next)!;
    expect(names(rest)).toEqual(["a1"]);
    outbox.settle(rest[0]!);
    expect(await outbox.take()).toBeUndefined();
  });

  it("waits for a full batch until it is told that nothing more comes", async () => {
    const outbox = await anOutbox(["a0", "b0"]);
    const batch = outbox.take();
    expect(await isPending(batch)).toBe(true);
    outbox.end();
    expect(names(await batch)).toEqual(["a0", "b0"]);
  });

  it("hands out what it can when it is full of a single group", async () => {
    const outbox = await anOutbox(["a0", "a1", "a2"], { queuedMax: 3 });
    expect(names(await outbox.take())).toEqual(["a0"]);
  });

  it("ends a batch where its bytes would exceed the limit, and sends a larger message alone", async () => {
    const outbox = await anOutbox([], { batchBytesMax: 10 });
    for (const [name, bytes] of [["a", 6] as const, ["b", 5] as const, ["c", 11] as const]) {
      await outbox.put(message(name, bytes));
    }
    outbox.end();
    expect(names(await outbox.take())).toEqual(["a"]);
    expect(names(await outbox.take())).toEqual(["b"]);
    expect(names(await outbox.take())).toEqual(["c"]);
  });

  it.each([{ queuedMax: 3 }, { queuedBytesMax: 3 }])(
    "makes the reader wait while it is full: %j",
    async (limits) => {
      const outbox = await anOutbox(["a0", "b0", "c0"], limits);
      const [a0] = (await outbox.take())!;
      const put = outbox.put(message("d0"));
      expect(await isPending(put)).toBe(true);
      outbox.settle(a0!);
      await put;
    },
  );

  it("forgets what waits behind a message that cannot be sent, says what that was, and takes in no more", async () => {
    const outbox = await anOutbox(["a0", "a1", "b0", "a2"], { queuedMax: 4 });
    const [a0, b0] = (await outbox.take())!;
    const waitingForRoom = outbox.put(message("a3"));
    expect(names(outbox.dropGroup(a0!))).toEqual(["a1", "a2"]);
    expect(await waitingForRoom).toBe(false);
    expect(await outbox.put(message("a4"))).toBe(false);
    outbox.settle(b0!);
    outbox.end();
    expect(await outbox.take()).toBeUndefined();
  });

  it("still hands out what a group held when it was closed", async () => {
    const outbox = await anOutbox(["a0"]);
    outbox.closeGroup("a");
    expect(await outbox.put(message("a1"))).toBe(false);
    outbox.end();
    expect(names(await outbox.take())).toEqual(["a0"]);
  });

  it("stops handing out and taking in once it failed", async () => {
    const outbox = await anOutbox(["a0", "b0", "c0"], { queuedMax: 3 });
    const put = outbox.put(message("d0"));
    outbox.fail(new Error("no queue"));
    await expect(put).rejects.toThrow("no queue");
    expect(await outbox.take()).toBeUndefined();
  });
});
