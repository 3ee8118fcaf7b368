// SPDX-License-Identifier: MIT
import { type Loader, OpenRecords, SHARD_END, pause } from "@ledger-loader/core";
import type { ShardReader } from "./shard-reader";
import { toDeliveries, type RecordDecoder } from "./stream-record";

/** The parts of a shard's worker. */
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

/**
 * Loads a shard's records as they come, and keeps those that failed to try them again, before what comes after them.
 *
 * What failed holds up nothing but the checkpoint: other records are read and applied meanwhile, and after a restart they
 * are recognized. So a revision may wait for one that comes later in this shard, or in another one.
 */
export class ShardWorker {
  readonly #options: ShardWorkerOptions;
  readonly #records = new OpenRecords();

  constructor(options: ShardWorkerOptions) {
    this.#options = options;
  }

  /** Runs until the shard is done with, the lease is lost or `signal` is raised. */
  async run(signal: AbortSignal): Promise<void> {
    const { reader, waitingMax, pollMs, noteCaughtUp } = this.#options;
    while (!signal.aborted) {
      const startedAt = performance.now();
      if (this.#records.count < waitingMax) await this.#read(signal);
      if (!(await this.#load(signal)) || !(await this.#note())) return;
      noteCaughtUp(reader.isAtTip || this.#records.count >= waitingMax);
      if (reader.isAtEnd && this.#records.count === 0) {
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
      this.#records.add(record.sequenceNumber, toDeliveries(record, decode));
    }
  }

  /** Returns whether it was done, and not given up because of `signal`. */
  async #load(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#records.load(this.#options.loader, signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }

  /** Moves the checkpoint up to the first record that is not done with; `false`: the lease is lost. */
  async #note(): Promise<boolean> {
    const last = this.#records.takeDone();
    return last === undefined || this.#options.checkpoint(last);
  }
}
