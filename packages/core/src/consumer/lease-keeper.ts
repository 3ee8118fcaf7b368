// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { ShardStatus } from "./consumer";
import { isSameLease, SHARD_END, type CheckpointStore, type ShardLease } from "./checkpoint-store";

/** A shard of a stream, as far as order goes. */
export interface StreamShard {
  readonly shardId: string;
  /** The shards that must be read to their end first. */
  readonly parentIds: readonly string[];
}

/** A lease as it was last seen. */
interface Sighting {
  readonly lease: ShardLease;
  /** Since when it has not changed. */
  readonly sinceMs: number;
  /** True if it was seen to change: its owner lived then. */
  readonly hasChanged: boolean;
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
  #isSettled = false;
  #hasEnded = false;
  /** Changes of leases one after the other: each builds upon the counter of the one before. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: CheckpointStore, owner: string, leaseMs: number) {
    this.#store = store;
    this.#owner = owner;
    this.#leaseMs = leaseMs;
  }

  /**
   * True if every shard that can be read is this consumer's or that of another one that was seen to live. What a consumer left
   * behind that was killed cannot be told from what a living one holds until then.
   */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** True if every shard was read to its end, by whomever. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Looks at all leases, renews the own ones and takes those that are this consumer's share; returns what it holds. */
  async sync(shards: readonly StreamShard[]): Promise<readonly ShardLease[]> {
    const leases = new Map((await this.#store.read()).map((lease) => [lease.shardId, lease]));
    this.#see(leases);
    for (const shardId of [...this.#held.keys()]) await this.#change(shardId, (lease) => lease);
    await this.#forgetEnded(shards, leases);
    const readable = shards
      .filter((shard) => isReadable(shard, shards, leases))
      .map(({ shardId }) => shardId);
    for (const shardId of this.#shareOf(readable, leases)) await this.#take(shardId, leases.get(shardId));
    this.#isSettled = readable.every((shardId) => this.#held.has(shardId) || this.#isKnownAlive(shardId));
    this.#hasEnded = shards.every(({ shardId }) => leases.get(shardId)?.checkpoint === SHARD_END);
    return [...this.#held.values()];
  }

  /**
   * Notes how far a shard was read; `false`: the lease is another consumer's now, and nothing was noted.
   *
   * What cannot be noted for a reason that passes is noted when the lease is renewed.
   */
  checkpoint(shardId: string, checkpoint: string): Promise<boolean> {
    return this.#change(shardId, (lease) => ({ ...lease, checkpoint }));
  }

  /** Gives a lease back. */
  async release(shardId: string): Promise<void> {
    await this.#change(shardId, ({ owner: _released, ...lease }) => lease);
    this.#held.delete(shardId);
  }

  /** The known state of a shard's lease: of one's own the present, of others' what was seen at the last look. */
  statusOf(shardId: string): ShardStatus {
    const held = this.#held.get(shardId);
    const lease = held ?? this.#seen.get(shardId)?.lease;
    const hasEnded = lease?.checkpoint === SHARD_END;
    return {
      shardId,
      reader: held !== undefined ? "this" : !hasEnded && this.#isAlive(lease) ? "another" : "none",
      position: hasEnded ? undefined : lease?.checkpoint,
      hasEnded,
    };
  }

  holds(shardId: string): boolean {
    return this.#held.has(shardId);
  }

  #see(leases: ReadonlyMap<string, ShardLease>): void {
    const now = performance.now();
    this.#seen = new Map(
      [...leases.values()].map((lease) => {
        const before = this.#seen.get(lease.shardId);
        if (before !== undefined && isSameLease(before.lease, lease)) return [lease.shardId, before];
        const hasChanged = before !== undefined && before.lease.owner === lease.owner;
        return [lease.shardId, { lease, sinceMs: now, hasChanged }];
      }),
    );
  }

  #isAlive(lease: ShardLease | undefined): boolean {
    if (lease?.owner === undefined) return false;
    const sinceMs = this.#seen.get(lease.shardId)?.sinceMs ?? 0;
    return performance.now() - sinceMs < this.#leaseMs;
  }

  #isKnownAlive(shardId: string): boolean {
    const sighting = this.#seen.get(shardId);
    return sighting?.hasChanged === true && this.#isAlive(sighting.lease);
  }

  /** A stream forgets the shards that have ended, once their records have expired: so must the store. */
  async #forgetEnded(shards: readonly StreamShard[], leases: ReadonlyMap<string, ShardLease>): Promise<void> {
    const listed = new Set(shards.map(({ shardId }) => shardId));
    for (const lease of leases.values()) {
      if (lease.checkpoint === SHARD_END && !listed.has(lease.shardId)) await this.#store.remove(lease);
    }
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
      const changed = change(held);
      const next = { ...changed, counter: held.counter + 1 };
      try {
        const isDone = await this.#store.replace(held, next);
        if (isDone) this.#held.set(shardId, next);
        else this.#held.delete(shardId);
        return isDone;
      } catch (error) {
        if (!(error instanceof LedgerLoaderError && error.retryable)) throw error;
        // Whether it was done is not known. The next change has the same precondition: it tells, and brings the checkpoint.
        if (changed.owner !== undefined) this.#held.set(shardId, { ...changed, counter: held.counter });
        return true;
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** True if there is something left to read of a shard, and its parents are done with. */
function isReadable(
  { shardId, parentIds }: StreamShard,
  shards: readonly StreamShard[],
  leases: ReadonlyMap<string, ShardLease>,
): boolean {
  if (leases.get(shardId)?.checkpoint === SHARD_END) return false;
  // A parent that the stream does not list any more has expired, with all of its records.
  return !parentIds.some(
    (parent) =>
      shards.some((shard) => shard.shardId === parent) && leases.get(parent)?.checkpoint !== SHARD_END,
  );
}
