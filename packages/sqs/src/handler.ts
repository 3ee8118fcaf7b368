// SPDX-License-Identifier: MIT
import type { SQSClient } from "@aws-sdk/client-sqs";
import {
  type Delivery,
  LedgerUnavailableError,
  type LoadReport,
  type Loader,
  type Logger,
  ReceiptsUnwrittenError,
  recordsOf,
  silentLogger,
} from "@ledger-loader/core";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { SoonerRetries, queueUrlOf } from "./sooner-retries";
import { toDelivery } from "./to-delivery";

/** How long an invocation may still run: as much of Lambda's context as is needed. */
export type RemainingTime = Pick<Context, "getRemainingTimeInMillis">;

/** A Lambda function for an SQS event source; assignable to the `SQSHandler` of `@types/aws-lambda`. */
export type SqsHandler = (event: SQSEvent, context?: RemainingTime) => Promise<SQSBatchResponse>;

/** How failed messages come back. */
export interface SqsHandlerOptions {
  /**
   * Has failed messages come back after 10, 20, 40 … seconds, those of an invocation that Lambda ends for its time-out
   * included. The function's role needs `sqs:ChangeMessageVisibility`, and `sqs:GetQueueAttributes`, which Lambda needs
   * anyway. Without a client, they come back when the queue's visibility time-out is over.
   */
  readonly client?: SQSClient;
  /** @defaultValue the URL that AWS makes from the parts of the ARN */
  readonly queueUrlOf?: (queueArn: string) => string;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
}

/**
 * Loads revision events from an SQS queue, standard or FIFO, sent to it directly or by an SNS topic.
 *
 * Failed messages go back to the queue one by one, so the event source mapping MUST set `ReportBatchItemFailures`:
 * without it Lambda deletes them. See docs/guides/load-from-sqs.md.
 */
export function createSqsHandler(loader: Loader, options: SqsHandlerOptions = {}): SqsHandler {
  const retries = soonerRetries(options);
  return async (event, context) => {
    const records = recordsOf(event, "SQS");
    const watch = releaseBeforeTheEnd(records, retries, context);
    const report = await loadOrRelease(loader, records, retries).finally(() => {
      clearTimeout(watch);
    });
    const failed = new Set(report.failed.map(({ deliveryId }) => deliveryId));
    await retries?.release(records.filter(({ messageId }) => failed.has(messageId)));
    return { batchItemFailures: report.failed.map(({ deliveryId }) => ({ itemIdentifier: deliveryId })) };
  };
}

function soonerRetries(options: SqsHandlerOptions): SoonerRetries | undefined {
  const { client, logger = silentLogger } = options;
  if (client === undefined) return undefined;
  return new SoonerRetries({ client, logger, queueUrlOf: options.queueUrlOf ?? queueUrlOf });
}

/** Shorter than the shortest pause of a message, so that none comes back before Lambda has ended the invocation. */
const BEFORE_THE_END_MS = 5_000;

/**
 * Releases the messages of an invocation that is about to be ended: nobody can do so afterwards, and they would come back
 * when the visibility time-out is over. An invocation that still ends in time has Lambda delete what was loaded, as ever.
 */
function releaseBeforeTheEnd(
  records: readonly SQSRecord[],
  retries: SoonerRetries | undefined,
  context: RemainingTime | undefined,
): NodeJS.Timeout | undefined {
  if (retries === undefined || context === undefined) return undefined;
  const leftMs = context.getRemainingTimeInMillis();
  const margin = Math.min(BEFORE_THE_END_MS, leftMs / 2);
  return setTimeout(() => void retries.release(records), leftMs - margin);
}

/** In an outage of the ledger all messages come back, as soon as after any other failure. */
async function loadOrRelease(
  loader: Loader,
  records: readonly SQSRecord[],
  retries: SoonerRetries | undefined,
): Promise<LoadReport> {
  try {
    return await loader.load(records.map(fromRecord), { onFailure: "block-group" });
  } catch (error) {
    const mayPass = error instanceof LedgerUnavailableError || error instanceof ReceiptsUnwrittenError;
    if (mayPass) await retries?.release(records);
    throw error;
  }
}

function fromRecord({ messageId, body, eventSourceARN, attributes }: SQSRecord): Delivery {
  const queueName = eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
  return toDelivery({ messageId, body, queueName, attributes });
}
