// SPDX-License-Identifier: MIT

/** The checkpoint of a shard of which every record was applied or parked, and that will get no more. */
export const SHARD_END = "SHARD_END";

/** Who reads a shard, and how far it was read. */
export interface ShardLease {
  readonly shardId: string;
  /** The consumer that holds the lease; absent: nobody does. */
  readonly owner?: string;
  /** Goes up with every change: a lease of which it stands still belongs to a consumer that is gone. */
  readonly counter: number;
  /** The last record that need not be read again, by its sequence number, or {@link SHARD_END}. Absent: none yet. */
  readonly checkpoint?: string;
}

/** Keeps the leases of one application on one stream, across restarts. */
export interface CheckpointStore {
  /** All leases there are. */
  read(): Promise<readonly ShardLease[]>;
  /**
   * Puts `next` in the place of `previous`, if that is still what is stored: same owner, same counter; `undefined`: none.
   *
   * MUST be atomic for everybody who uses the store, and durable when it resolves to `true`.
   *
   * @returns whether it was done.
   */
  replace(previous: ShardLease | undefined, next: ShardLease): Promise<boolean>;
}

/** Whether two leases are the same one at the same moment. */
export function isSameLease(a: ShardLease | undefined, b: ShardLease | undefined): boolean {
  return a?.owner === b?.owner && a?.counter === b?.counter;
}
