// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom, type Random } from "../ledger/random";

/** How a function is invoked; the defaults are those of Lambda, but for its pauses of one and two minutes. */
export interface AsyncFunctionOptions {
  readonly handler: (event: never) => Promise<unknown>;
  /** Invocations of one event before it is a dead letter. @defaultValue `3` */
  readonly attemptsMax?: number;
  /** Pause before an event is tried again. @defaultValue `0` */
  readonly retryDelayMs?: number;
  /** Invocations under way at once. @defaultValue `5` */
  readonly concurrency?: number;
  /** How often an event that was handled is handed out again, as Lambda warns that it may be. @defaultValue `0` */
  readonly duplicateRate?: number;
  /** With a seed, events are taken from the queue in any order; without, in that of their arrival. */
  readonly seed?: number;
}

interface Waiting {
  readonly payload: string;
  attempts: number;
}

/**
 * A function that is invoked asynchronously, as EventBridge and SNS invoke Lambda: events wait in a queue, one that the
 * function throws on is tried again, and after the last attempt it is a dead letter.
 *
 * A simulation of ours of [asynchronous invocation](https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html);
 * it loses no event when the function cannot keep up, which Lambda may.
 */
export class AsyncFunction {
  readonly #options: Required<Omit<AsyncFunctionOptions, "seed">>;
  readonly #random: Random | undefined;
  readonly #queue: Waiting[] = [];
  readonly #deadLetters: string[] = [];
  readonly #workers = new Set<Promise<void>>();
  #paused = true;

  constructor({ seed, ...options }: AsyncFunctionOptions) {
    this.#options = { attemptsMax: 3, retryDelayMs: 0, concurrency: 5, duplicateRate: 0, ...options };
    this.#random = seed === undefined ? undefined : seededRandom(seed);
  }

  /** Queues an event; like Lambda it says nothing about what becomes of it. */
  invoke(event: unknown): void {
    this.#queue.push({ payload: JSON.stringify(event), attempts: 0 });
    this.#work();
  }

  /** Invokes the function until nothing waits any more. Before the first call events only queue up. */
  async drain(): Promise<void> {
    this.#paused = false;
    this.#work();
    while (this.#workers.size > 0) await Promise.all(this.#workers);
    this.#paused = true;
  }

  /** Takes the events that the function failed on each time, in the order in which they were given up. */
  takeDeadLetters(): readonly unknown[] {
    return this.#deadLetters.splice(0).map((payload) => JSON.parse(payload) as unknown);
  }

  #work(): void {
    while (!this.#paused && this.#workers.size < this.#options.concurrency && this.#queue.length > 0) {
      const worker = this.#deliver(this.#take()).finally(() => {
        this.#workers.delete(worker);
        this.#work();
      });
      this.#workers.add(worker);
    }
  }

  #take(): Waiting {
    const [taken] = this.#queue.splice(this.#random?.below(this.#queue.length) ?? 0, 1) as [Waiting];
    return taken;
  }

  async #deliver(waiting: Waiting): Promise<void> {
    const { handler, attemptsMax, retryDelayMs, duplicateRate } = this.#options;
    waiting.attempts += 1;
    try {
      // The runtime parses the payload for each invocation.
      await handler(JSON.parse(waiting.payload) as never);
      if (waiting.attempts < attemptsMax && this.#random?.chance(duplicateRate) === true)
        this.#queue.push(waiting);
    } catch {
      // Lambda does not look at the error either.
      if (waiting.attempts >= attemptsMax) this.#deadLetters.push(waiting.payload);
      else {
        if (retryDelayMs > 0) await sleep(retryDelayMs);
        this.#queue.push(waiting);
      }
    }
  }
}
