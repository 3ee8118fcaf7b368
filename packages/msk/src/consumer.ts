// SPDX-License-Identifier: MIT
import { setMaxListeners } from "node:events";
import {
  type Consumer,
  type Loader,
  type Logger,
  OutageLog,
  pause,
  type ShardStatus,
  silentLogger,
} from "@ledger-loader/core";
import type { Kafka, Consumer as GroupMember } from "kafkajs";
import { explainKafka, requireTopic } from "./client";
import { KafkaUnavailableError } from "./errors";
import type { Tombstones } from "./kafka-delivery";
import { PartitionLane, type LaneSettings } from "./partition-lane";

/** The topic, the consumer group and the patience of a consumer. */
export interface KafkaConsumerOptions {
  readonly client: Kafka;
  readonly topic: string;
  /** Members of one group share the partitions of the topic, and its committed offsets. */
  readonly groupId: string;
  /**
   * Where records go. With `parkFailures` around it, what cannot be applied is parked; without, it is tried again for
   * ever, the offset before it is never passed, and a restart reads everything after it again.
   */
  readonly loader: Loader;
  /** Where a group begins that has committed nothing. Default: `true`, at the beginning. */
  readonly fromBeginning?: boolean;
  /** Records per batch of the loader at most. Default: 200. */
  readonly batchSizeMax?: number;
  /** Partitions that are loaded at the same time. Default: 4. */
  readonly concurrency?: number;
  /** Records of one partition that may wait to be applied; beyond that, the partition is not read on. Default: 500. */
  readonly heldMax?: number;
  /** Pause before what failed is tried again, in milliseconds; it doubles each time, up to `retryDelayMaxMs`. Default: 500. */
  readonly retryDelayMs?: number;
  /** Default: 30,000. */
  readonly retryDelayMaxMs?: number;
  /** How long a batch may take before the loader is asked to give up, in milliseconds; after twice that, `run` throws. Default: 120,000. */
  readonly loadTimeoutMs?: number;
  /** After so long without a heartbeat the group gives this member's partitions to others, in milliseconds. Default: 30,000. */
  readonly sessionTimeoutMs?: number;
  /** Default: 3,000. */
  readonly heartbeatIntervalMs?: number;
  /**
   * How long the others wait at a rebalance for this member to finish its batch, in milliseconds. Longer than a batch takes, or a
   * batch may still be written by the old owner of a partition while the new one begins. Default: 60,000.
   */
  readonly rebalanceTimeoutMs?: number;
  /** How long brokers wait for new records before they answer, in milliseconds; an idle consumer stops that slowly. Default: 1,000. */
  readonly maxWaitMs?: number;
  /** Bytes of one partition per fetch at most. Default: 1,048,576. */
  readonly maxBytesPerPartition?: number;
  /** The treatment of records without a value. Default: `reject`. */
  readonly tombstones?: Tombstones;
  /** Default: it keeps silent. */
  readonly logger?: Logger;
}

