// SPDX-License-Identifier: MIT
import { PublishBatchCommand, type SNSClient } from "@aws-sdk/client-sns";
import {
  type AwsClient,
  type BatchPublishOptions,
  type BatchTransport,
  type Publisher,
  createBatchPublisher,
} from "@ledger-loader/core";

/** Where and how events are published. */
export interface SnsPublisherOptions extends BatchPublishOptions {
  readonly client: AwsClient;
  /** A FIFO topic's ARN ends with `.fifo`: events of one record stay in order. On others they arrive in any order. */
  readonly topicArn: string;
  /**
   * Bytes per batch at most, and so per message. Default: 262,144, which every topic takes; more, up to 1,048,576, where the
   * topic's `MaximumMessageSize` was raised.
   */
  readonly batchBytesMax?: number;
}

const BATCH_BYTES_MAX = 262_144;

/**
 * Makes a publisher that publishes events to an SNS topic, standard or FIFO, in batches of 10.
 *
 * On a FIFO topic the order within a group holds whatever fails. What SNS refuses for a while is published again; an event
 * that it refuses for good holds back the later events of its group, all others are published, and then `publish` throws
 * `EventsRefusedError` of core.
 */
export function createSnsPublisher(options: SnsPublisherOptions): Publisher {
  const { client, topicArn, batchBytesMax = BATCH_BYTES_MAX } = options;
  const transport = createTopicTransport(client, topicArn);
  return createBatchPublisher({ transport, fifo: topicArn.endsWith(".fifo"), batchBytesMax }, options);
}

function createTopicTransport(client: AwsClient, topicArn: string): BatchTransport {
  return {
    destination: `topic ${topicArn}`,
    send: (batch) => {
      const entries = batch.map(({ body, fifo }, index) => ({
        Id: String(index),
        Message: body,
        ...(fifo && { MessageGroupId: fifo.groupId, MessageDeduplicationId: fifo.deduplicationId }),
      }));
      return (client as SNSClient).send(
        new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: entries }),
      );
    },
  };
}
