// SPDX-License-Identifier: MIT
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Logger } from "@ledger-loader/core";
import type { SQSRecord } from "aws-lambda";
import { changeVisibility, nameOf, type CalledQueue } from "./queue-calls";
import { ASSUMED_RETRIES, soonerSeconds, type QueueRetries } from "./retry-delay";

/** The parts that bring failed messages back sooner. */
export interface SoonerRetriesOptions {
  readonly client: SQSClient;
  readonly queueUrlOf: (queueArn: string) => string;
  readonly logger: Logger;
}

/**
 * Has failed messages of a function come back after 10, 20, 40 … seconds.
 *
 * Lambda leaves a failed message invisible until the queue's visibility time-out is over, which is six times the function's
 * time-out. Messages of one FIFO group get one pause in one call, so the group comes back whole and in order.
 */
export class SoonerRetries {
  readonly #options: SoonerRetriesOptions;
  readonly #settings = new Map<string, QueueRetries>();

  constructor(options: SoonerRetriesOptions) {
    this.#options = options;
  }

  /** Shortens the time until the messages come back. Never rejects: without it they come back when the time-out is over. */
  async release(records: readonly SQSRecord[]): Promise<void> {
    const queues = new Set(records.map(({ eventSourceARN }) => eventSourceARN));
    for (const arn of queues) {
      await this.#releaseInto(
        arn,
        records.filter(({ eventSourceARN }) => eventSourceARN === arn),
      );
    }
  }

  async #releaseInto(queueArn: string, records: readonly SQSRecord[]): Promise<void> {
    const { client, queueUrlOf, logger } = this.#options;
    const queue = { client, queueUrl: queueUrlOf(queueArn), logger };
    const receives = receivesByGroup(records);
    const settings = await this.#settingsOf(queue);
    const secondsOf = (record: SQSRecord): number | undefined =>
      soonerSeconds(receives.get(groupOf(record)) ?? 1, settings);
    const sooner = records.filter((record) => secondsOf(record) !== undefined);
    await changeVisibility(queue, sooner, (record) => secondsOf(record) ?? 0);
  }

  /** Read once; a queue that cannot be asked now is asked again after the next failure. */
  async #settingsOf(queue: CalledQueue): Promise<QueueRetries> {
    const known = this.#settings.get(queue.queueUrl);
    if (known !== undefined) return known;
    try {
      const settings = await readSettings(queue);
      this.#settings.set(queue.queueUrl, settings);
      return settings;
    } catch (error) {
      queue.logger.warn({ error: nameOf(error) }, "settings of the queue not read");
      return ASSUMED_RETRIES;
    }
  }
}

async function readSettings({ client, queueUrl }: CalledQueue): Promise<QueueRetries> {
  const { Attributes: found = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ["VisibilityTimeout", "RedrivePolicy"],
    }),
  );
  const { maxReceiveCount } = JSON.parse(found.RedrivePolicy ?? "{}") as {
    readonly maxReceiveCount?: number | string;
  };
  return {
    visibilityTimeoutSeconds: Number(found.VisibilityTimeout ?? ASSUMED_RETRIES.visibilityTimeoutSeconds),
    receivesMax: maxReceiveCount === undefined ? Infinity : Number(maxReceiveCount),
  };
}

/** A group counts as often as that of its messages that was received most often: none of them may run out of receives early. */
function receivesByGroup(records: readonly SQSRecord[]): ReadonlyMap<string, number> {
  const receives = new Map<string, number>();
  for (const record of records) {
    const group = groupOf(record);
    const own = Number(record.attributes.ApproximateReceiveCount);
    receives.set(group, Math.max(own, receives.get(group) ?? 1));
  }
  return receives;
}

/** Only a FIFO queue keeps a group together. */
function groupOf({ eventSourceARN, messageId, attributes }: SQSRecord): string {
  return eventSourceARN.endsWith(".fifo") ? (attributes.MessageGroupId ?? messageId) : messageId;
}

/** The URL of a queue as AWS makes it from the parts of its ARN. */
export function queueUrlOf(queueArn: string): string {
  const [, partition, , region = "", account = "", name = ""] = queueArn.split(":");
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return `https://sqs.${region}.${suffix}/${account}/${name}`;
}