/** The long-running side of a topic. */
export interface KafkaConsumer extends Consumer {
  /**
   * Consumes until the signal is raised; then what is under way is loaded and committed, and the group is left.
   *
   * Waits out brokers and ledgers that are away.
   *
   * @throws KafkaRefusedError if the cluster refuses topic, group or credentials; KafkaUnavailableError if it does not
   *   answer at the start; KafkaConsumerStalledError if loading hangs; what the loader throws and trying again cannot help.
   */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Makes a consumer that loads the events of a topic as a member of a consumer group.
 *
 * Offsets are committed after the ledger's commit, so a crash loses nothing; what is read again is recognized. See
 * docs/guides/load-from-kafka.md for what that means for events without versions.
 */
export function createKafkaConsumer(options: KafkaConsumerOptions): KafkaConsumer {
  const memberships = new Set<Membership>();
  const { logger = silentLogger } = options;
  const outages = openOutages(logger);
  return {
    run: async (signal) => {
      for (let hasJoined = false; !signal.aborted;) {
        const membership = new Membership({ ...options, logger }, outages);
        memberships.add(membership);
        try {
          await membership.run(signal);
        } catch (error) {
          hasJoined ||= membership.hasJoined;
          if (!hasJoined || !(error instanceof KafkaUnavailableError)) throw error;
          outages.cluster.failed({ topic: options.topic, error: error.code });
          // What is under way is not loaded twice at the same time.
          await Promise.all([membership.idle(), pause(REJOIN_MS, signal)]);
        } finally {
          memberships.delete(membership);
        }
      }
    },
    isCatchingUp: () => [...memberships].some(({ isCatchingUp }) => isCatchingUp),
    shards: () => [...memberships].flatMap(({ shards }) => shards),
  };
}

/** The services that may be away, for all memberships of a consumer. */
interface Outages {
  readonly cluster: OutageLog;
  readonly ledger: OutageLog;
  readonly commits: OutageLog;
}

function openOutages(logger: Logger): Outages {
  return {
    cluster: new OutageLog(logger, {
      away: "cluster does not answer: joining the group again",
      back: "cluster answers again",
    }),
    ledger: new OutageLog(logger, {
      away: "batches cannot be loaded: they wait",
      back: "batches are loaded again",
    }),
    commits: new OutageLog(logger, {
      away: "offsets are not committed: trying again",
      back: "offsets are committed again",
    }),
  };
}

/** How long a cluster may rest that KafkaJS has given up on, in milliseconds. */
const REJOIN_MS = 1_000;

/** One run: the time from joining the group to leaving it. */
class Membership {
  readonly #options: KafkaConsumerOptions;
  readonly #logger: Logger;
  readonly #outages: Outages;
  readonly #lanes = new Map<number, PartitionLane>();
  readonly #stop = controllerForAll();
  /** The partitions are this member's until this is raised: between two rebalances. */
  #assignment = controllerForAll();
  readonly #failed: Promise<never>;
  #fail: (error: unknown) => void = () => undefined;
  /** True if the group was joined and, of the partitions that it gave, something was asked for. */
  #hasFetched = false;
  #hasJoined = false;
  #partitions: readonly number[] = [];

  constructor(options: KafkaConsumerOptions & { readonly logger: Logger }, outages: Outages) {
    this.#options = options;
    this.#logger = options.logger;
    this.#outages = outages;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Also where nobody waits for it any more.
    this.#failed.catch(() => undefined);
  }

  /** Joining takes seconds, and as long as a session where a member has died: until then nothing is known of the topic. */
  get isCatchingUp(): boolean {
    return !this.#hasFetched;
  }

  /** The partitions that are this member's. */
  get shards(): readonly ShardStatus[] {
    if (this.#assignment.signal.aborted) return [];
    return this.#partitions.map((partition) => {
      const lane = this.#lanes.get(partition);
      const position = lane?.isLost === false ? lane.committed : undefined;
      return { shardId: `${this.#options.topic}-${partition}`, reader: "this", position, hasEnded: false };
    });
  }

