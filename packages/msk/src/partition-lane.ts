// SPDX-License-Identifier: MIT
import {
  type Delivery,
  type LoadReport,
  type Loader,
  type Logger,
  type OutageLog,
  backoffMs,
  pause,
} from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { EachBatchPayload, KafkaMessage } from "kafkajs";
import { typeOf } from "./errors";
import { toKafkaDelivery, type Tombstones } from "./kafka-delivery";
import type { KafkaHeader } from "./kafka-header";
import { superviseLoad } from "./supervise-load";

/** How partitions are read and loaded; {@link KafkaConsumerOptions} says what each trades off. */
export interface LaneSettings {
  readonly loader: Loader;
  readonly logger: Logger;
  /** Told of batches that the loader cannot load now. */
  readonly outage: OutageLog;
  /** Told of commits, under the number of the partition. */
  readonly commits: OutageLog;
  readonly batchSizeMax: number;
  readonly heldMax: number;
  readonly retryDelayMs: number;
  readonly retryDelayMaxMs: number;
  readonly heartbeatIntervalMs: number;
  readonly loadTimeoutMs: number;
  readonly tombstones?: Tombstones;
}

/** The part of its consumer that a lane needs. */
export interface LaneHost {
  /** Stops and starts fetching of the partition. */
  pause(): void;
  resume(): void;
  /** Ends the consumer: what happened cannot be helped by trying again. */
  fail(error: unknown): void;
  /** Raised when the partition is no longer this member's: nothing may be committed. */
  readonly lost: AbortSignal;
  /** Raised when the consumer is to end: what is under way is brought to its end and committed, nothing new is begun. */
  readonly stop: AbortSignal;
}

/** The functions that KafkaJS offers while a batch is at hand, and after it for as long as this member is in the group. */
export type BatchAccess = Pick<
  EachBatchPayload,
  "batch" | "heartbeat" | "resolveOffset" | "commitOffsetsIfNecessary"
>;

