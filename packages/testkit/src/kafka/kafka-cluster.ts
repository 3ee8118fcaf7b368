// SPDX-License-Identifier: MIT
import { KafkaGroup } from "./kafka-group";
import { KafkaPartition } from "./kafka-partition";
import { KAFKA_ERROR, KafkaReader, KafkaWriter } from "./kafka-wire";

/** A handler reads its request, writes its answer and says whether it is to be sent. */
type Handler = (
  request: KafkaReader,
  answer: KafkaWriter,
) => boolean | undefined | Promise<boolean | undefined>;

/** An offset that was committed. */
export interface KafkaCommit {
  /** `topic/partition` */
  readonly partition: string;
  readonly offset: number;
  /** The offset that was committed until then, or -1. */
  readonly before: number;
}

const NODE_ID = 1;
const NO_THROTTLE = 0;
/** Of ListOffsets: where a partition ends, and where it begins. */
const LATEST = -1;
const EARLIEST = -2;

/**
 * A cluster of one broker, in memory: requests in, answers out, over whatever connection.
 *
 * It speaks the real protocol in one version per request: topics, produce, fetch, consumer groups with rebalances,
 * sessions, fencing by generation, committed offsets. It has no transactions and no idempotent producer, and passes
 * batches on unread.
 */
export class KafkaCluster {
  readonly #topics = new Map<string, KafkaPartition[]>();
  readonly #groups = new Map<string, KafkaGroup>();
  readonly #arrivals = new Set<() => void>();
  readonly #onCommit: (commit: KafkaCommit) => void;
  /** Where clients are told to find it, on the loopback interface. */
  port = 0;

