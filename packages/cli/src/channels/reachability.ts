// SPDX-License-Identifier: MIT
import { performance } from "node:perf_hooks";
import { networkFailure } from "../network-failure";

/** As much of a client of the AWS SDK as is needed to see what becomes of its requests. */
interface WatchedClient {
  readonly middlewareStack: {
    add(
      middleware: <A, R>(next: (args: A) => Promise<R>) => (args: A) => Promise<R>,
      options: { readonly step: "finalizeRequest"; readonly name: string },
    ): void;
  };
}

/**
 * Tells if a service answers at all. A consumer tries again where it does not: a command that waits for an empty channel must know that it
 * was looked at.
 */
export class Reachability {
  #failing: { readonly sinceMs: number; readonly error: Error } | undefined;
  #isAnswering = false;

  /** Sees every try of every request of a client. */
  watch(client: WatchedClient): void {
    client.middlewareStack.add(
      (next) => async (args) => {
        try {
          const answer = await next(args);
          this.#noteAnswer();
          return answer;
        } catch (error) {
          this.#note(error);
          throw error;
        }
      },
      // Later than the SDK's own retries, so that each of them is seen.
      { step: "finalizeRequest", name: "watchReachability" },
    );
  }

  /** True if the last try was answered. False before the first one has ended, too. */
  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  /** The error of the first failed try, if none was answered for so many milliseconds since. */
  failureOf(ms: number): Error | undefined {
    const failing = this.#failing;
    return failing !== undefined && performance.now() - failing.sinceMs >= ms ? failing.error : undefined;
  }

  #note(error: unknown): void {
    if (!(error instanceof Error)) return;
    if (networkFailure(error) !== undefined) {
      this.#failing ??= { sinceMs: performance.now(), error };
      this.#isAnswering = false;
    } else if ("$metadata" in error) {
      // A complaint of the service is an answer.
      this.#noteAnswer();
    }
  }

  #noteAnswer(): void {
    this.#failing = undefined;
    this.#isAnswering = true;
  }
}
