// SPDX-License-Identifier: MIT
import type { SourceMessage } from "./channel-source";
import { hashOf } from "./hash-of";
import type { Invoke, SimulatedChannel, World } from "./simulated-channel";

/** A record of a stream. */
export interface ShardRecord {
  readonly shardId: string;
  /** Rises within the stream. */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly message: SourceMessage;
  readonly arrivedAtMs: number;
}

/** A shard and what is in it. */
export interface StreamShard {
  readonly id: string;
  readonly parentIds: readonly string[];
  /** True if it was split or merged, and gets no more. */
  readonly isClosed: boolean;
  readonly records: readonly ShardRecord[];
}

/** The answer that Lambda takes from a function at the end of a stream. */
export interface ShardBatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** How a stream and its event source mapping are set. */
export interface ShardedStreamOptions<Event> {
  /** The event that holds a batch: records of one shard, in order. */
  readonly toEvent: (batch: readonly ShardRecord[]) => Event;
  /** Batches of one shard at a time; records of one partition key stay in order. Default: 1. */
  readonly parallelizationFactor?: number;
  /** Partition keys at random, as those of QLDB streams are hashes: a record's revisions lie on all shards. Default: `false`. */
  readonly scattersRecords?: boolean;
  /** How often, per message, a shard is split or two are merged. Default: 0.05. */
  readonly reshardRate?: number;
  /** True if neighbours are merged; else a shard that is not split ends, and one shard goes on. Default: `true`. */
  readonly mergesShards?: boolean;
}

/** Some of a shard's records, read batch by batch. */
interface Lane {
  readonly records: ShardRecord[];
  next: number;
}

interface Shard {
  readonly id: string;
  readonly parents: readonly Shard[];
  /** The hashes that it takes, from 0 up to, not including, 1. */
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly Lane[];
  isClosed: boolean;
  isRead: boolean;
}

const BATCH_MAX = 12;
const FIRST_SHARDS = 2;
const SHARDS_MAX = 4;
const RESHARD_RATE = 0.05;
/** How often a checkpoint is lost, so that a batch that was done with comes again. */
const CHECKPOINT_LOST_RATE = 0.03;
const RETRY_DELAY_MAX_MS = 400;

/**
 * A Kinesis stream, or one of DynamoDB's, behind Lambda's event source mapping with `ReportBatchItemFailures`.
 *
 * Each shard is read in order, batch by batch, and no shard before its parents are read to their end. The lowest
 * sequence number that the function names is where the next batch begins; after an error all of the batch comes
 * again, sometimes bisected. Retries never end.
 */
export class ShardedStream<Event> implements SimulatedChannel {
  readonly keepsOrder: boolean;
  /** Always empty: a stream gives nothing up. */
  readonly dropped: string[] = [];
  readonly #world: World;
  readonly #invoke: Invoke<Event, ShardBatchResponse>;
  readonly #options: ShardedStreamOptions<Event>;
  readonly #shards: Shard[] = [];
  #records = 0;

  constructor(world: World, invoke: Invoke<Event, ShardBatchResponse>, options: ShardedStreamOptions<Event>) {
    this.#world = world;
    this.#invoke = invoke;
    this.#options = options;
    this.keepsOrder = options.scattersRecords !== true;
    for (let i = 0; i < FIRST_SHARDS; i++) this.#open([], i / FIRST_SHARDS, (i + 1) / FIRST_SHARDS);
  }

  /** A stream that is read by its shards' records alone. */
  static withoutFunction(
    world: World,
    options: Omit<ShardedStreamOptions<never>, "toEvent" | "parallelizationFactor">,
  ): ShardedStream<never> {
    const refuse = (): never => {
      throw new Error("no function reads this stream");
    };
    return new ShardedStream<never>(world, refuse, { ...options, toEvent: refuse });
  }

