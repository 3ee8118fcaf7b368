// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";

/** How often a request is tried. */
export const TRIES = 5;
const DELAY_MS = 50;
const DELAY_MAX_MS = 10_000;

/**
 * Runs `work` until it succeeds, up to 5 times, with growing pauses that vary. An error by which the service refuses the request
 * is thrown immediately. The client's own tries end when the body of an answer begins: what breaks off later is tried here.
 */
export async function withTries<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (tried === TRIES || isRefusal(error)) throw error;
      await sleep(Math.min(DELAY_MAX_MS, DELAY_MS * 2 ** tried) * (0.5 + Math.random() / 2));
    }
  }
}

/** True for an answer of the service that another try does not change: no such key, access denied. */
export function isRefusal(error: unknown): boolean {
  const { $metadata: { httpStatusCode = 0 } = {}, name } = error as {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly name?: string;
  };
  const isThrottled = httpStatusCode === 429 || httpStatusCode === 408 || name === "RequestTimeout";
  return (
    (httpStatusCode >= 400 && httpStatusCode < 500 && !isThrottled) || name === "CredentialsProviderError"
  );
}
