// SPDX-License-Identifier: MIT
import type { Shard } from "@aws-sdk/client-kinesis";
import { isSameLease, SHARD_END, type CheckpointStore, type ShardLease } from "./checkpoint-store";

/** A lease as it was last seen, and since when it has not changed. */
interface Sighting {
  readonly lease: ShardLease;
  readonly sinceMs: number;
}

/**
 * Takes and keeps the leases of one consumer, and shares the shards with the others that use the same store.
 *
 * A shard is read only when its parents were read to their end, so that no record overtakes an earlier one across a
 * reshard. Whether another consumer is alive is told by its lease's counter and this machine's own clock, never by
 * comparing clocks.
 */
export class LeaseKeeper {
  readonly #store: CheckpointStore;
  readonly #owner: string;
  readonly #leaseMs: number;
  readonly #held = new Map<string, ShardLease>();
  #seen = new Map<string, Sighting>();
  /** Changes of leases one after the other: each builds upon the counter of the one before. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: CheckpointStore, owner: string, leaseMs: number) {
    this.#store = store;
    this.#owner = owner;
    this.#leaseMs = leaseMs;
  }

  /** Looks at all leases, renews the own ones and takes those that are this consumer's share; returns what it holds. */
  async sync(shards: readonly Shard[]): Promise<readonly ShardLease[]> {
    const leases = new Map((await this.#store.read()).map((lease) => [lease.shardId, lease]));
    this.#see(leases);
    for (const shardId of [...this.#held.keys()]) await this.#change(shardId, (lease) => lease);
    const readable = shards.flatMap((shard) => readableId(shard, shards, leases));
    const wanted = this.#shareOf(readable, leases);
    for (const shardId of wanted) await this.#take(shardId, leases.get(shardId));
    return [...this.#held.values()];
  }

  /** Notes how far a shard was read; `false`: the lease is another consumer's now. */
  checkpoint(shardId: string, checkpoint: string): Promise<boolean> {
    return this.#change(shardId, (lease) => ({ ...lease, checkpoint }));
  }

  /** Gives a lease back. */
  async release(shardId: string): Promise<void> {
    await this.#change(shardId, ({ owner: _released, ...lease }) => lease);
    this.#held.delete(shardId);
  }

  holds(shardId: string): boolean {
    return this.#held.has(shardId);
  }

  #see(leases: ReadonlyMap<string, ShardLease>): void {
    const now = performance.now();
    this.#seen = new Map(
      [...leases.values()].map((lease) => {
        const before = this.#seen.get(lease.shardId);
        return [lease.shardId, before && isSameLease(before.lease, lease) ? before : { lease, sinceMs: now }];
      }),
    );
  }

  #isAlive(lease: ShardLease | undefined): boolean {
    if (lease?.owner === undefined) return false;
    const sinceMs = this.#seen.get(lease.shardId)?.sinceMs ?? 0;
    return performance.now() - sinceMs < this.#leaseMs;
  }

  /** The shards to take: free ones up to an equal share; where there are none, one of whoever has too many. */
  #shareOf(readable: readonly string[], leases: ReadonlyMap<string, ShardLease>): readonly string[] {
    const owned = new Map<string, string[]>([[this.#owner, []]]);
    const free: string[] = [];
    for (const shardId of readable) {
      const lease = leases.get(shardId);
      if (this.#held.has(shardId)) owned.get(this.#owner)?.push(shardId);
      else if (lease?.owner === undefined || !this.#isAlive(lease)) free.push(shardId);
      else owned.set(lease.owner, [...(owned.get(lease.owner) ?? []), shardId]);
    }
    const share = Math.ceil(readable.length / owned.size);
    const missing = share - (owned.get(this.#owner)?.length ?? 0);
    if (missing <= 0) return [];
    if (free.length > 0) return free.slice(0, missing);
    const most = [...owned.values()].reduce((a, b) => (b.length > a.length ? b : a));
    return most.length > share ? most.slice(-1) : [];
  }

  async #take(shardId: string, found: ShardLease | undefined): Promise<void> {
    const next = { ...(found ?? { shardId }), owner: this.#owner, counter: (found?.counter ?? 0) + 1 };
    if (await this.#store.replace(found, next)) this.#held.set(shardId, next);
  }

  #change(shardId: string, change: (lease: ShardLease) => ShardLease): Promise<boolean> {
    const result = this.#last.then(async () => {
      const held = this.#held.get(shardId);
      if (held === undefined) return false;
      const next = { ...change(held), counter: held.counter + 1 };
      const isDone = await this.#store.replace(held, next);
      if (isDone) this.#held.set(shardId, next);
      else this.#held.delete(shardId);
      return isDone;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** The shard's id, if there is something left to read and its parents are done with. */
function readableId(
  { ShardId: shardId = "", ParentShardId, AdjacentParentShardId }: Shard,
  shards: readonly Shard[],
  leases: ReadonlyMap<string, ShardLease>,
): readonly string[] {
  if (leases.get(shardId)?.checkpoint === SHARD_END) return [];
  const isPending = (parent: string | undefined): boolean =>
    // A parent that the stream does not list any more has expired, with all of its records.
    shards.some((shard) => shard.ShardId === parent) && leases.get(parent ?? "")?.checkpoint !== SHARD_END;
  return isPending(ParentShardId) || isPending(AdjacentParentShardId) ? [] : [shardId];
}
