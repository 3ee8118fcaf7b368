// SPDX-License-Identifier: MIT
import type { SourceMessage } from "./channel-source";
import type { Invoke, SimulatedChannel, World } from "./simulated-channel";

/** How a function is invoked asynchronously, as SNS and EventBridge do. */
export interface AsyncInvocationsOptions<Event> {
  /** The event that holds a message; `id` is the same for all attempts. */
  readonly toEvent: (message: SourceMessage, id: string, sentAtMs: number) => Event;
  /** Attempts after the first. Default: 2, as Lambda's. */
  readonly retries?: number;
}

const RETRIES = 2;
/** Lambda waits one minute before the first retry and two before the next. */
const RETRY_DELAY_MS = 60_000;
const DELAY_MAX_MS = 5_000;
const DUPLICATE_RATE = 0.1;
/** How often an event gets too old in the queue, because the function cannot keep up. */
const AGED_OUT_RATE = 0.02;

/**
 * Asynchronous invocations: one message each, in no order, some twice without any error; two retries after one and two
 * minutes, then the dead-letter queue, where also goes what got too old before its turn.
 */
export class AsyncInvocations<Event> implements SimulatedChannel {
  readonly keepsOrder = false;
  readonly dropped: string[] = [];
  readonly #world: World;
  readonly #invoke: Invoke<Event, unknown>;
  readonly #options: AsyncInvocationsOptions<Event>;
  #underWay = 0;
  #sent = 0;

  constructor(world: World, invoke: Invoke<Event, unknown>, options: AsyncInvocationsOptions<Event>) {
    this.#world = world;
    this.#invoke = invoke;
    this.#options = options;
  }

  publish(message: SourceMessage): void {
    const { time, random } = this.#world;
    const event = this.#options.toEvent(message, `message-${++this.#sent}`, time.nowMs);
    this.#start(message, event);
    if (random.chance(DUPLICATE_RATE)) this.#start(message, event);
  }

  async run(isPublishing: () => boolean): Promise<void> {
    while (isPublishing() || this.#underWay > 0) await this.#world.time.sleep(1_000);
  }

  #start(message: SourceMessage, event: Event): void {
    this.#underWay++;
    void this.#deliver(message, event).finally(() => {
      this.#underWay--;
    });
  }

  async #deliver({ body }: SourceMessage, event: Event): Promise<void> {
    const { time, random } = this.#world;
    const { retries = RETRIES } = this.#options;
    await time.sleep(random.below(DELAY_MAX_MS));
    for (let attempt = 0; attempt <= retries && !random.chance(AGED_OUT_RATE); attempt++) {
      if (await this.#succeeds(event)) return;
      await time.sleep(RETRY_DELAY_MS * (attempt + 1) + random.below(DELAY_MAX_MS));
    }
    this.dropped.push(body);
  }

  async #succeeds(event: Event): Promise<boolean> {
    try {
      await this.#invoke(event);
      return true;
    } catch {
      // Lambda counts any error as a failed attempt.
      return false;
    }
  }
}
