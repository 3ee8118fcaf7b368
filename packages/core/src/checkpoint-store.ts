// SPDX-License-Identifier: MIT

/** Where a reader of a stream keeps how far it has come, shard by shard. */
export interface CheckpointStore {
  /** Reads the checkpoints of all shards, by shard. */
  read(): Promise<ReadonlyMap<string, string>>;
  /** Keeps a shard's checkpoint: durable when it resolves. MUST be called after the ledger's commit only. */
  write(shard: string, checkpoint: string): Promise<void>;
  /** Forgets a shard that the stream no longer has. */
  remove(shard: string): Promise<void>;
}