  /** Its shards, those that were closed among them, as its API shows them. */
  get shards(): readonly StreamShard[] {
    return this.#shards.map(({ id, parents, isClosed, lanes }) => ({
      id,
      parentIds: parents.map((parent) => parent.id),
      isClosed,
      records: lanes.flatMap(({ records }) => records),
    }));
  }

  publish(message: SourceMessage): void {
    const { time, random } = this.#world;
    if (random.chance(this.#options.reshardRate ?? RESHARD_RATE)) this.#reshard();
    const partitionKey = this.#options.scattersRecords === true ? `${random.next()}` : message.key;
    const place = hashOf(partitionKey);
    const shard = this.#shards.find(({ isClosed, from, to }) => !isClosed && from <= place && place < to);
    if (shard === undefined) throw new Error("the open shards do not take every hash");
    const { lanes, id: shardId } = shard;
    const lane = lanes[Math.floor(hashOf(`lane ${partitionKey}`) * lanes.length)];
    const sequenceNumber = `4${String(++this.#records).padStart(19, "0")}`;
    lane?.records.push({ shardId, sequenceNumber, partitionKey, message, arrivedAtMs: time.nowMs });
  }

  async run(isPublishing: () => boolean): Promise<void> {
    const { time, random } = this.#world;
    const readers = new Map<Shard, Promise<unknown>>();
    const isAllRead = (): boolean =>
      this.#shards.every(({ lanes }) => lanes.every(({ records, next }) => next === records.length));
    // Where shards end only because nothing more comes, their readers end too.
    const isOver = (): boolean => !isPublishing() && isAllRead();
    while (!isOver()) {
      for (const shard of this.#shards) {
        const isReady = !shard.isRead && shard.parents.every(({ isRead }) => isRead);
        if (isReady && !readers.has(shard)) readers.set(shard, this.#read(shard, isOver));
      }
      await time.sleep(100 + random.below(200));
    }
    await Promise.all(readers.values());
  }

  /** Splits a shard, merges two neighbours or lets one shard follow another; what is in the old ones is read first. */
  #reshard(): void {
    const { random } = this.#world;
    const open = this.#shards.filter(({ isClosed }) => !isClosed).sort((a, b) => a.from - b.from);
    const at = random.below(open.length);
    const [shard, neighbour] = open.slice(at, at + 2);
    if (shard === undefined) return;
    if (open.length < SHARDS_MAX && random.chance(0.5)) {
      const middle = (shard.from + shard.to) / 2;
      shard.isClosed = true;
      this.#open([shard], shard.from, middle);
      this.#open([shard], middle, shard.to);
    } else if (this.#options.mergesShards === false) {
      shard.isClosed = true;
      this.#open([shard], shard.from, shard.to);
    } else if (neighbour !== undefined) {
      shard.isClosed = neighbour.isClosed = true;
      this.#open([shard, neighbour], shard.from, neighbour.to);
    }
  }

  #open(parents: readonly Shard[], from: number, to: number): void {
    const { parallelizationFactor = 1 } = this.#options;
    const lanes = Array.from({ length: parallelizationFactor }, (): Lane => ({ records: [], next: 0 }));
    const id = `shardId-${String(this.#shards.length).padStart(12, "0")}`;
    this.#shards.push({ id, parents, from, to, lanes, isClosed: false, isRead: false });
  }

  async #read(shard: Shard, isOver: () => boolean): Promise<void> {
    await Promise.all(shard.lanes.map((lane) => this.#readLane(shard, lane, isOver)));
    shard.isRead = shard.isClosed;
  }

  async #readLane(shard: Shard, lane: Lane, isOver: () => boolean): Promise<void> {
    const { time, random } = this.#world;
    for (let sizeMax = BATCH_MAX; !isOver();) {
      const batch = lane.records.slice(lane.next, lane.next + 1 + random.below(sizeMax));
      if (batch.length === 0) {
        if (shard.isClosed) return;
        await time.sleep(100 + random.below(200));
        continue;
      }
      const done = await this.#deliver(batch);
      // After an error Lambda may bisect the batch.
      sizeMax = done === undefined && random.chance(0.5) ? Math.ceil(batch.length / 2) : BATCH_MAX;
      if (!random.chance(CHECKPOINT_LOST_RATE)) lane.next += done ?? 0;
      if (done !== batch.length) await time.sleep(random.below(RETRY_DELAY_MAX_MS));
    }
  }

  /** How many records of the batch are done with; `undefined` after an error. */
  async #deliver(batch: readonly ShardRecord[]): Promise<number | undefined> {
    try {
      const { batchItemFailures } = await this.#invoke(this.#options.toEvent(batch));
      const places = batchItemFailures.map(({ itemIdentifier }) =>
        batch.findIndex(({ sequenceNumber }) => sequenceNumber === itemIdentifier),
      );
      // A number that is not in the batch fails all of it.
      return Math.max(0, Math.min(batch.length, ...places));
    } catch {
      // Lambda does not look at the error: the whole batch comes again.
      return undefined;
    }
  }
}
