// SPDX-License-Identifier: MIT
import { type DeadLetter, type Loader, parkFailures } from "@ledger-loader/core";
import type { ChannelMessage } from "@ledger-loader/testkit";

/** Parks in memory what a loader cannot apply; knows again which message it was. */
export class Parking {
  readonly #sent = new Map<string, ChannelMessage>();
  readonly #waitMs: number;
  #letters: DeadLetter[] = [];

  /** @param waitMs how long what a retry can help is tried */
  constructor(waitMs = 0) {
    this.#waitMs = waitMs;
  }

  sent(message: ChannelMessage): void {
    this.#sent.set(message.body, message);
  }

  around(loader: Loader): Loader {
    const park = (letters: readonly DeadLetter[]) => {
      this.#letters.push(...letters);
      return Promise.resolve();
    };
    return parkFailures(loader, { sink: { park }, channel: "msk", waitMs: this.#waitMs });
  }

  take(): readonly ChannelMessage[] {
    const taken = this.#letters;
    this.#letters = [];
    return taken.map((letter) => {
      const body = Buffer.from(letter.body as Uint8Array).toString();
      return this.#sent.get(body) ?? { body, group: "" };
    });
  }
}
