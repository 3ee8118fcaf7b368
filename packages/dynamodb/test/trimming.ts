// SPDX-License-Identifier: MIT
import { type Delivery, type Loader, SHARD_END, type ShardLease } from "@ledger-loader/core";
import { createDynamoDbConsumer, StreamTrimmedError } from "@ledger-loader/dynamodb";
import {
  seededRandom,
  ShardedStream,
  SimulatedCrashError,
  TableStreamApi,
  VirtualTime,
  withVirtualTimers,
  type SimulationVerdict,
  type StreamShard,
} from "@ledger-loader/testkit/simulation";
import { MemoryCheckpoints } from "./memory-checkpoints";
import { RecordingLoader } from "./recording-loader";
import { STREAM_ARN } from "./stream-stand-in";
import { toItemRecord } from "./table-stream";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CHANGES = 60;
const CRASH_RATE = 0.05;

/** A consumer in the proportions of the stream: its records live for a day. */
const SLOW = { pollIntervalMs: 5 * MINUTE_MS, shardIntervalMs: 10 * MINUTE_MS, leaseMs: 15 * MINUTE_MS };

/** Runs a consumer that is away now and then, for longer than records live. Whoever sees that something is lost decides to go on. */
export async function simulateTrimming(seed: number): Promise<SimulationVerdict> {
  return new Trimming(seed).run();
}

/** Remembers where reading a shard began. */
class FirstNotes extends MemoryCheckpoints {
  readonly first = new Map<string, string>();

  override replace(previous: ShardLease | undefined, next: ShardLease): Promise<boolean> {
    const { shardId, checkpoint } = next;
    if (checkpoint !== undefined && !this.first.has(shardId)) this.first.set(shardId, checkpoint);
    return super.replace(previous, next);
  }
}

class Trimming {
  readonly #random;
  readonly #time = new VirtualTime();
  readonly #stream: ShardedStream<never>;
  readonly #api: TableStreamApi;
  readonly #checkpoints = new FirstNotes();
  readonly #loaded = new Set<string>();
  readonly #reported = new Set<string>();
  readonly #violations: string[] = [];
  #isPublishing = true;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    const world = { time: this.#time, random: this.#random };
    this.#stream = ShardedStream.withoutFunction(world, { mergesShards: false, reshardRate: 0.1 });
    this.#api = new TableStreamApi(world, this.#stream, { toRecord: toItemRecord, hasFaults: false });
  }

  async run(): Promise<SimulationVerdict> {
    await withVirtualTimers(this.#time, this.#random, async () => {
      const work = Promise.all([this.#publish(), this.#live()]).then(() => undefined);
      await this.#time.run(work, 2_000 * HOUR_MS);
    });
    this.#violations.push(...this.#stream.shards.flatMap((shard) => this.#lostInSilence(shard)));
    return { violations: this.#violations };
  }

  /** The lost records of a shard behind a place that was noted: before that, nobody can know which there were. */
  #lostInSilence({ id, records }: StreamShard): readonly string[] {
    if (this.#isReported(id)) return [];
    const noted = this.#checkpoints.first.get(id);
    const first =
      noted === undefined ? -1 : records.findIndex(({ sequenceNumber }) => sequenceNumber === noted);
    const lost = records.filter(({ sequenceNumber }, place) => {
      return first >= 0 && place > first && !this.#loaded.has(sequenceNumber);
    });
    return lost.length > 0 ? [`lost in silence: ${lost.length} records of ${id}`] : [];
  }

  async #publish(): Promise<void> {
    for (let n = 0; n < CHANGES; n++) {
      await this.#time.sleep(this.#random.below(3 * HOUR_MS));
      const id = `p${this.#random.below(6)}`;
      this.#stream.publish({ key: id, body: JSON.stringify({ name: "INSERT", id, n }), isBroken: false });
    }
    this.#isPublishing = false;
  }

  async #live(): Promise<void> {
    const random = this.#random;
    // Who comes when all is over finds what nobody has noticed until then.
    for (let isLast = false, mustDecide = false; !isLast || mustDecide;) {
      isLast = this.#isOver;
      mustDecide = await this.#consume(mustDecide);
      if (!mustDecide) await this.#time.sleep(random.below(random.chance(0.3) ? 60 * HOUR_MS : HOUR_MS));
    }
  }

  get #isOver(): boolean {
    return (
      !this.#isPublishing &&
      this.#stream.shards.every((shard) => {
        const checkpoint = this.#checkpoints.shards.get(shard.id);
        const isRead = checkpoint === SHARD_END || checkpoint === shard.records.at(-1)?.sequenceNumber;
        return isRead || this.#api.trimmedOf(shard) === shard.records.length;
      })
    );
  }

  /** One life; returns whether somebody must decide that the next one goes on. */
  async #consume(mayContinue: boolean): Promise<boolean> {
    const stop = new AbortController();
    void this.#stopLater(stop);
    const consumer = createDynamoDbConsumer({
      ...SLOW,
      client: { send: (command: unknown) => this.#answer(command) },
      streamArn: STREAM_ARN,
      loader: this.#loader(),
      checkpoints: this.#checkpoints,
      batchSizeMax: 1 + this.#random.below(8),
      onTrimmed: mayContinue ? "continue" : "fail",
      logger: {
        debug: () => undefined,
        info: () => undefined,
        warn: () => undefined,
        error: ({ shard }) => {
          this.#report(String(shard));
        },
      },
    });
    try {
      await consumer.run(stop.signal);
    } catch (error) {
      if (error instanceof SimulatedCrashError) return false;
      if (!(error instanceof StreamTrimmedError)) throw error;
      this.#report(error.shardId);
      return true;
    } finally {
      stop.abort();
    }
    return false;
  }

  async #stopLater(stop: AbortController): Promise<void> {
    const endMs = this.#time.nowMs + HOUR_MS + this.#random.below(12 * HOUR_MS);
    while (this.#time.nowMs < endMs && !stop.signal.aborted) await this.#time.sleep(10 * MINUTE_MS);
    stop.abort();
  }

  async #answer(command: unknown): Promise<unknown> {
    await this.#time.sleep(this.#random.below(1_000));
    return this.#api.answer(command);
  }

  #loader(): Loader {
    const inner = new RecordingLoader();
    return {
      load: async (deliveries: readonly Delivery[], options) => {
        const report = await inner.load(deliveries, options);
        for (const { deliveryId } of deliveries) this.#loaded.add(deliveryId);
        // What is loaded and not noted comes again, unless it is gone then.
        if (this.#random.chance(CRASH_RATE)) throw new SimulatedCrashError("The process died, as asked for.");
        return report;
      },
      close: () => inner.close(),
    };
  }

  /** Somebody is told that changes may be lost. */
  #report(shardId: string): void {
    this.#reported.add(shardId);
    const shard = this.#stream.shards.find(({ id }) => id === shardId);
    if (shard === undefined) throw new Error(`the stream has no shard ${shardId}`);
    const checkpoint = this.#checkpoints.shards.get(shardId);
    const read = shard.records.findIndex(({ sequenceNumber }) => sequenceNumber === checkpoint) + 1;
    if (checkpoint === SHARD_END || (this.#api.trimmedOf(shard) <= read && !this.#api.isGone(shard))) {
      this.#violations.push(`told to be lost though it is not: ${shardId}`);
    }
  }

  /** True if a report said that changes of a shard may be lost, or of one before it. */
  #isReported(shardId: string): boolean {
    const parents = this.#stream.shards.find(({ id }) => id === shardId)?.parentIds ?? [];
    return this.#reported.has(shardId) || parents.some((parent) => this.#isReported(parent));
  }
}
