// SPDX-License-Identifier: MIT
import { parkFailures, type DeadLetter, type Loader } from "@ledger-loader/core";
import type { ChannelMessage } from "@ledger-loader/testkit";

/** Parks what a loader cannot apply, at once, in memory; knows again which group a message was sent in. */
export class Parking {
  readonly #groups = new Map<string, string>();
  #letters: DeadLetter[] = [];

  sent({ body, group }: ChannelMessage): void {
    this.#groups.set(body, group);
  }

  around(loader: Loader): Loader {
    const park = (letters: readonly DeadLetter[]) => {
      this.#letters.push(...letters);
      return Promise.resolve();
    };
    return parkFailures(loader, { sink: { park }, channel: "msk", waitMs: 0 });
  }

  take(): readonly ChannelMessage[] {
    const taken = this.#letters;
    this.#letters = [];
    return taken.map((letter) => {
      const body = Buffer.from(letter.body as Uint8Array).toString();
      return { body, group: this.#groups.get(body) ?? "" };
    });
  }
}
