// SPDX-License-Identifier: MIT
import type { SQSClient } from "@aws-sdk/client-sqs";
import {
  type AwsClient,
  ConfigurationError,
  type Consumer,
  type Delivery,
  type LoadReport,
  type Loader,
  type Logger,
  type Metrics,
  type OutageOptions,
  noMetrics,
  retryOutages,
  silentLogger,
} from "@ledger-loader/core";
import { Heartbeat } from "./heartbeat";
import { QueueReader, type HeldMessage } from "./queue-reader";
import { RETRY_DELAY_SECONDS, backoffSeconds } from "./retry-delay";
import { toDelivery } from "./to-delivery";

/** Which queue is consumed, and how much of it at once. */
export interface SqsConsumerOptions {
  readonly client: AwsClient;
  /** Consumers of several queues, in several regions too, may share a loader. */
  readonly queueUrl: string;
  readonly loader: Loader;
  /** Batches under way at once; nothing is received beyond them. Default: 4. */
  readonly concurrency?: number;
  /** Messages per batch at most, from 1; more than 10 take several calls. Default: 40. */
  readonly batchSizeMax?: number;
  /** How long an empty queue is waited at, in seconds, from 0 to 20, and so how long stopping may take. Default: 10. */
  readonly waitSeconds?: number;
  /**
   * How long nobody else gets a message after a sign of life, in seconds, from 3: after a crash it comes back then. It is
   * prolonged while the message is being loaded. Default: 60.
   */
  readonly visibilityTimeoutSeconds?: number;
  /**
   * When a failed message comes back after it was first received, in seconds; the time doubles with each further receive, up
   * to 900. Default: 10.
   */
  readonly retryDelaySeconds?: number;
  /** How an outage of the ledger is waited out. */
  readonly outage?: Pick<OutageOptions, "delayMs" | "delayMaxMs">;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
  /** @defaultValue nobody looks at them */
  readonly metrics?: Metrics;
}

const CONCURRENCY = 4;
const BATCH_SIZE_MAX = 40;
const WAIT_SECONDS = 10;
const VISIBILITY_TIMEOUT_SECONDS = 60;
/** Two signs of life may get lost before the timeout is over. */
const VISIBILITY_TIMEOUT_MIN_SECONDS = 3;
const RETRY_DELAY_MAX_SECONDS = 900;

/**
 * Makes a worker that loads revision events from an SQS queue, standard or FIFO, sent to it directly or by an SNS topic.
 *
 * A message is deleted only after its events are in the ledger, or were found there. One that failed comes back later, on
 * a FIFO queue with the later ones of its group, until the queue's `RedrivePolicy` moves it away. While the ledger does not
 * answer, the batches under way wait and stay invisible: an outage costs no receive, and so parks nothing.
 *
 * Once `run` is told to stop, what cannot be loaded then is visible again at once. A call that waits at an empty queue is not
 * broken off: SQS could have handed out messages already, which nobody would get before their visibility timeout is over.
 *
 * @throws ConfigurationError for settings that SQS would refuse. `run` throws what SQS says of a queue that is not there, and
 *   what a broken loader throws, after the other batches have ended.
 */
export function createSqsConsumer(options: SqsConsumerOptions): Consumer {
  const problems = problemsOf(options);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { run: (signal) => new Consumption(options, signal).run() };
}

function problemsOf({ visibilityTimeoutSeconds, waitSeconds, batchSizeMax }: SqsConsumerOptions): string[] {
  const problems: string[] = [];
  const timeout = visibilityTimeoutSeconds ?? VISIBILITY_TIMEOUT_SECONDS;
  if (timeout < VISIBILITY_TIMEOUT_MIN_SECONDS || timeout > 43_200) {
    problems.push(`visibilityTimeoutSeconds: expected 3 to 43200, found ${timeout}`);
  }
  const wait = waitSeconds ?? WAIT_SECONDS;
  if (wait < 0 || wait > 20) problems.push(`waitSeconds: expected 0 to 20, found ${wait}`);
  const size = batchSizeMax ?? BATCH_SIZE_MAX;
  if (!Number.isInteger(size) || size < 1) problems.push(`batchSizeMax: expected 1 or more, found ${size}`);
  return problems;
}

