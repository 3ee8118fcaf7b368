// SPDX-License-Identifier: MIT
import { type Delivery, type Loader, SHARD_END, hasFailed, pause } from "@ledger-loader/core";
import type { ShardReader } from "./shard-reader";
import { toDeliveries, type RecordDecoder } from "./stream-record";

/** What a shard's worker works with. */
export interface ShardWorkerOptions {
  readonly reader: ShardReader;
  readonly loader: Loader;
  readonly decode: RecordDecoder;
  /** Notes how far the shard was read; `false`: somebody else reads it now. */
  readonly checkpoint: (sequenceNumber: string) => Promise<boolean>;
  /** Says whether everything that stands in the shard by now was taken, or cannot be taken at present. */
  readonly noteCaughtUp: (isCaughtUp: boolean) => void;
  /** Records that may wait for something before the worker stops reading on. */
  readonly waitingMax: number;
  /** From one read to the next, in milliseconds. */
  readonly pollMs: number;
}

/** A record with what of it is not done with. */
interface OpenRecord {
  readonly sequenceNumber: string;
  open: readonly Delivery[];
}

/**
 * Loads a shard's records as they come, and keeps those that failed to try them again, before what comes after them.
 *
 * What failed holds up nothing but the checkpoint: other records are read and applied meanwhile, and after a restart they
 * are recognized. So a revision may wait for one that comes later in this shard, or in another one.
 */
export class ShardWorker {
  readonly #options: ShardWorkerOptions;
  #records: OpenRecord[] = [];
  #done: string | undefined;

  constructor(options: ShardWorkerOptions) {
    this.#options = options;
  }

  /** Runs until the shard is done with, the lease is lost or `signal` is raised. */
  async run(signal: AbortSignal): Promise<void> {
    const { reader, waitingMax, pollMs, noteCaughtUp } = this.#options;
    while (!signal.aborted) {
      const startedAt = performance.now();
      if (this.#records.length < waitingMax) await this.#read(signal);
      if (!(await this.#load(signal)) || !(await this.#note())) return;
      noteCaughtUp(reader.isAtTip || this.#records.length >= waitingMax);
      if (reader.isAtEnd && this.#records.length === 0) {
        await this.#options.checkpoint(SHARD_END);
        return;
      }
      const leftMs = pollMs - (performance.now() - startedAt);
      if (leftMs > 0) await pause(leftMs, signal);
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { reader, decode } = this.#options;
    for (const record of await reader.read(signal)) {
      this.#records.push({ sequenceNumber: record.sequenceNumber, open: toDeliveries(record, decode) });
    }
  }

  /** Returns whether it was done, and not given up because of `signal`. */
  async #load(signal: AbortSignal): Promise<boolean> {
    const deliveries = this.#records.flatMap(({ open }) => open);
    if (deliveries.length === 0) return true;
    const failed = new Set<Delivery>();
    try {
      // Every delivery is acknowledged by itself, so a failure hands back nothing else. Order is kept per record.
      const report = await this.#options.loader.load(deliveries, { onFailure: "continue", signal });
      for (const [i, delivery] of deliveries.entries()) {
        const each = report.deliveries[i];
        if (each === undefined || hasFailed(each)) failed.add(delivery);
      }
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
    for (const record of this.#records) record.open = record.open.filter((delivery) => failed.has(delivery));
    return true;
  }

  /** Moves the checkpoint up to the first record that is not done with; `false`: the lease is lost. */
  async #note(): Promise<boolean> {
    const firstOpen = this.#records.findIndex(({ open }) => open.length > 0);
    const done = this.#records.splice(0, firstOpen === -1 ? this.#records.length : firstOpen);
    const last = done.at(-1)?.sequenceNumber;
    if (last === undefined || last === this.#done) return true;
    this.#done = last;
    return this.#options.checkpoint(last);
  }
}
