// SPDX-License-Identifier: MIT
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { AwsClient, BatchTransport } from "@ledger-loader/core";

/** Sends batches to a queue. */
export function createQueueTransport(client: AwsClient, queueUrl: string): BatchTransport {
  return {
    destination: `queue ${queueUrl}`,
    send: (batch) => {
      const Entries = batch.map(({ body, fifo }, index) => ({
        Id: String(index),
        MessageBody: body,
        ...(fifo && { MessageGroupId: fifo.groupId, MessageDeduplicationId: fifo.deduplicationId }),
      }));
      return (client as SQSClient).send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    },
  };
}
