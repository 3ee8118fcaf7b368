// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "../event/event";
import type { SendRefusal } from "./batch-sender";
import { EventsRefusedError, type RefusedEvent } from "./events-refused-error";
import type { PublishReport } from "./publisher";

/**
 * A publisher's account of one call of `publish`: what the channel accepted, what it refused for good, and what was held back
 * behind that.
 *
 * Of what it was given, a publisher MUST account for every event in exactly one of these ways.
 */
export class Publication {
  readonly #onProgress: ((published: number) => void) | undefined;
  readonly #refused: RefusedEvent[] = [];
  readonly #heldBack: RevisionEvent[] = [];
  readonly #closedKeys = new Set<string>();
  #published = 0;

  /** @param onProgress what `publish` was given */
  constructor(onProgress?: (published: number) => void) {
    this.#onProgress = onProgress;
  }

  /** Counts events that the channel accepted. */
  accept(count: number): void {
    this.#published += count;
  }

  /** Says how many were accepted so far. */
  tellProgress(): void {
    this.#onProgress?.(this.#published);
  }

  /** Notes an event that the channel will never take, and closes its ordering key, if it has one. */
  refuse(event: RevisionEvent, refusal: SendRefusal, key?: string): void {
    this.#refused.push({ event, ...refusal });
    if (key !== undefined) this.#closedKeys.add(key);
  }

  /** True if an event with this key was refused: those after it MUST be held back, because they must not arrive before it. */
  isClosed(key: string | undefined): boolean {
    return key !== undefined && this.#closedKeys.has(key);
  }

  /** Notes events that are not sent, because an earlier one with their key was refused. */
  holdBack(...events: readonly RevisionEvent[]): void {
    this.#heldBack.push(...events);
  }

  /**
   * Ends the account.
   *
   * @param retries requests that were repeated, in whole or in part
   * @throws EventsRefusedError if the channel refused an event for good.
   */
  end(retries: number): PublishReport {
    if (this.#refused.length > 0) {
      throw new EventsRefusedError(this.#refused, this.#heldBack, this.#published);
    }
    return { published: this.#published, retries };
  }
}
