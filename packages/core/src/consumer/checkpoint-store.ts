// SPDX-License-Identifier: MIT

/** The checkpoint of a shard of which every record was applied or parked, and that will get no more. */
export const SHARD_END = "SHARD_END";

/** Who reads a shard of a stream, and how far it was read. */
export interface ShardLease {
  readonly shardId: string;
  /** The consumer that holds the lease; absent: nobody does. */
  readonly owner?: string | undefined;
  /** Goes up with every change: a lease of which it stands still belongs to a consumer that is gone. */
  readonly counter: number;
  /** The last record that need not be read again, by its sequence number, or {@link SHARD_END}. Absent: none yet. */
  readonly checkpoint?: string | undefined;
}

/**
 * Keeps the leases of the consumers of one stream, and how far they have read, across restarts.
 *
 * Every change names what it replaces, so whoever lost a lease can change it no more. A method that fails for a reason that
 * passes MUST throw a `LedgerLoaderError` that is `retryable`: the consumer goes on, and tries again.
 */
export interface CheckpointStore {
  /** All leases there are. */
  read(): Promise<readonly ShardLease[]>;
  /**
   * Puts `next` in the place of `previous`, if that is still what is stored: same owner, same counter; `undefined`: none.
   *
   * MUST be atomic for everybody who uses the store, and durable when it resolves to `true`. A checkpoint MUST be
   * handed in after the ledger's commit only.
   *
   * @returns whether it was done.
   */
  replace(previous: ShardLease | undefined, next: ShardLease): Promise<boolean>;
  /** Forgets a shard that the stream no longer has, if `lease` is still what is stored. */
  remove(lease: ShardLease): Promise<void>;
}

/** True if two leases are the same one at the same moment. */
export function isSameLease(a: ShardLease | undefined, b: ShardLease | undefined): boolean {
  return a?.owner === b?.owner && a?.counter === b?.counter;
}