/** One call of `run`. */
class Consumption {
  readonly #signal: AbortSignal;
  /** Raised together with the caller's signal, and when one of the pollers failed. */
  readonly #stop = new AbortController();
  readonly #loader: Loader;
  readonly #reader: QueueReader;
  readonly #queueName: string;
  readonly #concurrency: number;
  readonly #visibilityTimeoutSeconds: number;
  readonly #retryDelaySeconds: number;

  constructor(options: SqsConsumerOptions, signal: AbortSignal) {
    const { loader, logger = silentLogger, metrics = noMetrics } = options;
    this.#signal = signal;
    this.#loader = retryOutages(loader, { ...options.outage, logger, metrics });
    this.#queueName = options.queueUrl.slice(options.queueUrl.lastIndexOf("/") + 1);
    this.#concurrency = options.concurrency ?? CONCURRENCY;
    this.#visibilityTimeoutSeconds = options.visibilityTimeoutSeconds ?? VISIBILITY_TIMEOUT_SECONDS;
    this.#retryDelaySeconds = options.retryDelaySeconds ?? RETRY_DELAY_SECONDS;
    this.#reader = new QueueReader({
      client: options.client as SQSClient,
      queueUrl: options.queueUrl,
      batchSizeMax: options.batchSizeMax ?? BATCH_SIZE_MAX,
      waitSeconds: options.waitSeconds ?? WAIT_SECONDS,
      visibilityTimeoutSeconds: this.#visibilityTimeoutSeconds,
      logger,
    });
  }

  async run(): Promise<void> {
    const stop = (): void => {
      this.#stop.abort();
    };
    if (this.#signal.aborted) return;
    this.#signal.addEventListener("abort", stop);
    try {
      const pollers = Array.from({ length: this.#concurrency }, () => this.#poll());
      const failure = (await Promise.allSettled(pollers)).find((result) => result.status === "rejected");
      if (failure !== undefined) throw failure.reason;
    } finally {
      this.#signal.removeEventListener("abort", stop);
    }
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stop;
    try {
      while (!signal.aborted) {
        const batch = await this.#reader.receive(signal);
        if (batch.length > 0) await this.#load(batch);
      }
    } catch (error) {
      this.#stop.abort();
      throw error;
    }
  }

  async #load(batch: readonly HeldMessage[]): Promise<void> {
    const heartbeat = Heartbeat.start(this.#visibilityTimeoutSeconds, () => this.#reader.hold(batch));
    let report: LoadReport;
    try {
      report = await this.#loader.load(
        batch.map((message) => this.#toDelivery(message)),
        { onFailure: "block-group", signal: this.#stop.signal },
      );
    } catch (error) {
      await heartbeat.stop();
      await this.#reader.release(batch, () => 0);
      // Stopped while the ledger was away: nobody's fault, and all of it comes back.
      if (this.#stop.signal.aborted) return;
      throw error;
    }
    // Before anything is released: a sign of life that comes late would hold it again.
    await heartbeat.stop();
    await this.#settle(batch, report);
  }

  async #settle(batch: readonly HeldMessage[], report: LoadReport): Promise<void> {
    const failedIds = new Set(report.failed.map(({ deliveryId }) => deliveryId));
    const isFailed = ({ messageId }: HeldMessage): boolean => failedIds.has(messageId);
    await this.#reader.delete(batch.filter((message) => !isFailed(message)));
    await this.#reader.release(batch.filter(isFailed), (message) => this.#delayOf(message));
  }

  #toDelivery({ messageId, body, attributes }: HeldMessage): Delivery {
    return toDelivery({ messageId, body, queueName: this.#queueName, attributes });
  }

  /** The more often a message has failed, the longer it stays away: what it waits for may take its time. */
  #delayOf({ attributes }: HeldMessage): number {
    const receives = Number(attributes.ApproximateReceiveCount ?? 1);
    return backoffSeconds(receives, this.#retryDelaySeconds, RETRY_DELAY_MAX_SECONDS);
  }
}
