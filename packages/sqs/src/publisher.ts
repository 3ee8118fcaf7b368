// SPDX-License-Identifier: MIT
import {
  type AwsClient,
  type BatchPublishOptions,
  type Publisher,
  createBatchPublisher,
} from "@ledger-loader/core";
import { createQueueTransport } from "./queue-transport";

/** Where and how events are published. */
export interface SqsPublisherOptions extends BatchPublishOptions {
  readonly client: AwsClient;
  /** A FIFO queue's URL ends with `.fifo`: events of one record arrive in order. On others they arrive in any order. */
  readonly queueUrl: string;
  /** Bytes per batch at most, and so per message. Default: 1,048,576, SQS's own limit for both. */
  readonly batchBytesMax?: number;
}

const BATCH_BYTES_MAX = 1_048_576;

/**
 * Makes a publisher that sends events to an SQS queue, standard or FIFO, in batches of 10.
 *
 * On a FIFO queue the order within a group holds whatever fails. What SQS refuses for a while is sent again; an event that
 * it refuses for good holds back the later events of its group, all others are sent, and then `publish` throws
 * `EventsRefusedError` of core.
 */
export function createSqsPublisher(options: SqsPublisherOptions): Publisher {
  const { client, queueUrl, batchBytesMax = BATCH_BYTES_MAX } = options;
  const transport = createQueueTransport(client, queueUrl);
  return createBatchPublisher({ transport, fifo: queueUrl.endsWith(".fifo"), batchBytesMax }, options);
}
