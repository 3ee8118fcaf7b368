// SPDX-License-Identifier: MIT
import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  ProvisionedThroughputExceededException,
  type KinesisClient,
} from "@aws-sdk/client-kinesis";
import { SHARD_END, type CheckpointStore, type Loader } from "@ledger-loader/core";
import type { SourceMessage } from "./channel-source";
import type { ShardedStream } from "./sharded-stream";
import type { Invoke, SimulatedChannel, World } from "./simulated-channel";
import { SimulatedLeases } from "./simulated-leases";
import { runWorkers, type WorkerLife } from "./worker-lives";

/** One life of a process that consumes a stream. */
export interface KinesisWorkerLife {
  readonly client: KinesisClient;
  readonly checkpoints: CheckpointStore;
  /** Raised when the process is told to stop. */
  readonly signal: AbortSignal;
  /** Makes the death of the loader's process one of its client and its store, too. */
  readonly guard: (loader: Loader) => Loader;
}

const LATENCY_MAX_MS = 40;
const THROTTLED_RATE = 0.03;
const EXPIRED_RATE = 0.02;
const METADATA = { $metadata: {} };

/**
 * Processes that consume a stream by its API and share its shards by leases. They are told to stop now and then, or die
 * anywhere, also between the ledger's commit and the checkpoint: others take their leases over when these have run out.
 */
export class KinesisWorkers implements SimulatedChannel {
  readonly keepsOrder: boolean;
  readonly dropped: string[];
  readonly #world: World;
  readonly #stream: ShardedStream<never>;
  readonly #leases: SimulatedLeases;
  readonly #invoke: Invoke<KinesisWorkerLife, unknown>;

  constructor(world: World, stream: ShardedStream<never>, invoke: Invoke<KinesisWorkerLife, unknown>) {
    this.#world = world;
    this.#stream = stream;
    this.#leases = new SimulatedLeases(world);
    this.#invoke = invoke;
    this.keepsOrder = stream.keepsOrder;
    this.dropped = stream.dropped;
  }

  publish(message: SourceMessage): void {
    this.#stream.publish(message);
  }

  async run(isPublishing: () => boolean): Promise<void> {
    const isOver = (): boolean => !isPublishing() && this.#isRead;
    await runWorkers(this.#world, isOver, (life) =>
      this.#invoke({
        client: this.#client(life),
        checkpoints: this.#leases.seenBy(life),
        signal: life.signal,
        guard: (loader) => life.guard(loader),
      }),
    );
  }

  get #isRead(): boolean {
    return this.#stream.shards.every(({ id, records }) => {
      const checkpoint = this.#leases.checkpointOf(id);
      return checkpoint === SHARD_END || checkpoint === records.at(-1)?.sequenceNumber;
    });
  }

  #client(life: WorkerLife): KinesisClient {
    const send = async (command: unknown): Promise<unknown> => {
      const { time, random } = this.#world;
      life.requireLife();
      await time.sleep(random.below(LATENCY_MAX_MS));
      life.requireLife();
      if (command instanceof ListShardsCommand) return this.#list();
      if (command instanceof GetShardIteratorCommand) return this.#iterator(command);
      if (command instanceof GetRecordsCommand) return this.#read(command);
      throw new Error("the simulated stream does not know this command");
    };
    return { send } as unknown as KinesisClient;
  }

  #list(): unknown {
    const Shards = this.#stream.shards.map(({ id, parentIds: [parent, adjacent] }) => ({
      ShardId: id,
      ...(parent !== undefined && { ParentShardId: parent }),
      ...(adjacent !== undefined && { AdjacentParentShardId: adjacent }),
    }));
    return { Shards };
  }

  /** An iterator names the shard and the place in it. */
  #iterator({ input }: GetShardIteratorCommand): unknown {
    const { ShardId = "", StartingSequenceNumber: after } = input;
    const records = this.#stream.shards.find(({ id }) => id === ShardId)?.records ?? [];
    const place = records.findIndex(({ sequenceNumber }) => sequenceNumber === after) + 1;
    return { ShardIterator: `${ShardId}@${place}` };
  }

  #read({ input }: GetRecordsCommand): unknown {
    const { random, time } = this.#world;
    if (random.chance(EXPIRED_RATE)) throw new ExpiredIteratorException({ message: "expired", ...METADATA });
    if (random.chance(THROTTLED_RATE))
      throw new ProvisionedThroughputExceededException({ message: "throttled", ...METADATA });
    const [shardId = "", from = "0"] = (input.ShardIterator ?? "").split("@");
    const shard = this.#stream.shards.find(({ id }) => id === shardId);
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
      ...(!(shard.isClosed && isAtTip) && { NextShardIterator: `${shardId}@${next}` }),
      MillisBehindLatest: isAtTip ? 0 : time.nowMs - (shard.records[next]?.arrivedAtMs ?? time.nowMs),
    };
  }
}