  /** By API key: the one version that is spoken, and how it is answered. */
  readonly #apis: ReadonlyMap<number, { readonly version: number; readonly handle: Handler }> = new Map([
    [0, { version: 3, handle: (request, answer) => this.#produce(request, answer) }],
    [1, { version: 4, handle: (request, answer) => this.#fetch(request, answer) }],
    [2, { version: 1, handle: (request, answer) => this.#listOffsets(request, answer) }],
    [3, { version: 1, handle: (request, answer) => this.#metadata(request, answer) }],
    [8, { version: 3, handle: (request, answer) => this.#commitOffsets(request, answer) }],
    [9, { version: 3, handle: (request, answer) => this.#fetchOffsets(request, answer) }],
    [10, { version: 1, handle: (_, answer) => this.#findCoordinator(answer) }],
    [11, { version: 2, handle: (request, answer) => this.#joinGroup(request, answer) }],
    [12, { version: 1, handle: (request, answer) => this.#heartbeat(request, answer) }],
    [13, { version: 1, handle: (request, answer) => this.#leaveGroup(request, answer) }],
    [14, { version: 1, handle: (request, answer) => this.#syncGroup(request, answer) }],
    [15, { version: 1, handle: (request, answer) => this.#describeGroups(request, answer) }],
    [18, { version: 2, handle: (_, answer) => this.#apiVersions(answer) }],
    [19, { version: 1, handle: (request, answer) => this.#createTopics(request, answer) }],
  ]);

  /** @param onCommit told of each offset that was committed. Default: nobody. */
  constructor(onCommit: (commit: KafkaCommit) => void = () => undefined) {
    this.#onCommit = onCommit;
  }

  /**
   * Answers a request that is given without its length; the answer has its own before it, and is absent where the client
   * wants none.
   *
   * @throws RangeError if it is no request, or none that is spoken here: then Kafka hangs up.
   */
  async answer(bytes: Buffer): Promise<Buffer | undefined> {
    const request = new KafkaReader(bytes);
    const [key, version, correlationId] = [request.int16(), request.int16(), request.int32()];
    request.string();
    const api = this.#apis.get(key);
    if (api?.version !== version) throw new RangeError(`API ${key} is not spoken in version ${version}`);
    const answer = new KafkaWriter().int32(correlationId);
    if (!(await api.handle(request, answer))) return undefined;
    return new KafkaWriter().bytes(answer.toBuffer()).toBuffer();
  }

  createTopic(name: string, partitions: number): void {
    const logs = Array.from({ length: partitions }, () => new KafkaPartition());
    this.#topics.set(name, logs);
  }

  /** Appends record batches; returns the offset of the first record, or `undefined` if there is no such partition. */
  append(topic: string, partition: number, records: Buffer): number | undefined {
    const offset = this.#topics.get(topic)?.[partition]?.append(records);
    for (const arrived of this.#arrivals) arrived();
    return offset;
  }

  /** True if a group has committed as much as there is of a topic. */
  isConsumed(topic: string, groupId: string): boolean {
    const group = this.#group(groupId);
    const logs = this.#topics.get(topic) ?? [];
    return logs.every(({ end }, partition) => end === 0 || group.offsetOf(`${topic}/${partition}`) === end);
  }

  /** Forgets the members of all groups, as a broker does that ends; topics and committed offsets stay. */
  dropMembers(): void {
    for (const group of this.#groups.values()) group.dropMembers();
  }

  #apiVersions(answer: KafkaWriter): boolean {
    answer.int16(KAFKA_ERROR.none);
    answer.array([...this.#apis], ([key, { version }]) => answer.int16(key).int16(version).int16(version));
    answer.int32(NO_THROTTLE);
    return true;
  }

  #metadata(request: KafkaReader, answer: KafkaWriter): boolean {
    const names = request.arrayOrAll(() => request.string()) ?? [...this.#topics.keys()];
    answer.array([NODE_ID], (id) => answer.int32(id).string("127.0.0.1").int32(this.port).string(null));
    answer.int32(NODE_ID);
    answer.array(names, (name) => {
      const partitions = this.#topics.get(name);
      answer.int16(partitions === undefined ? KAFKA_ERROR.unknownTopicOrPartition : KAFKA_ERROR.none);
      answer.string(name).int8(0);
      answer.array([...(partitions ?? []).keys()], (id) => {
        answer.int16(KAFKA_ERROR.none).int32(id).int32(NODE_ID);
        answer.array([NODE_ID], (replica) => answer.int32(replica));
        answer.array([NODE_ID], (inSync) => answer.int32(inSync));
      });
    });
    return true;
  }

  #createTopics(request: KafkaReader, answer: KafkaWriter): boolean {
    const topics = request.array(() => {
      const topic = { name: request.string(), partitions: request.int32() };
      request.int16();
      request.array(() => [request.int32(), request.array(() => request.int32())]);
      request.array(() => [request.string(), request.string()]);
      return topic;
    });
    answer.array(topics, ({ name, partitions }) => {
      const exists = this.#topics.has(name);
      if (!exists) this.createTopic(name, Math.max(partitions, 1));
      answer
        .string(name)
        .int16(exists ? KAFKA_ERROR.topicAlreadyExists : KAFKA_ERROR.none)
        .string(null);
    });
    return true;
  }

  #produce(request: KafkaReader, answer: KafkaWriter): boolean {
    request.string();
    const acknowledgements = request.int16();
    request.int32();
    const topics = readTopics(request, (partition) => ({ partition, records: request.bytes() }));
    writeTopics(answer, topics, (topic, { partition, records }) => {
      const offset = this.append(topic, partition, records);
      answer
        .int32(partition)
        .int16(offset === undefined ? KAFKA_ERROR.unknownTopicOrPartition : KAFKA_ERROR.none);
      answer.int64(offset ?? -1).int64(-1);
    });
    answer.int32(NO_THROTTLE);
    return acknowledgements !== 0;
  }

  async #fetch(request: KafkaReader, answer: KafkaWriter): Promise<boolean> {
    request.int32();
    const maxWaitMs = request.int32();
    request.int32();
    request.int32();
    request.int8();
    const topics = readTopics(request, (partition) => ({
      partition,
      offset: request.int64(),
      maxBytes: request.int32(),
    }));
    const hasNews = () =>
      topics.some(({ name, partitions }) =>
        partitions.some(({ partition, offset }) => offset !== this.#topics.get(name)?.[partition]?.end),
      );
    if (!hasNews()) await this.#arrival(maxWaitMs);
    answer.int32(NO_THROTTLE);
    writeTopics(answer, topics, (topic, { partition, offset, maxBytes }) => {
      const log = this.#topics.get(topic)?.[partition];
      const end = log?.end ?? -1;
      answer.int32(partition).int16(fetchError(log, offset)).int64(end).int64(end);
      answer.int32(0).bytes(log?.read(offset, maxBytes) ?? Buffer.alloc(0));
    });
    return true;
  }

  #listOffsets(request: KafkaReader, answer: KafkaWriter): boolean {
    request.int32();
    const topics = readTopics(request, (partition) => ({ partition, timestamp: request.int64() }));
    writeTopics(answer, topics, (topic, { partition, timestamp }) => {
      const log = this.#topics.get(topic)?.[partition];
      answer.int32(partition).int16(log ? KAFKA_ERROR.none : KAFKA_ERROR.unknownTopicOrPartition);
      answer.int64(-1).int64(offsetFor(log, timestamp));
    });
    return true;
  }

  #findCoordinator(answer: KafkaWriter): boolean {
    answer.int32(NO_THROTTLE).int16(KAFKA_ERROR.none).string(null);
    answer.int32(NODE_ID).string("127.0.0.1").int32(this.port);
    return true;
  }

  async #joinGroup(request: KafkaReader, answer: KafkaWriter): Promise<boolean> {
    const group = this.#group(request.string());
    const [sessionTimeoutMs, rebalanceTimeoutMs] = [request.int32(), request.int32()];
    const memberId = request.string();
    request.string();
    const protocols = request.array(() => ({ name: request.string(), metadata: request.bytes() }));
    const joined = await group.join({ memberId, sessionTimeoutMs, rebalanceTimeoutMs, protocols });
    answer.int32(NO_THROTTLE).int16(joined.error).int32(joined.generation).string(joined.protocol);
    answer.string(joined.leaderId).string(joined.memberId);
    answer.array(joined.members, (member) => answer.string(member.memberId).bytes(member.metadata));
    return true;
  }

  async #syncGroup(request: KafkaReader, answer: KafkaWriter): Promise<boolean> {
    const group = this.#group(request.string());
    const [generation, memberId] = [request.int32(), request.string()];
    const assignments = request.array(() => [request.string(), request.bytes()] as const);
    const { error, assignment } = await group.sync(memberId, generation, new Map(assignments));
    answer.int32(NO_THROTTLE).int16(error).bytes(assignment);
    return true;
  }

  #heartbeat(request: KafkaReader, answer: KafkaWriter): boolean {
    const group = this.#group(request.string());
    const [generation, memberId] = [request.int32(), request.string()];
    answer.int32(NO_THROTTLE).int16(group.heartbeat(memberId, generation));
    return true;
  }

  #leaveGroup(request: KafkaReader, answer: KafkaWriter): boolean {
    const group = this.#group(request.string());
    answer.int32(NO_THROTTLE).int16(group.leave(request.string()));
    return true;
  }

  #describeGroups(request: KafkaReader, answer: KafkaWriter): boolean {
    answer.int32(NO_THROTTLE);
    const ids = request.array(() => request.string());
    answer.array(ids, (id) => {
      const group = this.#group(id);
      answer.int16(KAFKA_ERROR.none).string(id).string(group.state).string("consumer").string("");
      answer.array(group.members, (member) => {
        answer.string(member.id).string("").string("").bytes(Buffer.alloc(0)).bytes(member.assignment);
      });
    });
    return true;
  }

  #commitOffsets(request: KafkaReader, answer: KafkaWriter): boolean {
    const group = this.#group(request.string());
    const [generation, memberId] = [request.int32(), request.string()];
    request.int64();
    const topics = readTopics(request, (partition) => {
      const offset = request.int64();
      request.string();
      return { partition, offset };
    });
    const offsets = topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partition, offset }) => [`${name}/${partition}`, offset] as const),
    );
    const before = offsets.map(([partition]) => group.offsetOf(partition));
    const error = group.commit(memberId, generation, new Map(offsets));
    if (error === KAFKA_ERROR.none) {
      for (const [i, [partition, offset]] of offsets.entries())
        this.#onCommit({ partition, offset, before: before[i] ?? -1 });
    }
    answer.int32(NO_THROTTLE);
    writeTopics(answer, topics, (_, { partition }) => answer.int32(partition).int16(error));
    return true;
  }

  #fetchOffsets(request: KafkaReader, answer: KafkaWriter): boolean {
    const group = this.#group(request.string());
    const topics = readTopics(request, (partition) => ({ partition }));
    answer.int32(NO_THROTTLE);
    writeTopics(answer, topics, (topic, { partition }) => {
      answer.int32(partition).int64(group.offsetOf(`${topic}/${partition}`));
      answer.string("").int16(KAFKA_ERROR.none);
    });
    answer.int16(KAFKA_ERROR.none);
    return true;
  }

  #group(id: string): KafkaGroup {
    const group = this.#groups.get(id) ?? new KafkaGroup();
    this.#groups.set(id, group);
    return group;
  }

  /** Resolves when something is produced, or after a time. */
  async #arrival(withinMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#arrivals.delete(done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      this.#arrivals.add(done);
    });
  }
}

interface TopicPart<P> {
  readonly name: string;
  readonly partitions: readonly P[];
}

/** Most requests name topics, and for each its partitions, each of which begins with its number. */
function readTopics<P>(request: KafkaReader, readPartition: (partition: number) => P): TopicPart<P>[] {
  return request.array(() => ({
    name: request.string(),
    partitions: request.array(() => readPartition(request.int32())),
  }));
}

function writeTopics<P>(
  answer: KafkaWriter,
  topics: readonly TopicPart<P>[],
  writePartition: (topic: string, partition: P) => void,
): void {
  answer.array(topics, ({ name, partitions }) => {
    answer.string(name).array(partitions, (partition) => {
      writePartition(name, partition);
    });
  });
}

function fetchError(log: KafkaPartition | undefined, offset: number): number {
  if (log === undefined) return KAFKA_ERROR.unknownTopicOrPartition;
  return offset < 0 || offset > log.end ? KAFKA_ERROR.offsetOutOfRange : KAFKA_ERROR.none;
}

function offsetFor(log: KafkaPartition | undefined, timestamp: number): number {
  if (log === undefined) return -1;
  if (timestamp === LATEST) return log.end;
  return timestamp === EARLIEST ? 0 : (log.offsetAt(timestamp) ?? -1);
}
