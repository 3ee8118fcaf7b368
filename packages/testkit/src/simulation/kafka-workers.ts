// SPDX-License-Identifier: MIT
import type { Loader } from "@ledger-loader/core";
import type { KafkaConfig } from "kafkajs";
import { KafkaCluster } from "../kafka/kafka-cluster";
import { SimulatedCrashError } from "../event-source/sqs-faults";
import type { SourceMessage } from "./channel-source";
import { hashOf } from "./hash-of";
import { KafkaLine } from "./kafka-line";
import { encodeRecordBatch } from "./kafka-record-batch";
import type { Invoke, SimulatedChannel, World } from "./simulated-channel";
import { runWorkers, type WorkerLife } from "./worker-lives";

/** One life of a process that is a member of a consumer group. */
export interface KafkaWorkerLife {
  /** For a KafkaJS client of its own. */
  readonly clientConfig: KafkaConfig;
  readonly topic: string;
  readonly groupId: string;
  /** Raised when the process is told to stop. */
  readonly signal: AbortSignal;
  /** Makes the death of the loader's process one of its connections, too; now and then its work is slow. */
  readonly guard: (loader: Loader) => Loader;
}

const TOPIC = "topic";
const GROUP = "loader";
const PARTITIONS = 4;
const WORKERS = 3;
/** Short, so that the group changes all the time. */
const LIFE_MAX_MS = 25_000;
const OFFSET_COMMIT = 8;
/** How often the process dies before it commits what is in the ledger. */
const DEATH_BEFORE_COMMIT_RATE = 0.03;
/** How often a batch takes as long as a rebalance waits for it, before it begins or before its end is seen. */
const SLOW_RATE = 0.1;
const SLOW_MAX_MS = 6_000;
/** Between two disturbances of the network, and how long one lasts: longer than a session at times. */
const PAUSE_MAX_MS = 10_000;
const DISTURBANCE_MAX_MS = 8_000;
const WATCH_MS = 500;
const RESTART_RATE = 0.25;
/** How long all of this lasts; what is left then is consumed without any help by a group that begins anew. */
const UNREST_MAX_MS = 60_000;
const CALM_MAX_MS = 120_000;

/**
 * Processes that consume a topic as a group, by KafkaJS, which speaks Kafka's protocol with a {@link KafkaCluster}.
 *
 * They are told to stop, die anywhere, also between the ledger's commit and the offset's, are slow, or cut off from the
 * broker while they go on with the ledger; the broker restarts and forgets its members. So the group rebalances at any
 * moment, and a partition's next owner begins at its committed offset while the last one may still be at work.
 */
export class KafkaWorkers implements SimulatedChannel {
  readonly keepsOrder = true;
  /** Always empty: a topic gives nothing up. */
  readonly dropped: string[] = [];
  readonly #world: World;
  readonly #invoke: Invoke<KafkaWorkerLife, unknown>;
  readonly violations: string[] = [];
  readonly #cluster = new KafkaCluster(({ partition, offset, before }) => {
    if (offset < before) this.violations.push(`${partition} was committed back from ${before} to ${offset}`);
  });
  readonly #lines = new Map<WorkerLife, KafkaLine>();
  #isBrokerAway = false;
  #isCalm = false;

  constructor(world: World, invoke: Invoke<KafkaWorkerLife, unknown>) {
    this.#world = world;
    this.#invoke = invoke;
    this.#cluster.createTopic(TOPIC, PARTITIONS);
  }

  publish({ key, body }: SourceMessage): void {
    const records = encodeRecordBatch(key, body, this.#world.time.nowMs);
    this.#cluster.append(TOPIC, Math.floor(hashOf(key) * PARTITIONS), records);
  }

  async run(isPublishing: () => boolean): Promise<void> {
    const isOver = (): boolean => !isPublishing() && this.#cluster.isConsumed(TOPIC, GROUP);
    await runWorkers(this.#world, isOver, (life) => this.#live(life), {
      workers: WORKERS,
      lifeMaxMs: LIFE_MAX_MS,
      isCalm: () => this.#isCalm,
      beside: () => this.#disturb(isOver),
    });
  }

  async #live(life: WorkerLife): Promise<void> {
    const line = new KafkaLine(this.#world, this.#cluster, (apiKey) => {
      if (apiKey === OFFSET_COMMIT && !this.#isCalm && this.#world.random.chance(DEATH_BEFORE_COMMIT_RATE))
        die(life, line);
    });
    if (this.#isBrokerAway) line.state = "closed";
    this.#lines.set(life, line);
    try {
      await this.#invoke({
        clientConfig: {
          brokers: ["127.0.0.1:0"],
          socketFactory: line.socketFactory,
          // It would look ten times a second; here no request stays unanswered without its connection breaking.
          enforceRequestTimeout: false,
        },
        topic: TOPIC,
        groupId: GROUP,
        signal: life.signal,
        guard: (loader) => this.#guard(loader, life, line),
      });
    } finally {
      this.#lines.delete(life);
    }
  }

  #guard(loader: Loader, life: WorkerLife, line: KafkaLine): Loader {
    return {
      load: async (deliveries, options) => {
        try {
          life.requireLife();
          await this.#dawdle();
          const report = await loader.load(deliveries, options);
          await this.#dawdle();
          life.requireLife();
          return report;
        } catch (error) {
          if (error instanceof SimulatedCrashError) die(life, line);
          throw error;
        }
      },
      close: () => loader.close(),
    };
  }

  async #dawdle(): Promise<void> {
    const { time, random } = this.#world;
    if (!this.#isCalm && random.chance(SLOW_RATE / 2)) await time.sleep(random.below(SLOW_MAX_MS));
  }

  /** Cuts one process off, or restarts the broker, again and again. */
  async #disturb(isOver: () => boolean): Promise<void> {
    const { time, random } = this.#world;
    const untilMs = time.nowMs + random.below(UNREST_MAX_MS);
    while (!isOver() && time.nowMs < untilMs) {
      await time.sleep(random.below(PAUSE_MAX_MS));
      const lengthMs = random.below(DISTURBANCE_MAX_MS);
      if (random.chance(RESTART_RATE)) await this.#restartBroker(lengthMs);
      else await this.#cutOff([...this.#lines.values()][random.below(this.#lines.size)], lengthMs);
    }
    this.#isCalm = true;
    for (let waitedMs = 0; !isOver(); waitedMs += WATCH_MS) {
      if (waitedMs > CALM_MAX_MS)
        throw new Error("a group that is left alone does not come to the end of its topic");
      await time.sleep(WATCH_MS);
    }
  }

  async #restartBroker(lengthMs: number): Promise<void> {
    this.#isBrokerAway = true;
    this.#cluster.dropMembers();
    for (const line of this.#lines.values()) line.close();
    await this.#world.time.sleep(lengthMs);
    this.#isBrokerAway = false;
    for (const [life, line] of this.#lines) if (!life.isDead) line.state = "open";
  }

  async #cutOff(line: KafkaLine | undefined, lengthMs: number): Promise<void> {
    if (line?.state !== "open") return;
    line.state = "silent";
    await this.#world.time.sleep(lengthMs);
    line.speakAgain();
  }
}

function die(life: WorkerLife, line: KafkaLine): void {
  life.die();
  line.close();
  // It does nothing more than to end: nobody is left who could tell it anything.
  life.stop();
}
