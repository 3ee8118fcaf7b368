// SPDX-License-Identifier: MIT
import {
  decodeMessage,
  requireOrder,
  throwIfFailed,
  type Delivery,
  type Loader,
  recordsOf,
} from "@ledger-loader/core";
import type { SNSEvent, SNSEventRecord } from "aws-lambda";

/** A Lambda function for an SNS subscription; assignable to the `SNSHandler` of `@types/aws-lambda`. */
export type SnsHandler = (event: SNSEvent) => Promise<void>;

/** How strictly events must bring their own order. */
export interface SnsHandlerOptions {
  /**
   * True if events with neither version nor position are loaded. SNS and Lambda deliver in any order and more than once:
   * such an event, delivered late or again, puts old content over new and inserts deleted records anew.
   *
   * @defaultValue `false`
   */
  readonly allowUnordered?: boolean;
}

/**
 * Loads revision events that an SNS topic hands to a Lambda function.
 *
 * The invocation is asynchronous: when the function throws, Lambda invokes it twice more and then drops the event, unless
 * the function has an on-failure destination, which MUST be set. Where nothing may be missed, put a queue between topic and
 * function. See docs/guides/load-from-sns.md.
 */
export function createSnsHandler(
  loader: Loader,
  { allowUnordered = false }: SnsHandlerOptions = {},
): SnsHandler {
  return async (event) => {
    const records = recordsOf(event, "SNS");
    const deliveries = records.map((record) => toDelivery(record, allowUnordered));
    throwIfFailed(await loader.load(deliveries, { onFailure: "continue" }));
  };
}

function toDelivery({ Sns }: SNSEventRecord, allowUnordered: boolean): Delivery {
  const sentAtMs = Date.parse(Sns.Timestamp);
  return {
    deliveryId: Sns.MessageId,
    body: Sns.Message,
    origin: `${Sns.TopicArn.slice(Sns.TopicArn.lastIndexOf(":") + 1)}/${Sns.MessageId}`,
    sentAtMs: Number.isFinite(sentAtMs) ? sentAtMs : undefined,
    // Decoded by the loader, so that one bad message fails one delivery.
    decode: (read) => {
      const content = decodeMessage(Sns.Message, read);
      return allowUnordered ? content : requireOrder(content, "SNS");
    },
  };
}
