// SPDX-License-Identifier: MIT
import {
  type AwsClient,
  Publication,
  type PublishReport,
  type Publisher,
  type RetryOptions,
  type RevisionEvent,
} from "@ledger-loader/core";
import { toEntry, type EventEntry } from "./event-entry";
import { putEntries } from "./put-entries";
import { DEFAULT_SOURCE } from "./rule-pattern";

/** Where and how events are published. */
export interface EventBridgePublisherOptions extends Partial<RetryOptions> {
  readonly client: AwsClient;
  /** Name or ARN. Absent: the account's default bus. */
  readonly eventBusName?: string;
  /** The entries' `Source`; rules match it. @defaultValue `"ledger-loader"` */
  readonly source?: string;
  /** True if events with neither version nor position are sent; see `EventBridgeOptions`. @defaultValue `false` */
  readonly allowUnordered?: boolean;
  /** Requests under way at once. @defaultValue `4` */
  readonly concurrency?: number;
  /**
   * Bytes per entry and per request, as EventBridge counts them.
   *
   * @defaultValue 1,048,575: less than 1 MB, AWS's limit since January 2026; it was 256 KB before
   */
  readonly requestBytesMax?: number;
}

/** `PutEvents` takes no more. */
const ENTRIES_MAX = 10;
const REQUEST_BYTES_MAX = 1_048_575;

/**
 * Makes a publisher that puts events on an EventBridge bus, each as an entry of its own.
 *
 * Of one record, the next event is put only once the one before was accepted. That spares version gaps but promises
 * nothing: the bus itself keeps no order. What EventBridge refuses for a while is put again; after an event that it
 * refuses for good, the later ones of the record are held back, all others are put, and `publish` throws
 * `EventsRefusedError` of core.
 */
export function createEventBridgePublisher(options: EventBridgePublisherOptions): Publisher {
  return {
    publish: (events, onProgress) => new PublishRun(options, new Publication(onProgress)).publish(events),
  };
}

/** One call of `publish`: gathers events of different records, puts them at once, then gathers the next. */
class PublishRun {
  readonly #options: EventBridgePublisherOptions;
  readonly #put: RetryOptions;
  readonly #publication: Publication;
  readonly #requestBytesMax: number;
  readonly #gatheredMax: number;
  #gathered: EventEntry[] = [];
  #lanes = new Set<string>();
  #retries = 0;

  constructor(options: EventBridgePublisherOptions, publication: Publication) {
    const {
      attemptsMax = 8,
      retryDelayMs = 100,
      concurrency = 4,
      requestBytesMax = REQUEST_BYTES_MAX,
    } = options;
    this.#options = options;
    this.#put = { attemptsMax, retryDelayMs };
    this.#requestBytesMax = requestBytesMax;
    this.#gatheredMax = concurrency * ENTRIES_MAX;
    this.#publication = publication;
  }

  async publish(events: AsyncIterable<RevisionEvent>): Promise<PublishReport> {
    const { source = DEFAULT_SOURCE, eventBusName } = this.#options;
    for await (const event of events) await this.#add(toEntry(event, source, eventBusName));
    await this.#flush();
    return this.#publication.end(this.#retries);
  }

  async #add(entry: EventEntry): Promise<void> {
    const { lane } = entry;
    // Only an event behind another one of its record, or too many at once, makes the others wait.
    if (this.#gathered.length >= this.#gatheredMax || (lane !== undefined && this.#lanes.has(lane)))
      await this.#flush();
    if (this.#publication.isClosed(lane)) {
      this.#publication.holdBack(entry.event);
      return;
    }
    const problem = this.#problemOf(entry);
    if (problem !== undefined) {
      this.#refuse(entry, problem);
      return;
    }
    this.#gathered.push(entry);
    if (lane !== undefined) this.#lanes.add(lane);
  }

  #problemOf({ event, bytes }: EventEntry): string | undefined {
    if (bytes > this.#requestBytesMax) return "EntryTooLarge";
    const isOrdered = event.version !== undefined || event.position !== undefined;
    return isOrdered || this.#options.allowUnordered === true ? undefined : "OrderUnknown";
  }

  #refuse({ event, lane, bytes }: EventEntry, code: string): void {
    this.#publication.refuse(event, { code, reason: `${bytes} bytes` }, lane);
  }

  async #flush(): Promise<void> {
    const requests = toRequests(this.#gathered, this.#requestBytesMax);
    this.#gathered = [];
    this.#lanes = new Set();
    const results = await Promise.allSettled(
      requests.map((request) => putEntries(this.#options.client, request, this.#put)),
    );
    for (const result of results) {
      if (result.status === "rejected") throw result.reason;
      this.#publication.accept(result.value.accepted.length);
      this.#retries += result.value.retries;
      for (const { entry, code } of result.value.refused) this.#refuse(entry, code);
    }
    if (requests.length > 0) this.#publication.tellProgress();
  }
}

/** Splits entries into requests of at most 10 and the size limit. */
function toRequests(entries: readonly EventEntry[], bytesMax: number): readonly EventEntry[][] {
  const requests: EventEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = requests.at(-1);
    bytes += entry.bytes;
    if (last !== undefined && last.length < ENTRIES_MAX && bytes <= bytesMax) {
      last.push(entry);
    } else {
      requests.push([entry]);
      bytes = entry.bytes;
    }
  }
  return requests;
}
