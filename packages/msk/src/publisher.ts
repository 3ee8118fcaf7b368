// SPDX-License-Identifier: MIT
import {
  Publication,
  type PublishReport,
  type Publisher,
  type RevisionEvent,
  encodeEvent,
  orderingKey,
} from "@ledger-loader/core";
import { CompressionTypes, Partitioners, type Kafka, type Producer } from "kafkajs";
import { explainKafka, requireTopic } from "./client";
import { causesOf, typeOf } from "./errors";

/** Where and how events are published. */
export interface KafkaPublisherOptions {
  readonly client: Kafka;
  readonly topic: string;
  /**
   * Lets the brokers recognize a request that is repeated because its answer was lost. It needs the right to
   * `IdempotentWrite` (IAM: `kafka-cluster:WriteDataIdempotently`). Without it, such a request is in the topic twice:
   * harmless for events with versions. Default: `true`.
   */
  readonly idempotent?: boolean;
  /** Compresses requests; every Kafka consumer reads both. Default: `none`. */
  readonly compression?: "none" | "gzip";
  /** Bytes per request at most, and so per event, before compression. Default: 900,000, below Kafka's own 1 MiB. */
  readonly batchBytesMax?: number;
  /** Events per request at most. Default: 1,000. */
  readonly batchSizeMax?: number;
  /** How often a request is repeated at most. Default: 10, about two minutes. */
  readonly retriesMax?: number;
  /** Pause before the first repetition, in milliseconds; it doubles each time. Default: 300. */
  readonly retryDelayMs?: number;
}

/** A publisher that keeps its connection from one call to the next. */
export interface KafkaPublisher extends Publisher {
  /** Ends the connection. */
  close(): Promise<void>;
}

interface EventMessage {
  readonly event: RevisionEvent;
  /** Absent for an event without id and group, which has no order. */
  readonly key: string | undefined;
  readonly value: string;
  readonly bytes: number;
}

/** Kafka refuses these however often they are sent. */
const REFUSALS = new Set(["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE", "INVALID_RECORD"]);
/** Room for a record's length, attributes, deltas and an empty header list. */
const RECORD_OVERHEAD_BYTES = 100;
const BATCH_BYTES_MAX = 900_000;

/**
 * Makes a publisher that sends events to a topic, keyed by record, so that each record's events stand in one partition
 * in their order.
 *
 * A request is sent once the one before it was accepted by all in-sync replicas (`acks=all`), so a repeated request
 * overtakes nothing. What the topic refuses for good holds back the later events with its key; the others are sent, and then `publish` throws
 * `EventsRefusedError` of core.
 */
export function createKafkaPublisher(options: KafkaPublisherOptions): KafkaPublisher {
  const { client, topic, idempotent = true, retriesMax = 10, retryDelayMs = 300 } = options;
  const producer = client.producer({
    idempotent,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    // Java's: the same key goes to the same partition, whoever sends it.
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: retriesMax, initialRetryTime: retryDelayMs },
  });
  let connected: Promise<void> | undefined;
  const connect = async (): Promise<void> => {
    await requireTopic(client, topic);
    await producer.connect();
  };
  return {
    publish: async (events, onProgress) => {
      connected ??= connect();
      await connected.catch((error: unknown) => {
        connected = undefined;
        throw explainKafka(error, `connect to the topic ${topic}`);
      });
      return new PublishRun(producer, options, new Publication(onProgress)).publish(events);
    },
    close: () => producer.disconnect(),
  };
}

/** One call of `publish`. */
class PublishRun {
  readonly #producer: Producer;
  readonly #options: KafkaPublisherOptions;
  readonly #publication: Publication;
  #retries = 0;

  constructor(producer: Producer, options: KafkaPublisherOptions, publication: Publication) {
    this.#producer = producer;
    this.#options = options;
    this.#publication = publication;
  }

  async publish(events: AsyncIterable<RevisionEvent>): Promise<PublishReport> {
    const { batchBytesMax = BATCH_BYTES_MAX, batchSizeMax = 1_000 } = this.#options;
    let batch: EventMessage[] = [];
    let bytes = 0;
    for await (const event of events) {
      const message = toMessage(event);
      if (batch.length === batchSizeMax || (batch.length > 0 && bytes + message.bytes > batchBytesMax)) {
        await this.#send(batch);
        batch = [];
        bytes = 0;
      }
      if (this.#isHeldBack(message)) continue;
      if (message.bytes > batchBytesMax) {
        this.#refuse(message, "MESSAGE_TOO_LARGE");
        continue;
      }
      batch.push(message);
      bytes += message.bytes;
    }
    await this.#send(batch);
    return this.#publication.end(this.#retries);
  }

  /** Sends a batch; one that is refused is sent in halves, in order, until the event is found that is to blame. */
  async #send(batch: readonly EventMessage[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const refusal = await this.#trySend(batch);
    if (refusal === undefined) {
      this.#publication.accept(batch.length);
      this.#publication.tellProgress();
      return;
    }
    if (batch.length === 1) {
      this.#refuse(first, refusal);
      return;
    }
    this.#retries += 1;
    const middle = Math.ceil(batch.length / 2);
    await this.#send(batch.slice(0, middle));
    await this.#send(batch.slice(middle).filter((message) => !this.#isHeldBack(message)));
  }

  /** Returns the reason if the batch was refused for good. */
  async #trySend(batch: readonly EventMessage[]): Promise<string | undefined> {
    const { topic, compression = "none" } = this.#options;
    const stopCounting = this.#countRepeatedRequests();
    try {
      await this.#producer.send({
        topic,
        acks: ALL_IN_SYNC_REPLICAS,
        compression: compression === "gzip" ? CompressionTypes.GZIP : CompressionTypes.None,
        messages: batch.map(({ key, value }) => ({ key: key ?? null, value })),
      });
      return undefined;
    } catch (error) {
      const refusal = causesOf(error)
        .map(typeOf)
        .find((type) => type !== undefined && REFUSALS.has(type));
      if (refusal === undefined) throw explainKafka(error, `send events to the topic ${topic}`);
      return refusal;
    } finally {
      stopCounting();
    }
  }

  /** KafkaJS repeats requests by itself and tells of those that were answered or timed out, not of lost connections. */
  #countRepeatedRequests(): () => void {
    const asked = new Set<string>();
    const count = ({ payload }: { payload: { apiName: string; broker: string } }): void => {
      if (payload.apiName !== "Produce") return;
      if (asked.has(payload.broker)) this.#retries += 1;
      asked.add(payload.broker);
    };
    const { REQUEST, REQUEST_TIMEOUT } = this.#producer.events;
    const removers = [this.#producer.on(REQUEST, count), this.#producer.on(REQUEST_TIMEOUT, count)];
    return () => {
      for (const remove of removers) remove();
    };
  }

  #refuse({ event, key, bytes }: EventMessage, code: string): void {
    this.#publication.refuse(event, { code, reason: `${bytes} bytes` }, key);
  }

  #isHeldBack({ event, key }: EventMessage): boolean {
    const isHeldBack = this.#publication.isClosed(key);
    if (isHeldBack) this.#publication.holdBack(event);
    return isHeldBack;
  }
}

const ALL_IN_SYNC_REPLICAS = -1;

function toMessage(event: RevisionEvent): EventMessage {
  const value = encodeEvent(event);
  const key = orderingKey(event);
  const bytes = Buffer.byteLength(value) + (key?.length ?? 0) + RECORD_OVERHEAD_BYTES;
  return { event, key, value, bytes };
}
