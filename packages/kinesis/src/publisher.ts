// SPDX-License-Identifier: MIT
import {
  type AwsClient,
  Outbox,
  Publication,
  type PublishReport,
  type Publisher,
  type RevisionEvent,
  runOutbox,
} from "@ledger-loader/core";
import { UserRecordTooLargeError } from "@ledger-loader/kpl";
import { isOpen, listShards } from "./list-shards";
import {
  AggregatePacker,
  partitionKeyOf,
  SinglePacker,
  type EventRecord,
  type Packer,
  type ShardRange,
} from "./packer";
import { RecordSender } from "./record-sender";

/** Where and how events are published. */
export interface KinesisPublisherOptions {
  readonly client: AwsClient;
  readonly streamName: string;
  /**
   * Packs many events into one Kinesis record, per shard, by the Kinesis Producer Library's rules: for small events many
   * times the throughput. Whoever reads the stream must take them apart, as the handlers and the consumer do. Default: `false`.
   */
  readonly aggregate?: boolean;
  /** Batches under way at once. Default: 4. */
  readonly concurrency?: number;
  /** Bytes per record at most, its key included. Default: 1,048,576, which every stream takes. */
  readonly recordBytesMax?: number;
  /** Calls for one record at most. Default: 10, which with the default pause is about 40 s. */
  readonly attemptsMax?: number;
  /** Pause before the second call for a record, in milliseconds; it doubles each time. Default: 100. */
  readonly retryDelayMs?: number;
}

/** `PutRecords` takes no more. */
const BATCH_SIZE_MAX = 500;
const BATCH_BYTES_MAX = 5 * 1_048_576;
/** Bounds on memory. */
const QUEUED_MAX = 5_000;
const QUEUED_BYTES_MAX = 4 * BATCH_BYTES_MAX;

/**
 * Makes a publisher that puts events into a Kinesis data stream.
 *
 * The partition key is the record, so a record's events go to one shard; the next one is put only after the one before
 * it was accepted (`PutRecords` may take a later entry and refuse an earlier one). What the stream refuses for a while
 * is put again; an event that fits into no record holds back the later events of its record, all others are put, and
 * then `publish` throws `EventsRefusedError` of core.
 */
export function createKinesisPublisher(options: KinesisPublisherOptions): Publisher {
  return {
    publish: (events, onProgress) => new PublishRun(options, new Publication(onProgress)).publish(events),
  };
}

/** One call of `publish`. */
class PublishRun {
  readonly #options: KinesisPublisherOptions;
  readonly #sender: RecordSender<EventRecord>;
  readonly #recordBytesMax: number;
  readonly #publication: Publication;
  /** True if an aggregate went to another shard than the one it was packed for. */
  #isResharded = false;

  constructor(options: KinesisPublisherOptions, publication: Publication) {
    const { client, streamName, attemptsMax = 10, retryDelayMs = 100 } = options;
    this.#options = options;
    this.#recordBytesMax = options.recordBytesMax ?? 1_048_576;
    this.#sender = new RecordSender(client, streamName, { attemptsMax, retryDelayMs });
    this.#publication = publication;
  }

  async publish(events: AsyncIterable<RevisionEvent>): Promise<PublishReport> {
    const source = events[Symbol.asyncIterator]();
    try {
      while (!(await this.#publishUntilResharded(source)));
    } finally {
      await source.return?.();
    }
    return this.#publication.end(this.#sender.retries);
  }

  /** Publishes until the source ends (`true`), or aggregates must be packed for other shards. */
  async #publishUntilResharded(source: AsyncIterator<RevisionEvent>): Promise<boolean> {
    this.#isResharded = false;
    const { concurrency = 4 } = this.#options;
    const packer = await this.#openPacker();
    const outbox = new Outbox<EventRecord>({
      batchSizeMax: Math.min(BATCH_SIZE_MAX, Math.ceil(packer.groups / concurrency)),
      batchBytesMax: BATCH_BYTES_MAX,
      queuedMax: QUEUED_MAX,
      queuedBytesMax: QUEUED_BYTES_MAX,
    });
    return runOutbox(outbox, {
      concurrency,
      fill: () => this.#packAll(source, packer, outbox),
      send: (batch) => this.#send(batch, outbox),
    });
  }

  async #openPacker(): Promise<Packer> {
    const { client, streamName, aggregate } = this.#options;
    if (aggregate !== true) return new SinglePacker(this.#recordBytesMax);
    const shards = (await listShards(client, streamName)).filter(isOpen);
    const ranges = shards.map(({ ShardId = "", HashKeyRange: range }): ShardRange => ({
      shardId: ShardId,
      first: BigInt(range?.StartingHashKey ?? 0),
      last: BigInt(range?.EndingHashKey ?? 0),
    }));
    return new AggregatePacker(ranges, this.#recordBytesMax);
  }

  /** Returns whether the source has ended. */
  async #packAll(
    source: AsyncIterator<RevisionEvent>,
    packer: Packer,
    outbox: Outbox<EventRecord>,
  ): Promise<boolean> {
    let isDone = false;
    while (!this.#isResharded && !isDone) {
      const next = await source.next();
      isDone = next.done === true;
      const full = next.done === true ? undefined : this.#pack(next.value, packer);
      if (full !== undefined) await outbox.put(full);
    }
    for (const record of packer.flush()) await outbox.put(record);
    return isDone;
  }

  #pack(event: RevisionEvent, packer: Packer): EventRecord | undefined {
    const key = partitionKeyOf(event);
    if (this.#publication.isClosed(key)) {
      this.#publication.holdBack(event);
      return undefined;
    }
    try {
      return packer.add(event);
    } catch (error) {
      if (!(error instanceof UserRecordTooLargeError)) throw error;
      this.#publication.refuse(event, { code: "RecordTooLarge", reason: error.message }, key);
      return undefined;
    }
  }

  async #send(batch: readonly EventRecord[], outbox: Outbox<EventRecord>): Promise<void> {
    await this.#sender.send(batch, (record, shardId) => {
      this.#publication.accept(record.events);
      if (record.explicitHashKey !== undefined && record.groupId !== shardId) this.#isResharded = true;
      outbox.settle(record);
    });
    this.#publication.tellProgress();
  }
}