  /** True if the cluster was there at all. */
  get hasJoined(): boolean {
    return this.#hasJoined;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { client, topic, groupId, fromBeginning = true, concurrency = 4 } = this.#options;
    if (signal.aborted) return;
    await requireTopic(client, topic);
    const consumer = this.#makeConsumer();
    this.#watch(consumer);
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: concurrency,
        eachBatch: (payload) => this.#laneOf(payload.batch.partition, consumer).read(payload),
      });
      await Promise.race([raised(signal, this.#stop.signal), this.#failed]);
    } catch (error) {
      throw explainKafka(error, `consume the topic ${topic} as a member of the group ${groupId}`);
    } finally {
      this.#stop.abort();
      await consumer.disconnect();
      await Promise.race([this.idle(), this.#failed.catch(() => undefined)]);
      this.#assignment.abort();
    }
  }

  #makeConsumer(): GroupMember {
    const { client, groupId, sessionTimeoutMs = 30_000, heartbeatIntervalMs = 3_000 } = this.#options;
    return client.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: heartbeatIntervalMs,
      rebalanceTimeout: this.#options.rebalanceTimeoutMs ?? 60_000,
      maxWaitTimeInMs: this.#options.maxWaitMs ?? 1_000,
      maxBytesPerPartition: this.#options.maxBytesPerPartition ?? 1_048_576,
      allowAutoTopicCreation: false,
      // KafkaJS would start anew after it was stopped.
      retry: { restartOnFailure: () => Promise.resolve(!this.#stop.signal.aborted) },
    });
  }

  /** Follows what happens to the group, since KafkaJS commits for whatever generation it is in at that moment. */
  #watch(consumer: GroupMember): void {
    const { GROUP_JOIN, REBALANCING, CRASH, FETCH } = consumer.events;
    consumer.on(REBALANCING, () => {
      this.#loseAll();
    });
    consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#loseAll();
      this.#assignment = controllerForAll();
      const partitions = payload.memberAssignment[this.#options.topic] ?? [];
      this.#partitions = partitions;
      this.#hasFetched = partitions.length === 0;
      this.#hasJoined = true;
      this.#outages.cluster.succeeded();
      this.#logger.info({ topic: this.#options.topic, partitions }, "partitions assigned");
    });
    consumer.on(FETCH, () => {
      // It rests from the beginning of a rebalance to its end. If it does not get to know its end, since the connection broke
      // at the last answer, it reads on what it had and for the group is a member that is well: for ever.
      if (this.#assignment.signal.aborted) this.#fail(this.#lostAnswer());
      else this.#hasFetched = true;
    });
    consumer.on(CRASH, ({ payload: { error, restart } }) => {
      this.#loseAll();
      if (restart) this.#outages.cluster.failed({ topic: this.#options.topic, error: error.name });
      else this.#fail(error);
    });
  }

  #lostAnswer(): KafkaUnavailableError {
    return new KafkaUnavailableError(
      `learn what the group ${this.#options.groupId} assigned`,
      "no assignment",
    );
  }

  /** Gives up all partitions. Running batches continue in the ledger, where they do no harm, but are no longer committed. */
  #loseAll(): void {
    this.#hasFetched = false;
    this.#assignment.abort();
  }

  #laneOf(partition: number, consumer: GroupMember): PartitionLane {
    const assignment = this.#assignment;
    const known = this.#lanes.get(partition);
    if (known?.isLost === false) return known;
    const place = { topic: this.#options.topic, partition };
    const paused = [{ topic: place.topic, partitions: [partition] }];
    const host = {
      pause: () => {
        consumer.pause(paused);
      },
      resume: () => {
        // After a crash KafkaJS has neither group nor paused partitions, and would throw.
        if (consumer.paused().length > 0) consumer.resume(paused);
      },
      fail: (error: unknown) => {
        this.#fail(error);
      },
      lost: assignment.signal,
      stop: this.#stop.signal,
    };
    const lane = new PartitionLane(place, this.#laneSettings(), host, known?.idle);
    this.#lanes.set(partition, lane);
    return lane;
  }

  #laneSettings(): LaneSettings {
    const options = this.#options;
    return {
      loader: options.loader,
      logger: this.#logger,
      outage: this.#outages.ledger,
      commits: this.#outages.commits,
      batchSizeMax: options.batchSizeMax ?? 200,
      heldMax: options.heldMax ?? 500,
      retryDelayMs: options.retryDelayMs ?? 500,
      retryDelayMaxMs: options.retryDelayMaxMs ?? 30_000,
      heartbeatIntervalMs: options.heartbeatIntervalMs ?? 3_000,
      loadTimeoutMs: options.loadTimeoutMs ?? 120_000,
      tombstones: options.tombstones ?? "reject",
    };
  }

  /** Ends when nothing is loaded any more. */
  async idle(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.idle));
  }
}

/** Every partition listens to its signal; Node.js warns of more than ten listeners unless it is told. */
function controllerForAll(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** Ends when the signal is raised, unless nobody waits for it any more. */
function raised(signal: AbortSignal, unless: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    const options = { signal: unless };
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      options,
    );
  });
}
