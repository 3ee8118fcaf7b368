// SPDX-License-Identifier: MIT
import type { CheckpointStore } from "@ledger-loader/core";

/** Checkpoints that outlive a consumer, not the test. */
export class MemoryCheckpoints implements CheckpointStore {
  readonly shards = new Map<string, string>();

  read(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map(this.shards));
  }

  write(shard: string, checkpoint: string): Promise<void> {
    this.shards.set(shard, checkpoint);
    return Promise.resolve();
  }

  remove(shard: string): Promise<void> {
    this.shards.delete(shard);
    return Promise.resolve();
  }
}
