// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";

/** The answer of a function at the end of a shard. */
export interface ShardAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** How Lambda reads a shard. */
export interface ShardEventSourceOptions<Item> {
  readonly invoke: (batch: readonly Item[]) => Promise<ShardAnswer>;
  /** The record's sequence number, by which the function names it. */
  readonly idOf: (record: Item) => string;
  readonly batchSizeMax: number;
  /** Deliveries of a record at the head of a batch before it is set aside. Default: it comes again without end. */
  readonly deliveriesMax?: number;
  /** @defaultValue `0` */
  readonly retryDelayMs?: number;
}

/** More than any test needs that ends. */
const DELIVERIES_MAX = 500;

/**
 * A shard with Lambda's event source mapping at its end, as documented for `ReportBatchItemFailures` with
 * `MaximumRetryAttempts` and `BisectBatchOnFunctionError`: the next batch begins at the record that the function named, or
 * with the same one where it threw; a record that failed too often is set aside alone.
 */
export class ShardEventSource<Item> {
  readonly #options: ShardEventSourceOptions<Item>;
  readonly #records: Item[] = [];
  readonly #deliveries = new Map<Item, number>();
  #next = 0;
  #error: unknown;
  /** The items that were set aside. */
  readonly parked: Item[] = [];
  invocations = 0;

  constructor(options: ShardEventSourceOptions<Item>) {
    this.#options = options;
  }

  append(...records: readonly Item[]): void {
    this.#records.push(...records);
  }

  /** Delivers until every record was acknowledged or set aside. */
  async drain(): Promise<void> {
    const { batchSizeMax, retryDelayMs = 0 } = this.#options;
    while (this.#next < this.#records.length) {
      const batch = this.#records.slice(this.#next, this.#next + batchSizeMax);
      const done = await this.#deliver(batch);
      this.#next += done;
      const head = batch[done];
      if (head !== undefined && !this.#setsAside(head)) await sleep(retryDelayMs);
    }
  }

  #setsAside(head: Item): boolean {
    const { idOf, deliveriesMax } = this.#options;
    const deliveries = (this.#deliveries.get(head) ?? 0) + 1;
    this.#deliveries.set(head, deliveries);
    if (deliveries >= (deliveriesMax ?? DELIVERIES_MAX)) {
      if (deliveriesMax === undefined) {
        throw new Error(`the shard is stuck at record ${idOf(head)}`, { cause: this.#error });
      }
      this.parked.push(head);
      this.#next++;
      return true;
    }
    return false;
  }

  /** Returns how many records of the batch are done with. */
  async #deliver(batch: readonly Item[]): Promise<number> {
    this.invocations++;
    try {
      const { batchItemFailures } = await this.#options.invoke(batch);
      const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      const places = failed.map((id) => batch.findIndex((record) => this.#options.idOf(record) === id));
      // A number that is not in the batch fails all of it.
      return Math.max(0, Math.min(batch.length, ...places));
    } catch (error) {
      // Lambda delivers a batch again when the function throws, whatever it throws.
      this.#error = error;
      return 0;
    }
  }
}
