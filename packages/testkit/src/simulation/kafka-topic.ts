// SPDX-License-Identifier: MIT
import type { MSKRecord } from "aws-lambda";
import type { SourceMessage } from "./channel-source";
import { hashOf } from "./hash-of";
import type { Invoke, SimulatedChannel, World } from "./simulated-channel";

/** The input of a function at the end of a topic. */
export interface KafkaTopicEvent {
  readonly records: Readonly<Record<string, readonly MSKRecord[]>>;
}

/** How a topic is read. */
export interface KafkaTopicOptions {
  /** True if the function's answer names failed records; otherwise a failure fails the whole batch. */
  readonly reportBatchItemFailures: boolean;
}

interface Partition {
  readonly name: string;
  readonly messages: { readonly message: SourceMessage; readonly timestamp: number }[];
  committed: number;
  owner: number;
}

const TOPIC = "topic";
const PARTITIONS = 3;
const MEMBERS = 2;
const BATCH_MAX = 12;
const REBALANCE_RATE = 0.15;
const RETRY_DELAY_MAX_MS = 400;

/**
 * A Kafka topic and a consumer group: partitions by the record's key, offsets committed after the function's answer.
 *
 * When the group rebalances, the new owner of a partition begins at its committed offset while the old one still works
 * on its batch; what that one then commits is refused, as it is of an older generation.
 */
export class KafkaTopic implements SimulatedChannel {
  readonly keepsOrder = true;
  /** Always empty: a topic gives nothing up. */
  readonly dropped: string[] = [];
  readonly #world: World;
  readonly #invoke: Invoke<KafkaTopicEvent, unknown>;
  readonly #options: KafkaTopicOptions;
  readonly #partitions: readonly Partition[];
  #generation = 0;

  constructor(world: World, invoke: Invoke<KafkaTopicEvent, unknown>, options: KafkaTopicOptions) {
    this.#world = world;
    this.#invoke = invoke;
    this.#options = options;
    this.#partitions = Array.from({ length: PARTITIONS }, (_, i) => ({
      name: `${TOPIC}-${i}`,
      messages: [],
      committed: 0,
      owner: i % MEMBERS,
    }));
  }

  publish(message: SourceMessage): void {
    const place = Math.floor(hashOf(message.key) * PARTITIONS);
    this.#partitions[place]?.messages.push({ message, timestamp: this.#world.time.nowMs });
  }

  async run(isPublishing: () => boolean): Promise<void> {
    const isOver = (): boolean =>
      !isPublishing() && this.#partitions.every(({ messages, committed }) => committed === messages.length);
    const members = Array.from({ length: MEMBERS }, (_, member) => this.#consume(member, isOver));
    await Promise.all([...members, this.#rebalance(isOver)]);
  }

  async #rebalance(isOver: () => boolean): Promise<void> {
    const { time, random } = this.#world;
    while (!isOver()) {
      await time.sleep(200);
      if (!random.chance(REBALANCE_RATE)) continue;
      this.#generation++;
      for (const partition of this.#partitions) partition.owner = random.below(MEMBERS);
    }
  }

  async #consume(member: number, isOver: () => boolean): Promise<void> {
    const { time, random } = this.#world;
    while (!isOver()) {
      const generation = this.#generation;
      const batch = this.#fetch(member);
      const answer = batch.size === 0 ? undefined : await this.#deliver(batch);
      if (generation === this.#generation && answer !== undefined) this.#commit(batch, answer);
      const isDone = answer?.size === 0;
      if (!isDone) await time.sleep(50 + random.below(RETRY_DELAY_MAX_MS));
    }
  }

  /** Records of some of the member's partitions, from the committed offset on. */
  #fetch(member: number): ReadonlyMap<Partition, readonly MSKRecord[]> {
    const { random } = this.#world;
    const own = this.#partitions.filter(
      ({ owner, messages, committed }) => owner === member && committed < messages.length,
    );
    return new Map(own.map((partition) => [partition, recordsOf(partition, 1 + random.below(BATCH_MAX))]));
  }

  /** The lowest offset that failed, by partition; `undefined` after an error. */
  async #deliver(
    batch: ReadonlyMap<Partition, readonly MSKRecord[]>,
  ): Promise<ReadonlyMap<string, number> | undefined> {
    const records = Object.fromEntries([...batch].map(([{ name }, each]) => [name, each]));
    try {
      const answer = await this.#invoke({ records });
      return this.#options.reportBatchItemFailures ? lowestFailures(answer) : new Map();
    } catch {
      // The whole batch comes again.
      return undefined;
    }
  }

  #commit(batch: ReadonlyMap<Partition, readonly MSKRecord[]>, failures: ReadonlyMap<string, number>): void {
    for (const [partition, records] of batch) {
      partition.committed = failures.get(partition.name) ?? partition.committed + records.length;
    }
  }
}

function recordsOf({ name, messages, committed }: Partition, count: number): readonly MSKRecord[] {
  return messages.slice(committed, committed + count).map(({ message, timestamp }, i) => ({
    topic: TOPIC,
    partition: Number(name.slice(TOPIC.length + 1)),
    offset: committed + i,
    timestamp,
    timestampType: "CREATE_TIME",
    key: Buffer.from(message.key).toString("base64"),
    value: Buffer.from(message.body).toString("base64"),
    headers: [],
  }));
}

function lowestFailures(answer: unknown): ReadonlyMap<string, number> {
  const { batchItemFailures } = answer as {
    readonly batchItemFailures: readonly {
      readonly itemIdentifier: { readonly partition: string; readonly offset: number };
    }[];
  };
  const lowest = new Map<string, number>();
  for (const { itemIdentifier } of batchItemFailures) {
    const { partition, offset } = itemIdentifier;
    lowest.set(partition, Math.min(offset, lowest.get(partition) ?? Infinity));
  }
  return lowest;
}
