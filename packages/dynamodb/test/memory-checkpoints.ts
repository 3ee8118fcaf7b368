// SPDX-License-Identifier: MIT
import { type CheckpointStore, type ShardLease, isSameLease } from "@ledger-loader/core";

/** Leases and checkpoints that outlive a consumer, not the test. */
export class MemoryCheckpoints implements CheckpointStore {
  readonly #leases = new Map<string, ShardLease>();

  /** The checkpoints, by shard. */
  get shards(): ReadonlyMap<string, string> {
    const leases = [...this.#leases.values()];
    return new Map(leases.flatMap((lease) => (lease.checkpoint ? [[lease.shardId, lease.checkpoint]] : [])));
  }

  read(): Promise<readonly ShardLease[]> {
    return Promise.resolve([...this.#leases.values()]);
  }

  replace(previous: ShardLease | undefined, next: ShardLease): Promise<boolean> {
    if (!isSameLease(this.#leases.get(next.shardId), previous)) return Promise.resolve(false);
    this.#leases.set(next.shardId, next);
    return Promise.resolve(true);
  }

  remove(lease: ShardLease): Promise<void> {
    if (isSameLease(this.#leases.get(lease.shardId), lease)) this.#leases.delete(lease.shardId);
    return Promise.resolve();
  }

  /** As if a consumer had read so far, and had given the lease back. */
  write(shardId: string, checkpoint: string): Promise<boolean> {
    return this.replace(undefined, { shardId, checkpoint, counter: 1 });
  }
}
