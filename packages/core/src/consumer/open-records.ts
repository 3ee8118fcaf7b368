// SPDX-License-Identifier: MIT
import type { Delivery } from "../event/delivery";
import { hasFailed } from "../loader/hold-back";
import type { Loader } from "../loader/loader";

/** A record with those of its deliveries that are not done with. */
interface OpenRecord {
  readonly sequenceNumber: string;
  open: readonly Delivery[];
}

/**
 * The records of a shard that were read and not noted yet, in their order: what failed is kept and tried again, and the
 * checkpoint stays before it.
 */
export class OpenRecords {
  #records: OpenRecord[] = [];

  /** Records that are kept; right after {@link takeDone}, the first of them has failed. */
  get count(): number {
    return this.#records.length;
  }

  /** Takes a record in, behind those that are there. One without deliveries is done with. */
  add(sequenceNumber: string, deliveries: readonly Delivery[]): void {
    this.#records.push({ sequenceNumber, open: deliveries });
  }

  /**
   * Loads everything that is not done with, and keeps what failed.
   *
   * @throws what the loader throws; then all is kept.
   */
  async load(loader: Loader, signal: AbortSignal): Promise<void> {
    const deliveries = this.#records.flatMap(({ open }) => open);
    if (deliveries.length === 0) return;
    // Every delivery is acknowledged by itself, so a failure hands back nothing else. Order is kept per record.
    const report = await loader.load(deliveries, { onFailure: "continue", signal });
    const failed = new Set(
      deliveries.filter((_, i) => {
        const each = report.deliveries[i];
        return each === undefined || hasFailed(each);
      }),
    );
    for (const record of this.#records) record.open = record.open.filter((delivery) => failed.has(delivery));
  }

  /** Forgets the records before the first one that failed; returns the last of them, to be noted, if there are any. */
  takeDone(): string | undefined {
    const firstOpen = this.#records.findIndex(({ open }) => open.length > 0);
    const done = this.#records.splice(0, firstOpen === -1 ? this.#records.length : firstOpen);
    return done.at(-1)?.sequenceNumber;
  }
}
