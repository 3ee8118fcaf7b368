// SPDX-License-Identifier: MIT

/** A request to which nothing came, or nothing more, in time. */
export class AnswerOverdue extends Error {
  override readonly name = "TimeoutError";
}

/**
 * Runs a request that ends when nothing arrives for `limitMs`, also in the middle of an answer. A slow answer is no overdue one.
 *
 * @param request - MUST pass `signal` to the client, and call `onArrival` whenever something arrives
 * @throws AnswerOverdue
 */
export async function withAnswerLimit<T>(
  limitMs: number,
  request: (signal: AbortSignal, onArrival: () => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AnswerOverdue(`no answer for ${Number((limitMs / 1000).toPrecision(2))} s`));
      controller.abort();
    }, limitMs);
  });
  try {
    // Not every body of the SDK ends with an error when its request is aborted.
    return await Promise.race([request(controller.signal, () => timer?.refresh()), overdue]);
  } finally {
    clearTimeout(timer);
  }
}
