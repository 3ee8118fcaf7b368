// SPDX-License-Identifier: MIT
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { BatchTransport } from "@ledger-loader/core";

/** Sends batches to a queue. */
export function createQueueTransport(client: SQSClient, queueUrl: string): BatchTransport {
  return {
    destination: `queue ${queueUrl}`,
    send: (batch) => {
      const Entries = batch.map(({ body, fifo }, index) => ({
        Id: String(index),
        MessageBody: body,
        ...(fifo && { MessageGroupId: fifo.groupId, MessageDeduplicationId: fifo.deduplicationId }),
      }));
      return client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    },
  };
}
