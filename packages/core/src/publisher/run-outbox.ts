// SPDX-License-Identifier: MIT
import type { Outbox, OutboxMessage } from "./outbox";

/** The two ends of an outbox. */
export interface OutboxWork<M extends OutboxMessage, T> {
  /** Batches that are sent at the same time. */
  readonly concurrency: number;
  /** Puts every message into the outbox. */
  readonly fill: () => Promise<T>;
  /** Sends one batch and settles its messages. */
  readonly send: (batch: readonly M[]) => Promise<void>;
}

/**
 * Fills an outbox and sends its batches until every message is settled.
 *
 * A failure of one end ends the other. All senders have ended when the function throws.
 *
 * @returns the result of `fill`.
 * @throws the first failed sender's error, or the error of `fill`.
 */
export async function runOutbox<M extends OutboxMessage, T>(
  outbox: Outbox<M>,
  { concurrency, fill, send }: OutboxWork<M, T>,
): Promise<T> {
  const senders = Array.from({ length: concurrency }, () => sendAll(outbox, send));
  const [filled, ...sent] = await Promise.allSettled([fillAll(outbox, fill), ...senders]);
  for (const sender of sent) if (sender.status === "rejected") throw sender.reason;
  if (filled.status === "rejected") throw filled.reason;
  return filled.value;
}

async function fillAll<M extends OutboxMessage, T>(outbox: Outbox<M>, fill: () => Promise<T>): Promise<T> {
  try {
    const result = await fill();
    outbox.end();
    return result;
  } catch (cause) {
    outbox.fail(cause);
    throw cause;
  }
}

async function sendAll<M extends OutboxMessage>(
  outbox: Outbox<M>,
  send: (batch: readonly M[]) => Promise<void>,
): Promise<void> {
  try {
    for (let batch = await outbox.take(); batch !== undefined; batch = await outbox.take()) await send(batch);
  } catch (cause) {
    outbox.fail(cause);
    throw cause;
  }
}