/** Protocol errors by which a group says that this member's generation is over. */
const FENCED_TYPES = new Set(["ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "FENCED_INSTANCE_ID"]);

interface Held {
  readonly offset: bigint;
  readonly delivery: Delivery;
}

/**
 * One partition, for as long as it is assigned to this member without interruption.
 *
 * What was loaded is committed, never more: a record that failed is held, and the commit stays before it, while later
 * records go on. A held record is tried again with every batch, and after a pause where none comes. Once the partition is lost
 * (`lost` raised), nothing is committed, read on or tried again: its next owner reads from the last commit.
 */
export class PartitionLane {
  readonly #topic: string;
  readonly #partition: number;
  readonly #settings: LaneSettings;
  readonly #host: LaneHost;
  /** Raised when nothing new may be begun. */
  readonly #end: AbortSignal;
  #held: readonly Held[] = [];
  /** The offset after the last record that was read; `undefined` before the first. */
  #next: bigint | undefined;
  #committed: bigint | undefined;
  #access: BatchAccess | undefined;
  #fruitless = 0;
  #isPaused = false;
  #timer: NodeJS.Timeout | undefined;
  /** Ends when everything asked for so far has been done. */
  #tail: Promise<unknown>;

  /** @param after work on the same partition, of a time when it was assigned before, that may still be under way */
  constructor(
    place: { readonly topic: string; readonly partition: number },
    settings: LaneSettings,
    host: LaneHost,
    after: Promise<unknown> = Promise.resolve(),
  ) {
    this.#topic = place.topic;
    this.#partition = place.partition;
    this.#settings = settings;
    this.#host = host;
    this.#end = AbortSignal.any([host.lost, host.stop]);
    this.#tail = after;
    this.#end.addEventListener("abort", () => {
      clearTimeout(this.#timer);
    });
    host.lost.addEventListener("abort", () => {
      this.#resume();
      settings.commits.forget(String(this.#partition));
    });
  }

  /** True if the partition is no longer this member's. */
  get isLost(): boolean {
    return this.#host.lost.aborted;
  }

  /** The offset that this lane committed last: of the next record that a restart would read. */
  get committed(): string | undefined {
    return this.#committed?.toString();
  }

  /** Ends when the lane rests; never throws. */
  get idle(): Promise<unknown> {
    return this.#tail;
  }

  /**
   * Loads a batch and commits it as far as it could be loaded.
   *
   * @throws what `heartbeat` throws, or a commit that the group will not take, so that KafkaJS joins the group anew; what the
   *   loader throws, unless it can be tried again.
   */
  async read(access: BatchAccess): Promise<void> {
    await this.#exclusively(async () => {
      this.#access = access;
      const { messages } = access.batch;
      for (let from = 0; from < messages.length; from += this.#settings.batchSizeMax) {
        if (this.#end.aborted) return;
        const chunk = messages.slice(from, from + this.#settings.batchSizeMax);
        const isLast = from + chunk.length === messages.length;
        if (!(await this.#loadChunk(access, chunk, isLast))) return;
        await access.heartbeat();
        // The rest is fetched again once the partition is resumed.
        if (this.#isPaused) return;
      }
    });
  }

  /** Returns whether to go on. */
  async #loadChunk(access: BatchAccess, chunk: readonly KafkaMessage[], isLast: boolean): Promise<boolean> {
    const read = chunk.map((message) => this.#toHeld(message));
    if (!(await this.#load([...this.#held, ...read]))) return false;
    const last = read.at(-1)?.offset ?? 0n;
    // A batch may end with records that nobody gets to see, such as the end of a transaction.
    this.#next = (isLast ? BigInt(access.batch.lastOffset()) : last) + 1n;
    access.resolveOffset(String(last));
    if (this.#held.length > this.#settings.heldMax) this.#pause();
    const refusal = await this.#commit();
    this.#scheduleRetry();
    if (refusal !== undefined) throw refusal;
    return true;
  }

  /** Loads, as often as it takes while the ledger is away. Returns `false` if it came to no end, or none that counts. */
  async #load(records: readonly Held[]): Promise<boolean> {
    for (let attempt = 1; !this.#end.aborted; attempt++) {
      const report = await this.#tryLoad(records.map(({ delivery }) => delivery));
      // A partition that was lost while its records were written has a new owner, who finds them written.
      if (this.#host.lost.aborted) return false;
      if (report === undefined) {
        await this.#wait(attempt);
        continue;
      }
      const failed = new Set(report.failed.map(({ deliveryId }) => deliveryId));
      const held = records.filter(({ delivery }) => failed.has(delivery.deliveryId));
      this.#fruitless = held.length > 0 && held.length >= this.#held.length ? this.#fruitless + 1 : 0;
      this.#held = held;
      return true;
    }
    return false;
  }

  /** Returns `undefined` if the loader could give no answer. */
  async #tryLoad(deliveries: readonly Delivery[]): Promise<LoadReport | undefined> {
    const { loader, outage, heartbeatIntervalMs, loadTimeoutMs } = this.#settings;
    const { heartbeat = () => Promise.resolve() } = this.#access ?? {};
    const place = { topic: this.#topic, partition: this.#partition };
    try {
      const report = await superviseLoad(loader, deliveries, {
        ...place,
        signal: this.#end,
        heartbeat,
        heartbeatIntervalMs,
        loadTimeoutMs,
      });
      outage.succeeded();
      return report;
    } catch (error) {
      const isOutage =
        error instanceof LedgerLoaderError && error.retryable && error.code !== "KAFKA_CONSUMER_STALLED";
      if (!isOutage) {
        this.#host.fail(error);
        throw error;
      }
      outage.failed({ ...place, error: error.code, deliveries: deliveries.length });
      return undefined;
    }
  }

  /** Waits before the next attempt; heartbeats go on, and throw when the group is rebalancing. */
  async #wait(attempt: number): Promise<void> {
    const until = Date.now() + this.#delayMs(attempt);
    while (Date.now() < until && !this.#end.aborted) {
      const ms = Math.min(until - Date.now(), this.#settings.heartbeatIntervalMs);
      await pause(Math.max(ms, 1), this.#end);
      await this.#access?.heartbeat();
    }
  }

  /** Returns why, if the group takes nothing from this member until it has joined anew. */
  async #commit(): Promise<Error | undefined> {
    const offset = this.#held[0]?.offset ?? this.#next;
    if (offset === undefined || offset === this.#committed || this.#host.lost.aborted) {
      return undefined;
    }
    const partitions = [{ partition: this.#partition, offset: String(offset) }];
    try {
      // KafkaJS sends it with the generation of this moment; a group that has gone on refuses it.
      await this.#access?.commitOffsetsIfNecessary({ topics: [{ topic: this.#topic, partitions }] });
      this.#committed = offset;
      this.#settings.commits.succeeded(String(this.#partition));
      return undefined;
    } catch (error) {
      // What is not committed is read once more by the partition's next owner, and found written.
      const fields = { topic: this.#topic, partition: this.#partition, error: typeOf(error) ?? "no answer" };
      if (!this.isLost) this.#settings.commits.failed(fields, String(this.#partition));
      return error instanceof Error && FENCED_TYPES.has(typeOf(error) ?? "") ? error : undefined;
    }
  }

  #scheduleRetry(): void {
    clearTimeout(this.#timer);
    const isUncommitted = (this.#held[0]?.offset ?? this.#next) !== this.#committed;
    if ((this.#held.length === 0 && !isUncommitted) || this.#end.aborted) return;
    this.#timer = setTimeout(
      () => {
        void this.#exclusively(() => this.#retry()).catch((error: unknown) => {
          // A heartbeat failed: KafkaJS learns of it by its own, and the loader's errors have been told.
          this.#settings.logger.debug({ error: typeOf(error) ?? "no answer" }, "retry ended");
        });
      },
      this.#delayMs(this.#fruitless + 1),
    );
  }

  async #retry(): Promise<void> {
    if (this.#end.aborted) return;
    if (this.#held.length > 0 && !(await this.#load(this.#held))) return;
    if (this.#held.length <= this.#settings.heldMax / 2) this.#resume();
    await this.#commit();
    this.#scheduleRetry();
  }

  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#settings.logger.warn(
      { topic: this.#topic, partition: this.#partition, held: this.#held.length },
      "partition paused: too many of its records wait to be applied",
    );
    this.#host.pause();
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    const fields = { topic: this.#topic, partition: this.#partition, held: this.#held.length };
    if (!this.isLost) this.#settings.logger.info(fields, "partition resumed");
    this.#host.resume();
  }

  #delayMs(attempt: number): number {
    const { retryDelayMs, retryDelayMaxMs } = this.#settings;
    return backoffMs(attempt, { delayMs: retryDelayMs, delayMaxMs: retryDelayMaxMs });
  }

  #toHeld({ offset, key, value, headers, timestamp }: KafkaMessage): Held {
    const record = {
      topic: this.#topic,
      partition: this.#partition,
      offset,
      key: key ?? undefined,
      value: value ?? undefined,
      headers: toHeaders(headers),
      timestampMs: Number(timestamp),
    };
    const delivery = toKafkaDelivery(record, this.#settings);
    return { offset: BigInt(offset), delivery };
  }

  async #exclusively(work: () => Promise<void>): Promise<void> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => undefined);
    await done;
  }
}

function toHeaders(headers: KafkaMessage["headers"]): readonly KafkaHeader[] {
  return Object.entries(headers ?? {}).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => ({ name, value: Buffer.from(value) })),
  );
}
