// SPDX-License-Identifier: MIT
import type { SessionClient } from "./session-client";

/** The target of an attack, and its strength. */
export interface AttackTarget {
  readonly client: SessionClient;
  readonly ledgerName: string;
  /** 1 is the whole attack; a smaller number takes that part of its connections, sessions and bodies. */
  readonly scale: number;
  /** How long what has no end of its own goes on, in milliseconds. */
  readonly durationMs: number;
}

/** One way to make a ledger server spend more than a client does. */
export interface Attack {
  readonly name: string;
  /** The input that is sent, for the table of results: at most twelve words. */
  readonly what: string;
  /** Attacks, and returns when it has stopped sending. What the server refuses is no error. */
  run(target: AttackTarget): Promise<void>;
}

/** A part of a count of the whole attack: at least one. */
export function scaled(count: number, { scale }: AttackTarget): number {
  return Math.max(1, Math.round(count * scale));
}

/** Repeats `work` until the attack's time is over, so many times beside each other. */
export async function repeatedly(
  { durationMs }: AttackTarget,
  besides: number,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const signal = AbortSignal.timeout(durationMs);
  const loop = async (): Promise<void> => {
    while (!signal.aborted) await work(signal).catch(ignoreUntil(signal));
  };
  await Promise.all(Array.from({ length: besides }, loop));
}

/** A request that the end of the attack cuts off has failed as it should; another one counts in the client's tally. */
function ignoreUntil(signal: AbortSignal): () => Promise<void> {
  // A refused connection must not turn into a loop that keeps the processor from the server.
  return () => new Promise((resolve) => setTimeout(resolve, signal.aborted ? 0 : 10));
}
