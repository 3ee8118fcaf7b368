// SPDX-License-Identifier: MIT
import {
  DescribeStreamCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  InternalServerError,
  LimitExceededException,
  TrimmedDataAccessException,
  type _Record,
} from "@aws-sdk/client-dynamodb-streams";
import type { ShardedStream, ShardRecord, StreamShard } from "./sharded-stream";
import type { World } from "./simulated-channel";

/** How the stream of a table answers. */
export interface TableStreamOptions {
  /** The record of a table that holds a message. */
  readonly toRecord: (record: ShardRecord) => _Record;
  /** True if calls are throttled, fail or get no answer, and iterators expire before their time. */
  readonly hasFaults: boolean;
}

/** DynamoDB keeps records for 24 hours, and iterators for 15 minutes. */
const RETENTION_MS = 24 * 60 * 60_000;
const ITERATOR_MS = 15 * 60_000;
const FAULT_RATE = 0.04;
const EXPIRED_RATE = 0.02;
const METADATA = { $metadata: {} };

/**
 * The API of DynamoDB Streams over the shards of a simulated stream: children are listed before their parents, one per page;
 * pages of records hold some of what is there, or nothing; what is too old is gone, closed shards with it.
 */
export class TableStreamApi {
  readonly #world: World;
  readonly #stream: ShardedStream<never>;
  readonly #options: TableStreamOptions;
  /** Iterators that somebody was told to be expired. */
  readonly #expired = new Set<string>();
  #iterators = 0;

  constructor(world: World, stream: ShardedStream<never>, options: TableStreamOptions) {
    this.#world = world;
    this.#stream = stream;
    this.#options = options;
  }

  answer(command: unknown): unknown {
    const { random } = this.#world;
    if (this.#options.hasFaults && random.chance(FAULT_RATE)) throw aFault(random.below(3));
    if (command instanceof DescribeStreamCommand) return this.#describe(command.input.ExclusiveStartShardId);
    if (command instanceof GetShardIteratorCommand) {
      const { ShardId = "", SequenceNumber } = command.input;
      return { ShardIterator: this.#openIterator(ShardId, SequenceNumber) };
    }
    if (command instanceof GetRecordsCommand) return this.#read(command);
    throw new Error("the simulated stream does not know this command");
  }

  /** How many records of a shard are gone. */
  trimmedOf({ records }: StreamShard): number {
    const oldestMs = this.#world.time.nowMs - RETENTION_MS;
    const kept = records.findIndex(({ arrivedAtMs }) => arrivedAtMs >= oldestMs);
    return kept === -1 ? records.length : kept;
  }

  /** True if the stream has forgotten a shard: it is closed, and all of it gone. */
  isGone(shard: StreamShard): boolean {
    return shard.isClosed && shard.records.length > 0 && this.trimmedOf(shard) === shard.records.length;
  }

  #describe(after: string | undefined): unknown {
    const listed = this.#stream.shards.filter((shard) => !this.isGone(shard)).toReversed();
    // What is gone since the page before was the last of the list, or is followed by nothing that still matters.
    const place = after === undefined ? 0 : listed.findIndex(({ id }) => id === after) + 1;
    const shard = listed[place];
    const Shards = shard ? [{ ShardId: shard.id, ParentShardId: shard.parentIds[0] }] : [];
    return {
      StreamDescription: {
        StreamViewType: "NEW_IMAGE",
        StreamStatus: "ENABLED",
        Shards,
        LastEvaluatedShardId: place + 1 < listed.length ? shard?.id : undefined,
      },
    };
  }

  /** An iterator names the shard, the place in it and when it was made. */
  #openIterator(shardId: string, after: string | undefined): string {
    const shard = this.#shard(shardId);
    const trimmed = this.trimmedOf(shard);
    const place = shard.records.findIndex(({ sequenceNumber }) => sequenceNumber === after) + 1;
    if (after !== undefined && place < trimmed) throw tooOld();
    return this.#iteratorAt(shardId, Math.max(place, trimmed));
  }

  #iteratorAt(shardId: string, place: number): string {
    return `${shardId}@${place}@${this.#world.time.nowMs}@${++this.#iterators}`;
  }

  #read({ input }: GetRecordsCommand): unknown {
    const { random, time } = this.#world;
    const { ShardIterator: iterator = "" } = input;
    const [shardId = "", from = "0", madeAtMs = "0"] = iterator.split("@");
    if (this.#expired.has(iterator)) throw new Error("an iterator is used again that has expired");
    const expiresEarly = this.#options.hasFaults && random.chance(EXPIRED_RATE);
    if (expiresEarly || time.nowMs - Number(madeAtMs) > ITERATOR_MS) {
      this.#expired.add(iterator);
      throw new ExpiredIteratorException({ message: "older than 15 minutes", ...METADATA });
    }
    const shard = this.#shard(shardId);
    if (Number(from) < this.trimmedOf(shard)) throw tooOld();
    const count = random.below((input.Limit ?? 1_000) + 1);
    const page = shard.records.slice(Number(from), Number(from) + count);
    const next = Number(from) + page.length;
    const isEnd = shard.isClosed && next === shard.records.length;
    return {
      Records: page.map(this.#options.toRecord),
      ...(!isEnd && { NextShardIterator: this.#iteratorAt(shardId, next) }),
    };
  }

  #shard(shardId: string): StreamShard {
    const shard = this.#stream.shards.find(({ id }) => id === shardId);
    if (shard === undefined) throw new Error(`the stream has no shard ${shardId}`);
    return shard;
  }
}

function aFault(kind: number): Error {
  if (kind === 0) return new LimitExceededException({ message: "throttled", ...METADATA });
  if (kind === 1) return new InternalServerError({ message: "as asked for", ...METADATA });
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}

function tooOld(): Error {
  return new TrimmedDataAccessException({ message: "older than 24 hours", ...METADATA });
}
