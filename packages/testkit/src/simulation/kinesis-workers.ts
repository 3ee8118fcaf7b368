// SPDX-License-Identifier: MIT
import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  ProvisionedThroughputExceededException,
  type KinesisClient,
} from "@aws-sdk/client-kinesis";
import { ShardWorkers, type ShardWorkerLife } from "./shard-workers";
import type { ShardedStream } from "./sharded-stream";
import type { Invoke, World } from "./simulated-channel";

/** One life of a process that consumes a Kinesis stream. */
export type KinesisWorkerLife = ShardWorkerLife<KinesisClient>;

const THROTTLED_RATE = 0.03;
const EXPIRED_RATE = 0.02;
const METADATA = { $metadata: {} };

/** Processes at a Kinesis stream: its iterators expire, its reads are throttled. */
export class KinesisWorkers extends ShardWorkers<KinesisClient> {
  constructor(world: World, stream: ShardedStream<never>, invoke: Invoke<KinesisWorkerLife, unknown>) {
    const expired = new Set<string>();
    const answer = (command: unknown): unknown => {
      if (command instanceof ListShardsCommand) return list(stream);
      if (command instanceof GetShardIteratorCommand) return openIterator(command, world, stream);
      if (command instanceof GetRecordsCommand) return read(command, world, stream, expired);
      throw new Error("the simulated stream does not know this command");
    };
    super(world, stream, answer, invoke);
  }
}

function list({ shards }: ShardedStream<never>): unknown {
  const Shards = shards.map(({ id, parentIds: [parent, adjacent] }) => ({
    ShardId: id,
    ...(parent !== undefined && { ParentShardId: parent }),
    ...(adjacent !== undefined && { AdjacentParentShardId: adjacent }),
  }));
  return { Shards };
}

/** An iterator names the shard, the place in it and itself: it expires once. */
function openIterator(
  { input }: GetShardIteratorCommand,
  { random }: World,
  { shards }: ShardedStream<never>,
): unknown {
  const { ShardId = "", StartingSequenceNumber: after } = input;
  const records = shards.find(({ id }) => id === ShardId)?.records ?? [];
  const place = records.findIndex(({ sequenceNumber }) => sequenceNumber === after) + 1;
  return { ShardIterator: `${ShardId}@${place}@${random.next()}` };
}

function read(
  { input }: GetRecordsCommand,
  { random, time }: World,
  { shards }: ShardedStream<never>,
  expired: Set<string>,
): unknown {
  const { ShardIterator: iterator = "" } = input;
  if (expired.has(iterator)) throw new Error("an iterator is used again that has expired");
  if (random.chance(EXPIRED_RATE)) {
    expired.add(iterator);
    throw new ExpiredIteratorException({ message: "expired", ...METADATA });
  }
  if (random.chance(THROTTLED_RATE))
    throw new ProvisionedThroughputExceededException({ message: "throttled", ...METADATA });
  const [shardId = "", from = "0"] = iterator.split("@");
  const shard = shards.find(({ id }) => id === shardId);
  if (shard === undefined) throw new Error(`the stream has no shard ${shardId}`);
  const page = shard.records.slice(Number(from), Number(from) + (input.Limit ?? 1));
  const next = Number(from) + page.length;
  const isAtTip = next === shard.records.length;
  return {
    Records: page.map(({ sequenceNumber, partitionKey, message, arrivedAtMs }) => ({
      SequenceNumber: sequenceNumber,
      PartitionKey: partitionKey,
      Data: Buffer.from(message.body),
      ApproximateArrivalTimestamp: new Date(arrivedAtMs),
    })),
    ...(!(shard.isClosed && isAtTip) && { NextShardIterator: `${shardId}@${next}@${random.next()}` }),
    MillisBehindLatest: isAtTip ? 0 : time.nowMs - (shard.records[next]?.arrivedAtMs ?? time.nowMs),
  };
}
